//! Tags and notes on passages and sections: model, codebook, selectors, history, journal, store.
