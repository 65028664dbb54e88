//! Many speeches: catalogue, reading state, search across, built-in samples.
