//! The parse cache: what searching needs of a parsed speech, packed.
//!
//! A speech that was parsed once can be searched again without parsing: the removed ranges, title,
//! date and section headings take about a twentieth of the text's size. A record is valid as long
//! as the file's fingerprint is (see [`MetadataFingerprint`]).

mod cache_file;
mod fingerprint;
mod load;
mod record;

pub use cache_file::ParseCache;
pub use fingerprint::{FingerprintMap, MetadataFingerprint};
pub use load::fill;
pub use record::ParseRecord;
