//! Lists to choose one entry from that leads somewhere: the history's states, the disagreements;
//! whether copies of a speech share their annotations.

use super::Overlay;
use pizhu_annotation::Action;
use pizhu_annotation::ActionKind;
use pizhu_annotation::Placements;
use pizhu_annotation::Sharing;
use pizhu_annotation::agreement::Coding;
use pizhu_annotation::store::Copies;
use crate::tui::effect::Effect;
use crate::tui::state::Notice;
use crate::tui::state::State;
use crate::tui::widget::Choice;
use crate::tui::widget::Picker;
use crate::tui::widget::PickerItem;
use jiff::tz::TimeZone;
use std::{collections::BTreeSet, sync::Arc};
use uuid::Uuid;

/// Chars shown of a quote.
const QUOTE_CHARS: usize = 16;

/// What the entries lead to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Offers {
    /// The state that was left by this action, or before the first.
    States(Vec<Option<Uuid>>),
    /// Places in the text.
    Places(Vec<usize>),
    /// What the first entry does; the second leaves all as it is.
    Sharing(Sharing),
}

/// Choosing an entry that leads somewhere.
#[derive(Debug)]
pub struct Offering {
    /// The entries.
    pub picker: Picker,
    /// The message that is its title.
    pub title: &'static str,
    offers: Offers,
}

impl State {
    /// Lets a state of the speech's history be chosen, the latest first, to be brought back.
    pub fn offer_history(&mut self, history: &[Arc<Action>]) {
        if history.is_empty() {
            self.notice = Some(Notice::hint("no-history"));
            return;
        }
        let mut items: Vec<PickerItem> = history.iter().rev().map(|action| self.described(action)).collect();
        items.push(PickerItem { name: self.locale.text("history-start").into_owned(), ..PickerItem::default() });
        let states = history.iter().rev().map(|action| Some(action.id)).chain([None]).collect();
        self.offer("prompt-history", items, Offers::States(states));
    }

    fn described(&self, action: &Action) -> PickerItem {
        let kind = match action.kind {
            ActionKind::Edit => "history-edit",
            ActionKind::Undo(_) => "history-undo",
            ActionKind::Redo(_) => "history-redo",
            ActionKind::Restore(_) => "history-restore",
            ActionKind::Import => "history-import",
        };
        let mut name = action.at.to_zoned(TimeZone::system()).strftime("%m-%d %H:%M:%S ").to_string();
        name.push_str(&self.locale.text(kind));
        for change in &action.changes {
            let Some(one) = change.after.as_ref().or(change.before.as_ref()) else { continue };
            let quote: String = one.selector.quote.chars().filter(|c| !c.is_whitespace()).take(QUOTE_CHARS).collect();
            let tags: Vec<&str> = one.tags.iter().map(String::as_str).collect();
            let sign = match (&change.before, &change.after) {
                (None, _) => "+",
                (_, None) => "-",
                _ => "~",
            };
            name.extend([" ", sign, &quote, " ", &tags.join("、")]);
        }
        PickerItem { name, detail: action.author.clone(), ..PickerItem::default() }
    }

    /// Lets a place be chosen where those who tagged this speech disagree.
    pub fn offer_disagreements(&mut self) {
        let Some(reader) = &self.reader else { return };
        let tagged = reader.notes.all().iter().filter(|mark| !mark.annotation.tags.is_empty());
        let coders: BTreeSet<String> = tagged.map(|mark| mark.annotation.author.clone()).collect();
        if coders.len() < 2 {
            self.notice = Some(Notice::hint("one-coder"));
            return;
        }
        let placements = reader.notes.placements_ref();
        let rows: Vec<Placements> = coders.iter().map(|coder| placements.only(|mark| mark.annotation.author == *coder)).collect();
        let mut coding = Coding::new(coders.into_iter().collect());
        coding.add("", reader.document(), &rows.iter().map(Some).collect::<Vec<_>>());
        let mut found: Vec<_> = coding.disagreements().collect();
        found.sort_by_key(|found| found.unit.span.start);
        if found.is_empty() {
            self.notice = Some(Notice::hint("no-disagreements"));
            return;
        }
        let items = found.iter().map(|found| PickerItem {
            name: format!("{} {}", found.unit.section.join("/"), found.tag),
            detail: format!("+{} −{}", found.with.join(" "), found.without.join(" ")),
            ..PickerItem::default()
        });
        let (items, places) = (items.collect(), found.iter().map(|found| found.unit.span.start).collect());
        self.offer("prompt-disagreements", items, Offers::Places(places));
    }

    /// Lets the user part the speech from its copies, or join it to them again.
    pub fn offer_copies(&mut self, copies: &Copies) {
        if copies.others.is_empty() && !copies.apart {
            self.notice = Some(Notice::hint("no-copies"));
            return;
        }
        let [title, change, leave] = if copies.apart {
            ["prompt-copies-apart", "copies-join", "copies-stay-apart"]
        } else {
            ["prompt-copies-shared", "copies-part", "copies-go-on-sharing"]
        };
        let names: Vec<_> = copies.others.iter().map(|path| path.display().to_string()).collect();
        let item = |id: &str, detail: String| PickerItem { name: self.locale.text(id).into_owned(), detail, ..PickerItem::default() };
        let items = vec![item(change, names.join(" ")), item(leave, String::new())];
        self.offer(title, items, Offers::Sharing(if copies.apart { Sharing::Join } else { Sharing::Part }));
    }

    fn offer(&mut self, title: &'static str, items: Vec<PickerItem>, offers: Offers) {
        self.overlay = Some(Overlay::Offering(Offering { picker: Picker::new(items, false), title, offers }));
        self.fit_overlay();
    }

    pub(super) fn accept_offer(&mut self, offering: &Offering, effects: &mut Vec<Effect>) {
        let Some(Choice::Items(chosen)) = offering.picker.choice() else {
            self.notice = Some(Notice::hint("nothing-to-choose"));
            return;
        };
        let index = chosen.first().copied().unwrap_or(usize::MAX);
        match &offering.offers {
            Offers::States(states) => effects.extend(states.get(index).map(|state| Effect::Restore(*state))),
            Offers::Sharing(change) => effects.extend((index == 0).then_some(Effect::Share(*change))),
            Offers::Places(places) => {
                if let (Some(place), Some(reader)) = (places.get(index), &mut self.reader) {
                    reader.jump_to(*place);
                }
                self.arrange();
            }
        }
    }
}
