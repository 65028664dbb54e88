//! Tags and notes on passages and sections: model, codebook, selectors, history, journal, store.

pub mod codebook;
pub mod model;
pub mod selector;

pub use codebook::{Codebook, CodebookError, Resolved, Tag};
pub use model::{Annotation, AnnotationId, Edit, Scope, Target};
pub use selector::Selector;
