//! Tags and notes on passages and sections: model, codebook, selectors, history, journal, store.

pub mod agreement;
pub mod anchor;
pub mod codebook;
pub mod edit;
pub mod identity;
mod journal;
pub mod merge;
pub mod model;
pub mod placed;
pub mod placements;
pub mod review;
pub mod selector;
pub mod session;
pub mod storage;
pub mod store;
mod watch;
pub mod writer;

pub use anchor::Anchor;
pub use codebook::{Codebook, CodebookError, Resolved, Tag};
pub use edit::{Action, ActionKind, EditError};
pub use identity::SpeechHash;
pub use model::{Annotation, AnnotationId, Edit, Scope, Target};
pub use placed::Placed;
pub use placements::Placements;
pub use selector::Selector;
pub use session::{News, Saving, Session, SessionId};
pub use store::{Notice, Place, Store, StoreError};
pub use writer::{Answer, Event, Sharing, Writer};
