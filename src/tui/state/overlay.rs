//! What lies over the screen: pickers, the note editor, lists. Their state, and what accepting
//! and leaving them does.

use super::{Help, Notice, Prompt, PromptKind, Reader, State};
use crate::{
    annotation::{AnnotationId, Edit as Change, Target},
    text::width::Ambiguous,
    tui::{
        command::{self, Act, COMMANDS, Command},
        effect::Effect,
        widget::{Choice, Edit, List, Picker, PickerItem, TextArea},
    },
};

/// What lies over the screen.
#[derive(Debug)]
pub enum Overlay {
    /// The help screen.
    Help(Help),
    /// Tags are being chosen.
    Picking(Picking),
    /// One of several annotations is being chosen.
    Choosing(Choosing),
    /// A command is being chosen.
    Palette(Palette),
    /// A note is being written.
    Editor(Editor),
    /// All annotations of the speech.
    Annotations(Listing),
    /// The line at the bottom.
    Prompt(Prompt),
}

/// Choosing tags.
#[derive(Debug)]
pub struct Picking {
    /// The tags.
    pub picker: Picker,
    /// What they are put on.
    on: TagTarget,
}

/// What tags are put on.
#[derive(Debug)]
enum TagTarget {
    /// Places, which get the chosen tags.
    Places(Vec<Target>),
    /// An annotation, which gets the chosen tags in place of those it has.
    Annotation(AnnotationId),
}

/// Choosing one of several annotations.
#[derive(Debug)]
pub struct Choosing {
    /// The annotations.
    pub picker: Picker,
    ids: Vec<AnnotationId>,
    act: Act,
}

/// Choosing a command.
#[derive(Debug)]
pub struct Palette {
    /// The commands.
    pub picker: Picker,
    /// What the picker's items are.
    pub commands: Vec<&'static Command>,
}

/// What a note is written on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draft {
    /// A place.
    New(Target),
    /// An annotation that is there.
    Old(AnnotationId),
}

/// Writing a note.
#[derive(Debug)]
pub struct Editor {
    /// What it is on.
    pub draft: Draft,
    /// The note.
    pub area: TextArea,
    /// Whether leaving was asked for and would lose something: asked again, it does.
    leaving: bool,
}

impl Editor {
    /// An editor holding `text`.
    #[must_use]
    pub fn new(draft: Draft, text: &str) -> Self {
        Self { draft, area: TextArea::new(text, 40, 8, Ambiguous::default()), leaving: false }
    }
}

/// The list of all annotations.
#[derive(Debug, Default)]
pub struct Listing {
    /// The position in the list.
    pub list: List,
}

impl State {
    /// Lets tags be chosen for places.
    pub fn open_tag_picker(&mut self, places: Vec<Target>) {
        let Some(reader) = &self.reader else { return };
        let there = match places.as_slice() {
            [one] => reader
                .notes
                .all()
                .iter()
                .filter(|mark| mark.target() == Some(*one))
                .flat_map(|mark| reader.notes.tags(&mark.annotation))
                .collect(),
            _ => Vec::new(),
        };
        self.open_tags(TagTarget::Places(places), &there, false);
    }

    fn open_tags(&mut self, on: TagTarget, there: &[String], marked: bool) {
        let Some(reader) = &self.reader else { return };
        let counts = reader.notes.tag_counts();
        let mut tags: Vec<_> = reader.notes.codebook().tree();
        // The most used first, so that the digits are for them; the codebook's order among equals.
        tags.sort_by_key(|(_, tag)| std::cmp::Reverse(counts.get(&tag.name).copied().unwrap_or(0)));
        let items = tags.iter().map(|(_, tag)| {
            let count = counts.get(&tag.name).map(|count| format!("×{count}")).unwrap_or_default();
            let already = if there.contains(&tag.name) { "＋" } else { "" };
            PickerItem {
                name: tag.name.clone(),
                aliases: tag.keywords.iter().cloned().chain([tag.definition.clone()]).filter(|alias| !alias.is_empty()).collect(),
                detail: format!("{already}{count}"),
                sign: tag.sign.clone(),
                ..PickerItem::default()
            }
        });
        let mut picker = Picker::new(items.collect(), true);
        if marked {
            let names: Vec<usize> =
                tags.iter().enumerate().filter(|(_, (_, tag))| there.contains(&tag.name)).map(|(index, _)| index).collect();
            for index in names {
                picker.mark(index, true);
            }
        }
        self.overlay = Some(Overlay::Picking(Picking { picker, on }));
        self.fit_overlay();
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

    /// Lets a command be chosen by its name or doc.
    pub fn open_palette(&mut self) {
        let context = self.context();
        let commands: Vec<&'static Command> = COMMANDS
            .iter()
            .flat_map(|topic| topic.commands)
            .filter(|command| command.contexts.contains(&context) && !command.takes_char && command.name != "palette")
            .collect();
        let items = commands.iter().map(|command| PickerItem {
            name: command.name.to_owned(),
            detail: self.keymap.keys_of(context, command.name).collect::<Vec<_>>().join(" "),
            ..PickerItem::default()
        });
        let picker = Picker::new(items.collect(), false);
        self.overlay = Some(Overlay::Palette(Palette { picker, commands }));
        self.fit_overlay();
    }

    /// Shows all annotations of the speech, the one nearest behind the cursor selected.
    pub fn open_annotations(&mut self) {
        let Some(reader) = &self.reader else { return };
        let all = reader.notes.all();
        if all.is_empty() {
            let id = if reader.notes.is_loaded() { "no-annotations" } else { "annotations-not-loaded" };
            self.notice = Some(Notice::hint(id));
            return;
        }
        let cursor = reader.viewport.cursor();
        let here = all.iter().rposition(|mark| mark.span.is_some_and(|span| span.start <= cursor)).unwrap_or(0);
        let mut listing = Listing::default();
        listing.list.select(here, all.len(), 1);
        self.overlay = Some(Overlay::Annotations(listing));
    }

    /// Moves in the list of annotations; whether the selected one is another.
    pub fn select_annotation_by(&mut self, steps: isize) -> bool {
        let count = self.reader.as_ref().map_or(0, |reader| reader.notes.all().len());
        let Some(Overlay::Annotations(listing)) = &mut self.overlay else { return false };
        let before = listing.list.selected();
        listing.list.step(steps, count, 1);
        listing.list.selected() != before
    }

    /// The selected annotation of the list.
    #[must_use]
    pub fn listed_annotation(&self) -> Option<AnnotationId> {
        let Some(Overlay::Annotations(listing)) = &self.overlay else { return None };
        self.reader.as_ref()?.notes.all().get(listing.list.selected()).map(|mark| mark.annotation.id)
    }

    /// Does something with one annotation.
    pub fn act_on(&mut self, act: Act, id: AnnotationId, effects: &mut Vec<Effect>) {
        let Some(mark) = self.reader.as_ref().and_then(|reader| reader.notes.get(id)) else { return };
        match act {
            Act::Edit => {
                let note = mark.annotation.note.clone();
                self.overlay = Some(Overlay::Editor(Editor::new(Draft::Old(id), &note)));
                self.fit_overlay();
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
            Act::Resize => match self.reader.as_ref().and_then(Reader::selected) {
                Some(span) => {
                    effects.push(Effect::Annotate(vec![Change::Attach { id, target: Target::Passage(span) }]));
                    self.notice = Some(Notice::done("annotation-resized"));
                    self.drop_selection();
                }
                None => self.notice = Some(Notice::hint("no-selection")),
            },
        }
    }

    /// Fits an overlay that has a size of its own to the screen.
    pub fn fit_overlay(&mut self) {
        let size = self.size;
        match &mut self.overlay {
            Some(
                Overlay::Picking(Picking { picker, .. })
                | Overlay::Choosing(Choosing { picker, .. })
                | Overlay::Palette(Palette { picker, .. }),
            ) => {
                picker.resize(size.picker().height.saturating_sub(3));
            }
            Some(Overlay::Editor(editor)) => {
                let area = size.editor();
                editor.area.resize(area.width.saturating_sub(4), area.height.saturating_sub(2), self.setting.style.ambiguous);
            }
            _ => {}
        }
    }

    fn picker(&mut self) -> Option<&mut Picker> {
        match &mut self.overlay {
            Some(
                Overlay::Picking(Picking { picker, .. })
                | Overlay::Choosing(Choosing { picker, .. })
                | Overlay::Palette(Palette { picker, .. }),
            ) => Some(picker),
            _ => None,
        }
    }

    /// Moves in a picker; whether it holds anything to move to.
    pub fn move_pick(&mut self, steps: isize) -> bool {
        let Some(picker) = self.picker() else { return false };
        picker.step(steps);
        picker.choice().is_some()
    }

    /// Marks the selected entry of the tag picker, or takes the mark away.
    pub fn toggle_pick(&mut self) {
        if let Some(Overlay::Picking(picking)) = &mut self.overlay {
            picking.picker.toggle();
        } else {
            self.notice = Some(Notice::hint("one-only"));
        }
    }

    /// Types or pastes into what takes text.
    pub fn type_text(&mut self, text: &str, effects: &mut Vec<Effect>) {
        if let Some(Overlay::Picking(picking)) = &mut self.overlay {
            let digit = text.chars().next().filter(|_| text.len() == 1).and_then(|c| c.to_digit(10));
            if let Some(item) = digit.and_then(|digit| picking.picker.digit(digit)) {
                let marked = picking.picker.marks().contains(&item);
                picking.picker.select_item(item);
                picking.picker.mark(item, !marked);
                return;
            }
        }
        if let Some(picker) = self.picker() {
            picker.insert(text);
            return;
        }
        match &mut self.overlay {
            Some(Overlay::Editor(editor)) => {
                editor.leaving = false;
                editor.area.insert(text);
            }
            Some(Overlay::Prompt(prompt)) => {
                prompt.input.insert(text);
                self.prompt_changed(effects);
            }
            _ => {}
        }
    }

    /// Edits what takes text.
    pub fn edit_text(&mut self, edit: Edit, effects: &mut Vec<Effect>) {
        if let Some(picker) = self.picker() {
            picker.apply(edit);
            return;
        }
        match &mut self.overlay {
            Some(Overlay::Editor(editor)) => {
                editor.leaving = false;
                editor.area.apply(edit);
            }
            Some(Overlay::Prompt(prompt)) => {
                let changed = prompt.input.apply(edit);
                if changed {
                    self.prompt_changed(effects);
                }
            }
            _ => {}
        }
    }

    /// Takes what was chosen, written or typed.
    pub fn accept(&mut self, effects: &mut Vec<Effect>) {
        match self.overlay.take() {
            Some(Overlay::Picking(picking)) => self.accept_tags(picking, effects),
            Some(Overlay::Choosing(choosing)) => match choosing.picker.choice() {
                Some(Choice::Items(items)) => {
                    if let Some(id) = items.first().and_then(|item| choosing.ids.get(*item)) {
                        self.act_on(choosing.act, *id, effects);
                    }
                }
                _ => self.notice = Some(Notice::hint("nothing-to-choose")),
            },
            Some(Overlay::Palette(palette)) => {
                let chosen = match palette.picker.choice() {
                    Some(Choice::Items(items)) => items.first().and_then(|item| palette.commands.get(*item)).copied(),
                    _ => None,
                };
                match chosen {
                    Some(command) => command::run(self, command, None, None, effects),
                    None => self.notice = Some(Notice::hint("nothing-to-choose")),
                }
            }
            Some(Overlay::Editor(editor)) => self.accept_note(&editor, effects),
            Some(Overlay::Prompt(prompt)) => self.accept_prompt(prompt, effects),
            other => self.overlay = other,
        }
    }

    fn accept_tags(&mut self, picking: Picking, effects: &mut Vec<Effect>) {
        let tags: Vec<String> = match picking.picker.choice() {
            Some(Choice::Create(name)) => {
                if crate::annotation::codebook::check_name(&name).is_err() {
                    self.notice = Some(Notice::error("bad-tag-name").with("name", name));
                    self.overlay = Some(Overlay::Picking(picking));
                    return;
                }
                let marked = picking.picker.marks().into_iter().map(|item| picking.picker.items()[item].name.clone());
                marked.chain([name.clone()]).collect()
            }
            Some(Choice::Items(items)) => items.into_iter().map(|item| picking.picker.items()[item].name.clone()).collect(),
            None => Vec::new(),
        };
        match picking.on {
            TagTarget::Places(_) if tags.is_empty() => self.notice = Some(Notice::hint("nothing-to-choose")),
            TagTarget::Places(places) => {
                let count = places.len();
                effects.push(Effect::Annotate(places.into_iter().map(|target| Change::Tag { target, tags: tags.clone() }).collect()));
                let notice = Notice::done(if count > 1 { "tagged-many" } else { "tagged" });
                self.notice = Some(notice.with("tags", tags.join("、")).with("count", count));
                self.last_tags = tags;
                self.drop_selection();
            }
            TagTarget::Annotation(id) => {
                let chosen = picking.picker.marks();
                let tags = if chosen.is_empty() && picking.picker.input().is_empty() { Vec::new() } else { tags };
                let Some(reader) = &self.reader else { return };
                let Some(mark) = reader.notes.get(id) else { return };
                let gone: Vec<String> = mark.annotation.tags.iter().filter(|tag| !tags.contains(tag)).cloned().collect();
                let mut edits = Vec::new();
                // Added first: an annotation goes with its last tag.
                if !tags.is_empty() {
                    edits.push(Change::AddTags { id, tags });
                }
                if !gone.is_empty() {
                    edits.push(Change::RemoveTags { id, tags: gone });
                }
                effects.push(Effect::Annotate(edits));
            }
        }
    }

    fn accept_note(&mut self, editor: &Editor, effects: &mut Vec<Effect>) {
        let note = editor.area.text().trim_end().to_owned();
        match editor.draft {
            Draft::New(_) if note.trim().is_empty() => self.notice = Some(Notice::hint("note-empty")),
            Draft::New(target) => {
                effects.push(Effect::Annotate(vec![Change::Note { target, note }]));
                self.notice = Some(Notice::done("noted"));
                self.drop_selection();
            }
            Draft::Old(id) => {
                effects.push(Effect::Annotate(vec![Change::SetNote { id, note }]));
                self.notice = Some(Notice::done("noted"));
            }
        }
    }

    /// Leaves what lies over the screen without doing anything; a changed note only when asked
    /// twice.
    pub fn cancel(&mut self, effects: &mut Vec<Effect>) {
        match self.overlay.take() {
            Some(Overlay::Editor(mut editor)) if editor.area.is_changed() && !editor.area.text().trim().is_empty() && !editor.leaving => {
                editor.leaving = true;
                self.notice = Some(Notice::error("note-not-saved"));
                self.overlay = Some(Overlay::Editor(editor));
            }
            Some(Overlay::Prompt(prompt)) => self.cancel_prompt(&prompt, effects),
            _ => {}
        }
    }

    /// Does what follows from another text in the prompt: searches show their hits while typed.
    fn prompt_changed(&mut self, effects: &mut Vec<Effect>) {
        let Some(Overlay::Prompt(prompt)) = &self.overlay else { return };
        let text = prompt.input.text().to_owned();
        let (kind, place) = (prompt.kind, prompt.place);
        match (kind, &mut self.reader) {
            (PromptKind::Search { back }, Some(reader)) => {
                if text.is_empty() {
                    reader.reveal(place);
                }
                let document = reader.viewport.document().clone();
                effects.extend(reader.search.begin(&text, back, place, true, &document));
            }
            (PromptKind::OutlineFilter, Some(reader)) => reader.filter_outline(&text),
            (PromptKind::LibraryFilter, _) => self.library.set_filter(&text),
            _ => {}
        }
    }

    fn accept_prompt(&mut self, prompt: Prompt, effects: &mut Vec<Effect>) {
        let typed = prompt.input.text().to_owned();
        let text = self.history.enter(prompt.kind, prompt.input);
        match (prompt.kind, &mut self.reader) {
            (PromptKind::Search { back }, Some(reader)) => {
                let document = reader.viewport.document().clone();
                if text.is_empty() {
                    // An empty search repeats the last, as in vim.
                    match self.history.last(prompt.kind) {
                        Some(last) => effects.extend(reader.search.begin(&last, back, prompt.place + 1, true, &document)),
                        None => self.notice = Some(Notice::hint("no-search-yet")),
                    }
                    return;
                }
                let at = reader.viewport.cursor();
                if at != prompt.place {
                    reader.jumps.leave(prompt.place);
                }
                if reader.search.query() != typed || reader.search.back() != back {
                    effects.extend(reader.search.begin(&text, back, prompt.place, true, &document));
                } else if reader.search.is_complete() && reader.search.hits().is_empty() {
                    self.notice = Some(Notice::hint("not-found").with("query", text));
                }
            }
            (PromptKind::Command, Some(_)) => self.run_line(&text, effects),
            _ => {}
        }
    }

    fn cancel_prompt(&mut self, prompt: &Prompt, effects: &mut Vec<Effect>) {
        match (prompt.kind, &mut self.reader) {
            (PromptKind::Search { .. }, Some(reader)) => {
                let document = reader.viewport.document().clone();
                effects.extend(reader.search.begin("", false, prompt.place, false, &document));
                reader.reveal(prompt.place);
            }
            (PromptKind::OutlineFilter, Some(reader)) => reader.filter_outline(""),
            (PromptKind::LibraryFilter, _) => self.library.set_filter(""),
            _ => {}
        }
    }

    /// Runs what was typed behind the colon: a percentage, a line, a command's name, a section
    /// path.
    fn run_line(&mut self, line: &str, effects: &mut Vec<Effect>) {
        let line = line.trim();
        let folded = crate::text::fold::fold_text(line);
        let Some(reader) = &mut self.reader else { return };
        if let Some(percent) = folded.strip_suffix('%').and_then(|number| number.trim().parse().ok()) {
            reader.jump_to_percent(percent);
        } else if let Ok(number) = folded.parse::<usize>() {
            let start = reader.document().source.line_span(number.saturating_sub(1)).start;
            reader.jump_to(start);
        } else if matches!(line, "q" | "quit" | "wq" | "x" | "q!") {
            effects.push(Effect::Quit);
        } else if let Some(command) = command::find(line) {
            if command.takes_char || !command.contexts.contains(&self.context()) {
                self.notice = Some(Notice::hint("command-not-here").with("name", line));
            } else {
                command::run(self, command, None, None, effects);
            }
        } else if !line.is_empty() {
            match reader.document().outline.resolve(line) {
                Ok(id) => {
                    let start = reader.document().outline.get(id).map_or(0, |section| section.span.start);
                    reader.jump_to(start);
                }
                Err(crate::document::PathError::Ambiguous(paths)) => {
                    self.notice = Some(Notice::error("ambiguous-section").with("path", line).with("count", paths.len()));
                }
                Err(crate::document::PathError::Missing(path)) => {
                    self.notice = Some(Notice::error("no-such-place").with("name", path));
                }
            }
        }
    }
}
