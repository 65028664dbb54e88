//! Which speeches there are under some folders, and what each is called.
//!
//! A scan runs on threads of its own and tells what it finds in batches: first the files, sorted
//! within their folder, then what was read in them. What was read is cached in one flat file for
//! each set of folders and holds as long as a file's size and time of change stay the same, so
//! that a second scan reads nothing but the folders.
//!
//! Hidden files and folders are left out (`.pizhu` among them), and so is what a `.gitignore`
//! names; links to folders are not followed.

mod cache;
mod scan;

pub use cache::{first_items, name_of_roots};
pub use scan::{Event, Scan, Summary};

use super::digest::Stamp;
use pizhu_annotation::SpeechHash;
use pizhu_text::text::Encoding;
use std::{path::PathBuf, sync::Arc};

/// One speech of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its file.
    pub path: PathBuf,
    /// The file's size in bytes.
    pub size: u64,
    /// When the file was last changed, in nanoseconds since 1970; 0 where the system cannot say.
    pub modified: i128,
    /// What it is known again by, as it stands now.
    pub stamp: Stamp,
    /// What was read in it; `None` until it is.
    pub facts: Option<Arc<Facts>>,
}

/// What was read in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The speech's title; `None` where it gives none.
    pub title: Option<String>,
    /// Its date as YYYY-MM-DD; `None` where it gives none.
    pub date: Option<String>,
    /// What it was decoded as; `None` where it is no text.
    pub encoding: Option<Encoding>,
    /// Its length in chars, where all of it was read (see [`crate::source::Reading`]).
    pub chars: Option<usize>,
    /// Its hash, likewise.
    pub hash: Option<SpeechHash>,
    /// Why it cannot be opened; `None` where it can.
    pub problem: Option<String>,
}
