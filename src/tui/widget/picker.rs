//! A list to choose from by typing, by digit, or by arrow; several entries can be marked, and
//! what does not exist yet can be named in place.
//!
//! Names are matched folded (組織 finds 组织) and fuzzily, by any of their alternative names too
//! (an English gloss, pinyin). While nothing is typed the entries stand in the order given, the
//! most used first, the first nine with a digit each.

use super::edit::Edit;
use super::line_input::LineInput;
use super::list::{List, draw_list};
use super::paint::{Label, Look};
use pizhu_text::text::fold::fold_text;
use crate::tui::theme::Role;
use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// One entry.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PickerItem {
    /// The name shown and matched.
    pub name: String,
    /// Other names it is found by.
    pub aliases: Vec<String>,
    /// What stands at the right: a count, a key, a path.
    pub detail: String,
    /// A sign before the name and the style of both; empty for none.
    pub sign: String,
    /// See `sign`.
    pub style: Style,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// The entries by their index, in the order given: the marked ones, or the selected one.
    Items(Vec<usize>),
    /// A name that is not there yet.
    Create(String),
}

/// An entry that fits what is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Fit {
    item: usize,
    /// The chars of the name that were found.
    found: Vec<u32>,
}

/// Entries, what is typed, what fits it, what is marked.
///
/// Invariant: `fits` is what fits the input; `list` is a place among them (and the row for
/// creating, where that is offered).
#[derive(Debug, Clone, Default)]
pub struct Picker {
    items: Vec<PickerItem>,
    marked: Vec<bool>,
    input: LineInput,
    fits: Vec<Fit>,
    list: List,
    height: u16,
    can_create: bool,
}

impl Picker {
    /// A picker over these entries, the most used first. `can_create`: whether a new name may be
    /// given.
    #[must_use]
    pub fn new(items: Vec<PickerItem>, can_create: bool) -> Self {
        let mut picker = Self { marked: vec![false; items.len()], items, can_create, height: 10, ..Self::default() };
        picker.refilter();
        picker
    }

    /// The number of rows of the list (the input not counted), for paging and scrolling.
    pub fn resize(&mut self, height: u16) {
        self.height = height.max(1);
        self.list.step(0, self.row_count(), self.height);
    }

    /// The entries, in the order given.
    #[must_use]
    pub fn items(&self) -> &[PickerItem] {
        &self.items
    }

    /// What is typed.
    #[must_use]
    pub fn input(&self) -> &LineInput {
        &self.input
    }

    /// Types or pastes `text` into the filter.
    pub fn insert(&mut self, text: &str) {
        self.input.insert(text);
        self.refilter();
    }

    /// Edits the filter; up and down move in the list.
    pub fn apply(&mut self, edit: Edit) {
        match edit {
            Edit::Up => self.step(-1),
            Edit::Down => self.step(1),
            _ => {
                if self.input.apply(edit) {
                    self.refilter();
                }
            }
        }
    }

    /// Moves by `steps` rows, round at the ends.
    pub fn step(&mut self, steps: isize) {
        self.list.cycle(steps, self.row_count(), self.height);
    }

    /// Moves by pages.
    pub fn page(&mut self, pages: isize) {
        self.list.page(pages, self.row_count(), self.height);
    }

    /// Selects the row at `row` of the list as drawn. Returns whether there is one.
    pub fn click(&mut self, row: u16) -> bool {
        let Some(index) = self.list.entry_at(row, self.row_count(), self.height) else { return false };
        self.list.select(index, self.row_count(), self.height);
        true
    }

    /// The entry selected; `None` on the row for creating and in an empty list.
    #[must_use]
    pub fn selected(&self) -> Option<usize> {
        self.fits.get(self.list.selected()).map(|fit| fit.item)
    }

    /// Selects `item` if it fits what is typed.
    pub fn select_item(&mut self, item: usize) {
        if let Some(row) = self.fits.iter().position(|fit| fit.item == item) {
            self.list.select(row, self.row_count(), self.height);
        }
    }

    /// Marks `item` or takes the mark away.
    pub fn mark(&mut self, item: usize, marked: bool) {
        if let Some(mark) = self.marked.get_mut(item) {
            *mark = marked;
        }
    }

    /// Marks or unmarks the selected entry and moves on.
    pub fn toggle(&mut self) {
        if let Some(item) = self.selected() {
            self.marked[item] = !self.marked[item];
            self.list.step(1, self.row_count(), self.height);
        }
    }

    /// The marked entries.
    #[must_use]
    pub fn marks(&self) -> Vec<usize> {
        (0..self.items.len()).filter(|item| self.marked[*item]).collect()
    }

    /// The entry that digit 1 to 9 stands for: while nothing is typed, the n-th.
    #[must_use]
    pub fn digit(&self, digit: u32) -> Option<usize> {
        let index = usize::try_from(digit.checked_sub(1)?).ok()?;
        (self.input.is_empty() && index < 9 && index < self.items.len()).then_some(index)
    }

    /// What is chosen now: the name to create where its row is selected, else the marked
    /// entries, else the selected one; `None` where nothing fits.
    #[must_use]
    pub fn choice(&self) -> Option<Choice> {
        let marks = self.marks();
        match self.selected() {
            None if self.offers_creation() => Some(Choice::Create(self.input.text().trim().to_owned())),
            _ if !marks.is_empty() => Some(Choice::Items(marks)),
            selected => selected.map(|item| Choice::Items(vec![item])),
        }
    }

    /// Draws the input into the first row of `area` and the list below; returns where the
    /// hardware cursor belongs. `create` words the offer to create what is typed.
    pub fn draw(&self, area: Rect, buffer: &mut Buffer, look: Look<'_>, create: &str) -> Option<Position> {
        let at = self.input.draw(Rect { height: area.height.min(1), ..area }, buffer, look);
        let rows = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
        let marks = self.marked.contains(&true);
        draw_list(&self.list, self.row_count(), rows, buffer, look, |row| {
            let Some(fit) = self.fits.get(row) else {
                return Label::new(format!("+ {create} "), look.style(Role::Dim)).and(self.input.text().trim(), look.style(Role::Strong));
            };
            let item = &self.items[fit.item];
            let digit = match row {
                0..9 if self.input.is_empty() => format!("{} ", row + 1),
                _ => "  ".to_owned(),
            };
            let mut label = Label::new(digit, look.style(Role::Key));
            if marks {
                label = label.and(if self.marked[fit.item] { "[x] " } else { "[ ] " }, look.style(Role::Key));
            }
            if !item.sign.is_empty() {
                label = label.and(format!("{} ", item.sign), item.style);
            }
            let mut rest = item.name.as_str();
            let mut taken = 0;
            for found in &fit.found {
                let skip = *found as usize - taken;
                let (before, from) = split_chars(rest, skip);
                let (hit, behind) = split_chars(from, 1);
                label = label.and(before, item.style).and(hit, item.style.patch(look.style(Role::Found)));
                rest = behind;
                taken += skip + 1;
            }
            label = label.and(rest, item.style);
            if item.detail.is_empty() { label } else { label.right(item.detail.as_str(), look.style(Role::Dim)) }
        });
        at
    }

    fn row_count(&self) -> usize {
        self.fits.len() + usize::from(self.offers_creation())
    }

    fn offers_creation(&self) -> bool {
        let typed = self.input.text().trim();
        self.can_create && !typed.is_empty() && !self.items.iter().any(|item| item.name == typed)
    }

    fn refilter(&mut self) {
        let typed = fold_text(self.input.text().trim());
        self.fits.clear();
        if typed.is_empty() {
            self.fits.extend((0..self.items.len()).map(|item| Fit { item, found: Vec::new() }));
        } else {
            let mut matcher = Matcher::new(Config::DEFAULT);
            let pattern = Pattern::new(&typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
            let mut scored: Vec<(u32, Fit)> = Vec::new();
            for (item, entry) in self.items.iter().enumerate() {
                let mut found = Vec::new();
                let own = score(&pattern, &mut matcher, &entry.name, Some(&mut found));
                // An alias decides only where it fits better than the name, and shows no letters.
                let alias = entry.aliases.iter().filter_map(|alias| score(&pattern, &mut matcher, alias, None)).max();
                if alias > own {
                    found.clear();
                }
                if let Some(best) = own.max(alias) {
                    found.sort_unstable();
                    found.dedup();
                    scored.push((best, Fit { item, found }));
                }
            }
            // Stable: of equal fits the more used stays first.
            scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
            self.fits.extend(scored.into_iter().map(|(_, fit)| fit));
        }
        self.list.select(0, self.row_count(), self.height);
    }
}

/// How well `name` fits, and which of its chars were found. Folding keeps the number of chars.
fn score(pattern: &Pattern, matcher: &mut Matcher, name: &str, found: Option<&mut Vec<u32>>) -> Option<u32> {
    let folded: Vec<char> = fold_text(name).chars().collect();
    let ascii: Vec<u8>;
    let text = if folded.iter().all(char::is_ascii) {
        ascii = folded.iter().filter_map(|c| u8::try_from(*c).ok()).collect();
        Utf32Str::Ascii(&ascii)
    } else {
        Utf32Str::Unicode(&folded)
    };
    match found {
        Some(found) => pattern.indices(text, matcher, found),
        None => pattern.score(text, matcher),
    }
}

fn split_chars(text: &str, count: usize) -> (&str, &str) {
    let at = text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
    text.split_at(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pizhu_text::text::width::Ambiguous;
    use crate::tui::theme::Theme;

    fn picker() -> Picker {
        let item = |name: &str, alias: &str| PickerItem { name: name.into(), aliases: vec![alias.into()], ..PickerItem::default() };
        Picker::new(
            vec![
                item("人才工作", "talent"),
                item("基层党建", "grassroots party building"),
                item("党员队伍", "membership"),
                item("改革创新", "reform"),
            ],
            true,
        )
    }

    fn names(picker: &Picker) -> Vec<&str> {
        picker.fits.iter().map(|fit| picker.items[fit.item].name.as_str()).collect()
    }

    #[test]
    fn typing_filters_in_either_script_and_by_other_names() {
        let mut picker = picker();
        picker.insert("黨");
        assert_eq!(names(&picker), ["党员队伍", "基层党建"]);
        assert_eq!(picker.fits[1].found, [2]);
        picker.apply(Edit::DeleteToStart);
        picker.insert("talent");
        assert_eq!(names(&picker), ["人才工作"]);
        assert_eq!(picker.fits[0].found, [] as [u32; 0]);
        picker.apply(Edit::DeleteToStart);
        assert_eq!(names(&picker).len(), 4);
    }

    #[test]
    fn digits_choose_only_while_nothing_is_typed() {
        let mut picker = picker();
        assert_eq!(picker.digit(2), Some(1));
        assert_eq!(picker.digit(0), None);
        assert_eq!(picker.digit(5), None);
        picker.insert("工");
        assert_eq!(picker.digit(1), None);
    }

    #[test]
    fn marks_outlast_the_filter() {
        let mut picker = picker();
        picker.insert("党建");
        picker.toggle();
        picker.apply(Edit::DeleteToStart);
        picker.mark(0, true);
        assert_eq!(picker.choice(), Some(Choice::Items(vec![0, 1])));
        picker.mark(0, false);
        picker.mark(1, false);
        picker.step(2);
        assert_eq!(picker.choice(), Some(Choice::Items(vec![2])));
    }

    #[test]
    fn a_new_name_is_created_in_place_and_a_known_one_is_not() {
        let mut picker = picker();
        picker.insert(" 乡村振兴 ");
        assert_eq!(picker.choice(), Some(Choice::Create("乡村振兴".into())));
        picker.apply(Edit::DeleteToStart);
        picker.insert("人才");
        assert_eq!(picker.choice(), Some(Choice::Items(vec![0])));
        picker.step(1);
        assert_eq!(picker.choice(), Some(Choice::Create("人才".into())));
        picker.insert("工作");
        assert_eq!((picker.row_count(), picker.choice()), (1, Some(Choice::Items(vec![0]))));
        let mut closed = Picker::new(Vec::new(), false);
        closed.insert("x");
        assert_eq!(closed.choice(), None);
    }

    #[test]
    fn what_was_found_is_marked_in_the_drawing() {
        let theme = Theme::plain();
        let look = Look { theme: &theme, ambiguous: Ambiguous::Narrow };
        let mut picker = picker();
        picker.insert("创");
        let area = Rect::new(0, 0, 20, 5);
        let mut buffer = Buffer::empty(area);
        assert_eq!(picker.draw(area, &mut buffer, look, "新建"), Some(Position::new(2, 0)));
        assert_eq!(buffer[(2, 1)].symbol(), "改");
        let found = look.style(Role::Found).add_modifier;
        assert!(buffer[(6, 1)].modifier.contains(found));
        assert_eq!(buffer[(0, 2)].symbol(), "+");
    }
}
