//! What an undo or a redo has changed, for the status line.

use super::message::StatusMessage;
use crate::locale::notice;
use pizhu_annotation::{Action, Annotation, Record, Scope};

/// Chars of a quote.
const QUOTE_CHARS: usize = 12;

/// The message for an action that undid another, or if `again` did one again.
pub(super) fn undo_message(action: &Action, again: bool) -> StatusMessage {
    let what = match action.changes.as_slice() {
        // What was undone led from its result to what is there now.
        [change] if again => describe(change.before.as_ref(), change.after.as_ref()),
        [change] => describe(change.after.as_ref(), change.before.as_ref()),
        [] if !action.records.is_empty() => return undone_record(action, again),
        several => StatusMessage::done(notice::WHAT_SEVERAL).with("count", several.len()),
    };
    StatusMessage::done(if again { notice::REDONE_THAT } else { notice::UNDONE_THAT }).with_message("what", what)
}

/// The message for an action that changed what is known of the speech.
fn undone_record(action: &Action, again: bool) -> StatusMessage {
    let sides = action.records.last().map(|change| [change.before.as_ref(), change.after.as_ref()]);
    let to = sides.and_then(|[before, after]| if again { after } else { before });
    let any = sides.and_then(|[before, after]| to.or(after).or(before));
    let what = match (any.map(|entry| &entry.record), to.is_some()) {
        (Some(Record::Done), true) => StatusMessage::done(notice::WHAT_DONE),
        (Some(Record::Done), false) => StatusMessage::done(notice::WHAT_NOT_DONE),
        (Some(Record::Attribute { key, value }), true) => {
            StatusMessage::done(notice::WHAT_ATTRIBUTE).with("attribute", key).with("value", value)
        }
        (Some(Record::Attribute { key, .. }), false) => StatusMessage::done(notice::WHAT_ATTRIBUTE_UNSET).with("attribute", key),
        _ => StatusMessage::done(notice::WHAT_SEVERAL).with("count", action.records.len()),
    };
    StatusMessage::done(if again { notice::REDONE_THAT } else { notice::UNDONE_THAT }).with_message("what", what)
}

/// What led from one version of an annotation to the other.
fn describe(from: Option<&Annotation>, to: Option<&Annotation>) -> StatusMessage {
    let quoted = |message: StatusMessage, annotation: &Annotation| message.with("quote", excerpt(annotation));
    let names = |tags: Vec<&str>| tags.join("、");
    match (from, to) {
        (None, Some(new)) if !new.tags.is_empty() => {
            quoted(StatusMessage::done(notice::WHAT_TAGGED).with("tags", names(new.tags.names())), new)
        }
        (None, Some(new)) => quoted(StatusMessage::done(notice::WHAT_NOTED), new),
        (Some(old), None) => quoted(StatusMessage::done(notice::WHAT_DELETED), old),
        (Some(old), Some(new)) => {
            let added: Vec<&str> = new.tags.iter().filter(|tag| !old.tags.contains(tag.id)).map(|tag| tag.name.as_str()).collect();
            let taken: Vec<&str> = old.tags.iter().filter(|tag| !new.tags.contains(tag.id)).map(|tag| tag.name.as_str()).collect();
            if !added.is_empty() {
                quoted(StatusMessage::done(notice::WHAT_TAGGED).with("tags", names(added)), new)
            } else if !taken.is_empty() {
                quoted(StatusMessage::done(notice::WHAT_UNTAGGED).with("tags", names(taken)), new)
            } else if old.note != new.note {
                quoted(StatusMessage::done(notice::WHAT_NOTED), new)
            } else {
                quoted(StatusMessage::done(notice::WHAT_MOVED), new)
            }
        }
        (None, None) => StatusMessage::done(notice::WHAT_SEVERAL).with("count", 0),
    }
}

/// The beginning of the annotated text.
fn excerpt(annotation: &Annotation) -> String {
    let selector = &annotation.selector;
    let text = if annotation.scope == Scope::Section { selector.section.join("/") } else { selector.cleaned_quote().to_owned() };
    let words: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    match words.char_indices().nth(QUOTE_CHARS) {
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or_default()),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_annotation::{ActionKind, AnchorIndex, Edit, TagRef, Target, edit::plan};
    use pizhu_text::document::{Hints, parse};
    use pizhu_text::text::{SourceText, Span};

    /// The inner message of an undo of `edits`, of which the last is undone, and of its redo.
    fn undone(edits: &[fn(pizhu_annotation::AnnotationId) -> Edit]) -> [String; 2] {
        let document = parse(SourceText::from("今年要抓好人才工作，把短板补起来，让干部群众满意。"), &Hints::default());
        let mut index = AnchorIndex::default();
        let mut id = pizhu_annotation::AnnotationId::default();
        let mut last = Vec::new();
        for edit in edits {
            let (edited, changes) = plan(edit(id), "甲", &document, &index).unwrap();
            id = edited;
            for change in &changes {
                match &change.after {
                    Some(after) => index.resolve_and_insert(&document, std::sync::Arc::new(after.clone())),
                    None => drop(index.remove(id)),
                }
            }
            last = changes;
        }
        let action = Action::new(ActionKind::Edit, "甲", last);
        let undo = Action::new(ActionKind::Undo(action.id), "甲", action.inverse(&index));
        [undo_message(&undo, false), undo_message(&action, true)].map(|message| {
            let inner = &message.inner[0].1;
            let tags = inner.arguments.iter().find(|(name, _)| *name == "tags").map_or("", |(_, tags)| tags);
            let quote = inner.arguments.iter().find(|(name, _)| *name == "quote").map_or("", |(_, quote)| quote);
            format!("{} {tags} {quote}", inner.name())
        })
    }

    #[test]
    fn the_change_that_was_taken_back_is_named() {
        const TARGET: Target = Target::Passage(Span { start: 3, end: 9 });
        let tag: fn(_) -> Edit = |_| Edit::Tag { target: TARGET, tags: vec![TagRef::new("人才工作")] };
        let note: fn(_) -> Edit = |_| Edit::Note { target: TARGET, note: "记".to_owned() };
        let delete: fn(_) -> Edit = |id| Edit::Delete { id };
        let untag: fn(_) -> Edit = |id| Edit::RemoveTags { id, tags: Vec::new() };
        let both = |text: &str| [text.to_owned(), text.to_owned()];
        assert_eq!(undone(&[tag]), both("what-tagged 人才工作 抓好人才工作"));
        assert_eq!(undone(&[note]), both("what-noted  抓好人才工作"));
        assert_eq!(undone(&[tag, note]), both("what-noted  抓好人才工作"));
        assert_eq!(undone(&[tag, delete]), both("what-deleted  抓好人才工作"));
        assert_eq!(undone(&[tag, note, untag]), both("what-untagged 人才工作 抓好人才工作"));
    }
}
