//! Overlays about annotations: one of several chosen, a note written, all of them listed.

use super::{Overlay, tagging::TagTarget};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit as Change;
use pizhu_annotation::Target;
use pizhu_text::text::width::Ambiguous;
use crate::tui::command::Act;
use crate::tui::effect::Effect;
use crate::tui::state::Notice;
use crate::tui::state::Reader;
use crate::tui::state::State;
use crate::tui::widget::Choice;
use crate::tui::widget::Picker;
use crate::tui::widget::PickerItem;
use crate::tui::widget::TextArea;

/// Choosing one of several annotations.
#[derive(Debug)]
pub struct Choosing {
    /// The annotations.
    pub picker: Picker,
    ids: Vec<AnnotationId>,
    act: Act,
}

/// What a note is written on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draft {
    /// A place.
    New(Target),
    /// An annotation that is there.
    Old(AnnotationId),
    /// What was there is no more: it goes where one then is.
    Homeless,
}

/// Writing a note.
#[derive(Debug)]
pub struct Editor {
    /// What it is on.
    pub draft: Draft,
    /// The note.
    pub area: TextArea,
    /// Whether leaving was asked for and would lose something: asked again, it does.
    pub(super) leaving: bool,
}

impl Editor {
    /// An editor holding `text`.
    #[must_use]
    pub fn new(draft: Draft, text: &str) -> Self {
        Self { draft, area: TextArea::new(text, 40, 8, Ambiguous::default()), leaving: false }
    }
}

impl State {
    /// Lets a note be written.
    pub fn open_editor(&mut self, draft: Draft) {
        self.open_over(Overlay::Editor(Editor::new(draft, "")));
    }

    /// Lets one of several annotations be chosen, for `act`.
    pub fn open_chooser(&mut self, ids: &[AnnotationId], act: Act) {
        let Some(reader) = &self.reader else { return };
        let items = ids.iter().filter_map(|id| reader.notes.get(*id)).map(|mark| {
            let tags: Vec<String> = reader.notes.tags(&mark.annotation).into_iter().collect();
            let quote: String = mark.annotation.selector.quote.chars().filter(|c| !c.is_control()).take(24).collect();
            let note = mark.annotation.note.lines().next().unwrap_or_default();
            PickerItem { name: format!("{quote}  {} {note}", tags.join("、")), ..PickerItem::default() }
        });
        let picker = Picker::new(items.collect(), false);
        self.overlay = Some(Overlay::Choosing(Choosing { picker, ids: ids.to_vec(), act }));
        self.fit_overlay();
    }

    /// Does something with one annotation.
    pub fn act_on(&mut self, act: Act, id: AnnotationId, effects: &mut Vec<Effect>) {
        let Some(mark) = self.reader.as_ref().and_then(|reader| reader.notes.get(id)) else { return };
        match act {
            Act::Edit => {
                let note = mark.annotation.note.clone();
                self.open_over(Overlay::Editor(Editor::new(Draft::Old(id), &note)));
            }
            Act::Retag => {
                let tags: Vec<String> =
                    self.reader.as_ref().map(|reader| reader.notes.tags(&mark.annotation).into_iter().collect()).unwrap_or_default();
                self.open_tags(TagTarget::Annotation(id), &tags, true);
            }
            Act::Delete => {
                effects.push(Effect::Annotate(vec![Change::Delete { id }]));
                self.notice = Some(Notice::done("deleted"));
            }
            Act::Resize => {
                self.overlay = None;
                if let Some(span) = self.reader.as_ref().and_then(Reader::selected) {
                    self.put_annotation(id, Target::Passage(span), effects);
                } else {
                    self.moving = Some(id);
                    self.notice = Some(Notice::done("annotation-taken"));
                }
            }
        }
    }

    /// Puts an annotation on another place.
    pub fn put_annotation(&mut self, id: AnnotationId, target: Target, effects: &mut Vec<Effect>) {
        effects.push(Effect::Annotate(vec![Change::Attach { id, target }]));
        self.notice = Some(Notice::done("annotation-resized"));
        self.moving = None;
        self.drop_selection();
    }

    pub(super) fn accept_note(&mut self, editor: &Editor, effects: &mut Vec<Effect>) {
        let note = editor.area.text().trim_end().to_owned();
        match editor.draft {
            Draft::New(_) | Draft::Homeless if note.trim().is_empty() => self.notice = Some(Notice::hint("note-empty")),
            Draft::New(target) => {
                effects.push(Effect::Annotate(vec![Change::Note { target, note }]));
                self.notice = Some(Notice::done("noted"));
                self.drop_selection();
            }
            Draft::Homeless => self.note_here(note, effects),
            // Deleted meanwhile, by another program say: what was written is not lost.
            Draft::Old(id) if self.reader.as_ref().is_some_and(|reader| reader.notes.get(id).is_none()) => {
                if note.trim().is_empty() {
                    self.notice = Some(Notice::hint("note-empty"));
                } else {
                    self.note_here(note, effects);
                }
            }
            Draft::Old(id) => {
                effects.push(Effect::Annotate(vec![Change::SetNote { id, note }]));
                self.notice = Some(Notice::done("noted"));
            }
        }
    }

    /// Puts a note where one is.
    fn note_here(&mut self, note: String, effects: &mut Vec<Effect>) {
        self.notice = Some(match self.target() {
            Ok(target) => {
                effects.push(Effect::Annotate(vec![Change::Note { target, note }]));
                Notice::done("noted")
            }
            Err(notice) => notice,
        });
    }

    pub(super) fn accept_annotation(&mut self, choosing: &Choosing, effects: &mut Vec<Effect>) {
        match choosing.picker.choice() {
            Some(Choice::Items(items)) => {
                if let Some(id) = items.first().and_then(|item| choosing.ids.get(*item)) {
                    self.act_on(choosing.act, *id, effects);
                }
            }
            _ => self.notice = Some(Notice::hint("nothing-to-choose")),
        }
    }
}
