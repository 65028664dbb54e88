//! Metadata of a speech.

use super::FrontMatter;
use crate::text::Span;
use std::sync::Arc;

/// Title, date, boilerplate lines and the other front matter.
///
/// ```
/// use pizhu_text::document::{Hints, parse};
/// use pizhu_text::text::SourceText;
///
/// let text = "发布时间：2024-03-05\n\n在青禾县会议上的讲话\n\n同志们：\n\n今年任务更重，大家要抓紧。\n\n一、总体要求\n\n要稳。\n";
/// let document = parse(SourceText::from(text), &Hints::default());
/// let metadata = &document.metadata;
/// assert_eq!(metadata.title.as_deref(), Some("在青禾县会议上的讲话"));
/// assert_eq!(metadata.date.as_deref(), Some("2024-03-05"));
/// assert_eq!(document.quote(metadata.boilerplate[0]), "发布时间：2024-03-05");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The title, cleaned.
    pub title: Option<Arc<str>>,
    /// The span of the title; `None` if it comes from [`Hints::title`](super::Hints::title).
    pub title_span: Option<Span>,
    /// The date of delivery if the text gives one, else that of the signature, else the date stamp of
    /// the page, as YYYY-MM-DD.
    pub date: Option<Arc<str>>,
    /// Subtitle, speaker, occasion and the like.
    pub front: Arc<FrontMatter>,
    /// The boilerplate lines: navigation, stamps, share buttons, copyright.
    pub boilerplate: Arc<Vec<Span>>,
}
