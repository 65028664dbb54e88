//! Tags and notes on passages and sections of a text, and on the whole of it: model, codebook, anchoring, merging, store.
//!
//! - [`model`], [`selector`], [`codebook`]: the data: an [`Annotation`] has tags of the
//!   [`Codebook`], a note, and a [`Selector`] that describes its place.
//! - [`anchor`]: finds the place again in a changed text; [`AnchorIndex`] holds the annotations of
//!   an open document by place, [`review`] those whose place is uncertain.
//! - [`edit`]: plans an [`Edit`] as changes that can be undone; [`merge`]: three-way merge.
//! - [`store`]: one file per speech, replaced atomically; edits go to a journal first and are
//!   checkpointed into the store by the saving thread ([`StoreWriter`]), for [`Session`]s.
//! - [`agreement`]: inter-coder agreement.
//!
//! ```
//! use pizhu_annotation::{AnchorStatus, Edit, Store, StoreLocation, TagRef, Target};
//! use pizhu_text::document::{Hints, parse};
//! use pizhu_text::text::{SourceText, Span};
//!
//! let dir = tempfile::tempdir().unwrap();
//! let store = Store::new(StoreLocation::from_dir(&dir.path().join("store")), dir.path().join("state"));
//! let path = dir.path().join("讲话.txt");
//!
//! // Tag 抓好人才工作 …
//! let text = parse(SourceText::from("今年要抓好人才工作，把短板补起来。"), &Hints::default());
//! let edit = Edit::Tag { target: Target::Passage(Span::new(3, 9)), tags: vec![TagRef::new("人才工作")] };
//! store.apply(&text, &path, "甲", vec![edit])?;
//!
//! // … and find it again after the text was edited.
//! let edited = parse(SourceText::from("同志们：今年要抓好人才工作，把短板补起来。"), &Hints::default());
//! let (annotations, _) = store.annotations(&edited, &path)?;
//! assert_eq!(annotations[0].status, AnchorStatus::Moved);
//! assert_eq!(annotations[0].span, Some(Span::new(7, 13)));
//! # Ok::<(), pizhu_annotation::StoreError>(())
//! ```

pub mod agreement;
pub mod anchor;
pub mod anchor_index;
pub mod anchored;
pub mod attribute;
pub mod attribute_type;
pub mod basket;
pub mod codebook;
mod done;
pub mod edit;
mod exported_record;
mod favourite;
mod history;
pub mod identity;
mod journal;
mod memo;
mod mended_section;
pub mod merge;
pub mod model;
mod open_session;
pub mod outline_edit;
mod outline_plan;
pub mod path_name;
mod project_session;
mod protocol;
mod record;
mod record_change;
mod record_merge;
pub mod review;
pub mod selector;
pub mod session;
pub mod sketch;
pub mod storage;
pub mod store;
mod tag_set;
mod watch;
pub mod writer;

pub use anchor::AnchorStatus;
pub use anchor_index::AnchorIndex;
pub use anchored::AnchoredAnnotation;
pub use attribute_type::AttributeType;
pub use basket::{Basket, BasketEdit, BasketEntry, BasketError, BasketItem, BasketList, BasketName, BasketPassage};
pub use codebook::{
    Codebook, CodebookChange, CodebookError, MAX_TAG_LEVELS, TAG_KEYS, Tag, TagId, TagLookup, TagRef, TagTombstone, UnitedTags,
};
pub use edit::{Action, ActionKind, EditError};
pub use exported_record::ExportedRecord;
pub use history::RestoreScope;
pub use identity::SpeechHash;
pub use memo::{MEMO_KINDS, Memo, MemoSubject, NotedPlace};
pub use model::{Annotation, AnnotationId, Edit, Scope, Target};
pub use outline_edit::{OutlineEdits, PlacedOutlineEdit};
pub use outline_plan::{OutlinePlan, OutlineRequest, OutlineState};
pub use pizhu_text::document::OutlineChange;
pub use project_session::{ProjectEdit, ProjectSession};
pub use protocol::{CodebookEditFn, CopyLink, SessionId, SessionOutline, WriterEvent, WriterReply};
pub use record::{Record, RecordEntry, RecordId, RecordMap, RecordSet};
pub use record_change::RecordChange;
pub use selector::Selector;
pub use session::{RestoredState, SaveState, Session, SessionEvent};
pub use store::{Store, StoreError, StoreLocation, StoreWarning};
pub use tag_set::TagSet;
pub use writer::StoreWriter;
