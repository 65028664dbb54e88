//! What tests of anchoring share.

use super::{AnchorStatus, PastTexts, Resolver};
use crate::{Annotation, Scope, Selector};
use pizhu_text::document::Document;
use pizhu_text::text::{SourceText, Span};

pub(super) const BEFORE: &str = "各位同志去年全县新办夜校三十所培训村组干部两千多人次群众反映很好今年要接着办而且要办得更活";
pub(super) const AFTER: &str = "各乡镇要拿出具体办法每个季度报一次进展年底由组织部逐项验收并把结果在全县通报大家互相比一比";
/// Text that is no part of the speech.
pub(super) const OTHER: &str = "散会以后请各单位到会务组领取材料并按通知要求报名参加下一次活动名单由办公室汇总";

/// A text as it stands, without sections.
pub(super) fn document(text: &str) -> Document {
    Document { is_final: true, ..Document::from(SourceText::from(text)) }
}

/// How the first `quote` of `old` is found in `new`, and the place with the words there; with the old text at hand or not.
pub(super) fn found(old: &str, quote: &str, new: &str, with_past: bool) -> (AnchorStatus, Option<(usize, String)>) {
    let (old, new) = (document(old), document(new));
    let text = old.quote(old.source.span());
    let start = text[..text.find(quote).unwrap()].chars().count();
    let selector = Selector::for_passage(&old, Span::new(start, start + quote.chars().count())).unwrap();
    let past = PastTexts::from_iter(with_past.then(|| old.source.clone()));
    let found = Resolver::with_past(&new, past).resolve(&Annotation::new(Scope::Passage, selector, "甲"));
    (found.status, found.span.map(|span| (span.start, new.quote(span))))
}

/// The words at which the first `quote` of `old` is found in `new` with the old text at hand.
pub(super) fn words_found(old: &str, quote: &str, new: &str) -> Option<String> {
    found(old, quote, new, true).1.map(|(_, words)| words)
}

/// The words at which the first `quote` of `old` is found in `new` by its selector.
pub(super) fn words_selected(old: &str, quote: &str, new: &str) -> Option<String> {
    found(old, quote, new, false).1.map(|(_, words)| words)
}
