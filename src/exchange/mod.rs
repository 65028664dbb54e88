//! Annotations and codebooks to and from other programs, one file a format.
