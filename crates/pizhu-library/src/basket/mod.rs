//! Baskets with their passages as they are in the present texts, and their export with sources.

mod docx;
mod footnote;
mod format;
mod markdown;
mod resolve;
mod source;

pub use footnote::SourceWords;
pub use format::{BASKET_FORMATS, BasketFormat};
pub use resolve::{PassageState, ResolvedBasket, ResolvedEntry, ResolvedPassage, SpeechAccess, resolve};
pub use source::PassageSource;
