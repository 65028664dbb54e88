//! Front matter: what a speech says about itself before and after its text.
//!
//! Title and date are in [`Metadata`](super::Metadata); here are the other fields: subtitle, speaker
//! and office, occasion, place, document number, addressees, signature. They stand in the lines of the
//! head (between the start of the file and the body), in the title itself, in a subtitle under it, in
//! labelled lines (`地点：…`), in the front block of a Markdown file, in a note that says whose speech it
//! is, and below the text.

mod block;
mod field;
mod head_line;
mod label;
mod line_text;
mod note;
mod number;
mod occasion;
mod organ;
mod person;
mod reader;
mod signature;
mod title;

pub use field::{FrontField, FrontMatter};

pub(super) use block::FrontBlock;
pub(super) use head_line::{HeadLineKind, is_addressing, is_lead_in};
pub(super) use label::{LabelKind, may_begin_label};
pub(super) use line_text::LineText;
pub(super) use note::may_hold_note;
pub(super) use number::number_of_title;
pub(super) use reader::FrontReader;
pub(super) use signature::{Signature, SignatureLine, find_signature};
pub(super) use title::{TitleLine, bare_site_name, complete_title, pick_title};
