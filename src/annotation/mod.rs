//! Tags and notes on passages and sections: model, codebook, selectors, history, journal, store.

pub mod anchor;
pub mod codebook;
pub mod edit;
pub mod identity;
pub mod merge;
pub mod model;
pub mod placed;
pub mod selector;
pub mod storage;
pub mod store;

pub use anchor::Anchor;
pub use codebook::{Codebook, CodebookError, Resolved, Tag};
pub use edit::{Action, EditError};
pub use identity::SpeechHash;
pub use model::{Annotation, AnnotationId, Edit, Scope, Target};
pub use placed::{Placed, Placements};
pub use selector::Selector;
pub use store::{Notice, Place, Store, StoreError};
