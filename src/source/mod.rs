//! Files into text and hints, one file a format.
