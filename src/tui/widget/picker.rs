//! A list filtered by typing, from which entries are chosen by Enter or digit. Several can be marked,
//! and a name that does not exist yet can be created.
//!
//! Matching is fuzzy and folds script, width and case (組織 matches 组织), over names and aliases (an
//! English gloss); letters also match the pinyin of names and aliases (zuzhi, zz). With an empty filter
//! the entries are in the order given, and those that have a key are chosen by it.

use super::edit::TextEdit;
use super::label::{Label, StyleContext};
use super::line_input::LineInput;
use super::list::{ListState, draw_list};
use crate::tui::theme::StyleRole;
use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};
use pizhu_terminal::paint;
use pizhu_text::search::NameQuery;
use pizhu_text::text::fold::fold_text;
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

/// An entry of a picker.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::tui) struct PickerItem {
    /// The name shown and matched.
    pub name: String,
    /// Other names that are matched.
    pub aliases: Vec<String>,
    /// Text at the right edge: a count, a key, a path.
    pub detail: String,
    /// Where the name belongs, shown after it while filtering: the path of the tag above.
    pub place: String,
    /// Levels of indentation while nothing filters.
    pub indent: usize,
    /// The key that chooses it while nothing filters.
    pub key: Option<char>,
    /// A sign of its own before the name, if it is one cell wide.
    pub sign: String,
    /// The colour of sign and name, by its number in the theme; it also gives the sign to an entry without
    /// one. Entries without a colour are drawn plainly.
    pub color: Option<usize>,
}

/// The user's choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) enum PickerChoice {
    /// Indices of entries in the order given: the marked ones, or the selected one.
    Items(Vec<usize>),
    /// A new name to create.
    Create(String),
}

/// An entry that matches the filter.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PickerMatch {
    item: usize,
    /// Indices of the name's matched chars.
    chars: Vec<u32>,
}

/// The state of a picker: entries, filter, matches and marks.
///
/// Invariant: `matches` are the entries matching the filter; `list` selects one of them, or the
/// creation row if it is offered.
#[derive(Debug, Clone, Default)]
pub(in crate::tui) struct Picker {
    items: Vec<PickerItem>,
    marked: Vec<bool>,
    input: LineInput,
    matches: Vec<PickerMatch>,
    list: ListState,
    height: u16,
    can_create: bool,
}

impl Picker {
    /// A picker over these entries. `can_create`: whether a new name may be created.
    #[must_use]
    pub(in crate::tui) fn new(items: Vec<PickerItem>, can_create: bool) -> Self {
        let mut picker = Self { marked: vec![false; items.len()], items, can_create, height: 10, ..Self::default() };
        picker.refilter();
        picker
    }

    /// Sets the number of list rows (the input row not included).
    pub(in crate::tui) fn resize(&mut self, height: u16) {
        self.height = height.max(1);
        self.list.step(0, self.row_count(), self.height);
    }

    /// Replaces the entries; what was typed stays, and so do selection and marks, at where `kept` says that
    /// an earlier entry is now.
    pub(crate) fn replace_items(&mut self, items: Vec<PickerItem>, kept: impl Fn(usize) -> Option<usize>) {
        let marks: Vec<usize> = self.marks().into_iter().filter_map(&kept).collect();
        let moved = self.list.selected() > 0;
        let selected = self.selected().filter(|_| moved).and_then(&kept);
        self.marked = vec![false; items.len()];
        self.items = items;
        for item in marks {
            self.mark(item, true);
        }
        self.refilter();
        if let Some(item) = selected {
            self.select_item(item);
        }
    }

    /// The entries, in the order given.
    #[must_use]
    pub(in crate::tui) fn items(&self) -> &[PickerItem] {
        &self.items
    }

    /// The filter input.
    #[must_use]
    pub(in crate::tui) fn input(&self) -> &LineInput {
        &self.input
    }

    /// Types or pastes `text` into the filter.
    pub(in crate::tui) fn insert(&mut self, text: &str) {
        self.input.insert(text);
        self.refilter();
    }

    /// Applies an edit operation to the filter; up and down move the selection.
    pub(in crate::tui) fn apply(&mut self, edit: TextEdit) {
        match edit {
            TextEdit::Up => self.step(-1),
            TextEdit::Down => self.step(1),
            _ => {
                if self.input.apply(edit) {
                    self.refilter();
                }
            }
        }
    }

    /// Moves the selection by `steps` rows, wrapping at the ends.
    pub(in crate::tui) fn step(&mut self, steps: isize) {
        self.list.cycle(steps, self.row_count(), self.height);
    }

    /// Selects the visible row `row`. Returns whether there is one.
    pub(in crate::tui) fn click(&mut self, row: u16) -> bool {
        let Some(index) = self.list.entry_at(row, self.row_count(), self.height) else { return false };
        self.list.select(index, self.row_count(), self.height);
        true
    }

    /// The index of the selected entry; `None` on the creation row and in an empty list.
    #[must_use]
    pub(in crate::tui) fn selected(&self) -> Option<usize> {
        self.matches.get(self.list.selected()).map(|fit| fit.item)
    }

    /// Selects the entry `item` if it matches the filter.
    pub(crate) fn select_item(&mut self, item: usize) {
        if let Some(row) = self.matches.iter().position(|fit| fit.item == item) {
            self.list.select(row, self.row_count(), self.height);
        }
    }

    /// Marks or unmarks the entry `item`.
    pub(in crate::tui) fn mark(&mut self, item: usize, marked: bool) {
        if let Some(mark) = self.marked.get_mut(item) {
            *mark = marked;
        }
    }

    /// Toggles the mark of the selected entry and moves to the next, never to the creation row.
    pub(crate) fn toggle(&mut self) {
        if let Some(item) = self.selected() {
            self.marked[item] = !self.marked[item];
            let next = (self.list.selected() + 1).min(self.matches.len().saturating_sub(1));
            self.list.select(next, self.row_count(), self.height);
        }
    }

    /// The indices of the marked entries.
    #[must_use]
    pub(in crate::tui) fn marks(&self) -> Vec<usize> {
        (0..self.items.len()).filter(|item| self.marked[*item]).collect()
    }

    /// The entry with this key, while the filter is empty.
    #[must_use]
    pub(crate) fn keyed(&self, key: char) -> Option<usize> {
        let find = || self.items.iter().position(|item| item.key == Some(key));
        if self.input.is_empty() { find() } else { None }
    }

    /// The current choice: the name to create on the creation row, else the marked entries, else the
    /// selected one; `None` if nothing matches.
    #[must_use]
    pub(in crate::tui) fn choice(&self) -> Option<PickerChoice> {
        let marks = self.marks();
        match self.selected() {
            None if self.offers_creation() => Some(PickerChoice::Create(self.input.text().trim().to_owned())),
            _ if !marks.is_empty() => Some(PickerChoice::Items(marks)),
            selected => selected.map(|item| PickerChoice::Items(vec![item])),
        }
    }

    /// Draws the input in the first row of `area` and the list below; returns the position of the
    /// hardware cursor. `create` is the label of the creation row, `none` is shown if nothing matches.
    pub(in crate::tui) fn draw(
        &self,
        area: Rect,
        buffer: &mut Buffer,
        styles: StyleContext<'_>,
        create: &str,
        none: &str,
    ) -> Option<Position> {
        let at = self.input.draw(Rect { height: area.height.min(1), ..area }, buffer, styles);
        let rows = Rect { y: area.y + area.height.min(1), height: area.height.saturating_sub(1), ..area };
        let marks = self.marked.contains(&true);
        let unfiltered = self.input.text().trim().is_empty();
        let has_keys = self.items.iter().any(|item| item.key.is_some());
        if self.row_count() == 0 && !unfiltered {
            let words = Label::new(none, styles.style(StyleRole::Dim));
            let base = rows.as_position();
            let base = buffer.cell(base).map(ratatui::buffer::Cell::style).unwrap_or_default();
            words.draw(Rect { height: rows.height.min(1), ..rows }, buffer, base, styles.ambiguous);
        }
        draw_list(&self.list, self.row_count(), rows, buffer, styles, |row| {
            let Some(fit) = self.matches.get(row) else {
                return Label::new(format!("+ {create} "), styles.style(StyleRole::Dim))
                    .and(self.input.text().trim(), styles.style(StyleRole::Strong));
            };
            let item = &self.items[fit.item];
            let key = match item.key {
                Some(key) if unfiltered => format!("{key} "),
                _ if has_keys => "  ".to_owned(),
                _ => String::new(),
            };
            let mut label = Label::new(key, styles.style(StyleRole::Key));
            if marks {
                label = label.and(if self.marked[fit.item] { "[x] " } else { "[ ] " }, styles.style(StyleRole::Key));
            }
            let (mut sign, mut style) = (String::new(), Style::new());
            if let Some(color) = item.color {
                let tag = styles.theme.tag(color);
                (sign, style) = (tag.sign.to_string(), tag.label);
            }
            if paint::width(&item.sign, styles.ambiguous) == 1 {
                sign.clone_from(&item.sign);
            }
            if unfiltered && item.indent > 0 {
                label = label.and("  ".repeat(item.indent), style);
            }
            if !sign.is_empty() {
                label = label.and(format!("{sign} "), style);
            }
            let mut rest = item.name.as_str();
            let mut taken = 0;
            for found in &fit.chars {
                let skip = *found as usize - taken;
                let (before, from) = split_chars(rest, skip);
                let (hit, behind) = split_chars(from, 1);
                label = label.and(before, style).and(hit, style.patch(styles.style(StyleRole::Found)));
                rest = behind;
                taken += skip + 1;
            }
            label = label.and(rest, style);
            if !unfiltered && !item.place.is_empty() {
                label = label.and(format!("  {}", item.place), styles.style(StyleRole::Dim));
            }
            if item.detail.is_empty() { label } else { label.right(item.detail.as_str(), styles.style(StyleRole::Dim)) }
        });
        at
    }

    fn row_count(&self) -> usize {
        self.matches.len() + usize::from(self.offers_creation())
    }

    fn offers_creation(&self) -> bool {
        let typed = self.input.text().trim();
        self.can_create && !typed.is_empty() && !self.items.iter().any(|item| item.name == typed)
    }

    fn refilter(&mut self) {
        let typed = fold_text(self.input.text().trim());
        self.matches.clear();
        if typed.is_empty() {
            self.matches.extend((0..self.items.len()).map(|item| PickerMatch { item, chars: Vec::new() }));
        } else {
            let mut matcher = Matcher::new(Config::DEFAULT);
            let query = NameQuery::new(&typed);
            let letters = typed.chars().count();
            let pattern = Pattern::new(&typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
            let mut scored: Vec<(u32, PickerMatch)> = Vec::new();
            for (item, entry) in self.items.iter().enumerate() {
                let mut found = Vec::new();
                let own = score(&pattern, &mut matcher, &entry.name, Some(&mut found));
                // What one reads and has typed comes before what only an alias has.
                let own = own.map(|own| if fold_text(&entry.name).contains(&typed) { own.saturating_add(WORD_IN_NAME) } else { own });
                // An alias counts only if it matches better than the name; no chars are highlighted then.
                let alias = entry.aliases.iter().filter_map(|alias| score(&pattern, &mut matcher, alias, None)).max();
                let sound = query.find_pinyin(&entry.name);
                let own_sound = sound.as_ref().map(|hit| sound_score(letters, hit.start == 0));
                let alias_sound = || entry.aliases.iter().any(|alias| query.find_pinyin(alias).is_some());
                let alias = alias.max(alias_sound().then(|| sound_score(letters, false) / 2));
                if let Some(hit) = sound.filter(|_| own_sound > own) {
                    found = hit.filter_map(|index| u32::try_from(index).ok()).collect();
                }
                let own = own.max(own_sound);
                if alias > own {
                    found.clear();
                }
                if let Some(best) = own.max(alias) {
                    found.sort_unstable();
                    found.dedup();
                    scored.push((best, PickerMatch { item, chars: found }));
                }
            }
            // A stable sort: of equal scores the more used entry stays first.
            scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
            self.matches.extend(scored.into_iter().map(|(_, fit)| fit));
        }
        self.list.select(0, self.row_count(), self.height);
    }
}

/// What is added to the score of a name that has the words as they were typed.
const WORD_IN_NAME: u32 = 1 << 16;

/// The score of a name whose readings match: above that of letters scattered over a name, so that of
/// `rc` 人才 comes before an English word with an r and a c.
fn sound_score(letters: usize, at_start: bool) -> u32 {
    u32::try_from(letters).unwrap_or(u32::MAX).saturating_mul(28) + if at_start { 16 } else { 0 }
}

/// The score of `name` against the pattern, and the indices of its matched chars. Folding keeps the
/// number of chars.
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
    use crate::tui::theme::Theme;
    use pizhu_text::text::width::AmbiguousWidth;

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
        picker.matches.iter().map(|fit| picker.items[fit.item].name.as_str()).collect()
    }

    #[test]
    fn the_filter_matches_either_script_and_aliases() {
        let mut picker = picker();
        picker.insert("黨");
        assert_eq!(names(&picker), ["党员队伍", "基层党建"]);
        assert_eq!(picker.matches[1].chars, [2]);
        picker.apply(TextEdit::DeleteToStart);
        picker.insert("talent");
        assert_eq!(names(&picker), ["人才工作"]);
        assert_eq!(picker.matches[0].chars, [] as [u32; 0]);
        picker.apply(TextEdit::DeleteToStart);
        assert_eq!(names(&picker).len(), 4);
    }

    #[test]
    fn keys_choose_only_with_an_empty_filter() {
        let item = |name: &str, key| PickerItem { name: name.into(), key, ..PickerItem::default() };
        let mut picker = Picker::new(vec![item("人才工作", None), item("基层党建", Some('2')), item("党员队伍", Some('d'))], true);
        assert_eq!([picker.keyed('2'), picker.keyed('d'), picker.keyed('1')], [Some(1), Some(2), None]);
        picker.insert("工");
        assert_eq!(picker.keyed('2'), None);
    }

    /// 素材 found the command that has it among its aliases before the one whose name has it.
    #[test]
    fn a_name_with_the_words_comes_before_an_alias() {
        let item = |name: &str, alias: &str| PickerItem { name: name.into(), aliases: vec![alias.into()], ..PickerItem::default() };
        let mut picker = Picker::new(vec![item("通读一个标签下的段落", "素材"), item("打开素材", "basket")], false);
        picker.insert("素材");
        assert_eq!(picker.selected(), Some(1));
    }

    #[test]
    fn the_filter_matches_pinyin() {
        let mut picker = picker();
        for (typed, first, chars) in
            [("rencai", "人才工作", vec![0, 1]), ("rc", "人才工作", vec![0, 1]), ("dangjian", "基层党建", vec![2, 3])]
        {
            picker.apply(TextEdit::DeleteToStart);
            picker.insert(typed);
            assert_eq!(names(&picker)[0], first, "{typed}");
            assert_eq!(picker.matches[0].chars, chars, "{typed}");
        }
    }

    #[test]
    fn marking_never_reaches_the_creation_row() {
        let mut picker = picker();
        picker.insert("党");
        picker.toggle();
        picker.toggle();
        // On the last match; marking it again takes the mark away.
        assert_eq!(picker.choice(), Some(PickerChoice::Items(vec![1, 2])));
        picker.toggle();
        assert_eq!(picker.choice(), Some(PickerChoice::Items(vec![2])));
    }

    #[test]
    fn marks_survive_filtering() {
        let mut picker = picker();
        picker.insert("党建");
        picker.toggle();
        picker.apply(TextEdit::DeleteToStart);
        picker.mark(0, true);
        assert_eq!(picker.choice(), Some(PickerChoice::Items(vec![0, 1])));
        picker.mark(0, false);
        picker.mark(1, false);
        picker.step(2);
        assert_eq!(picker.choice(), Some(PickerChoice::Items(vec![2])));
    }

    #[test]
    fn only_an_unknown_name_can_be_created() {
        let mut picker = picker();
        picker.insert(" 乡村振兴 ");
        assert_eq!(picker.choice(), Some(PickerChoice::Create("乡村振兴".into())));
        picker.apply(TextEdit::DeleteToStart);
        picker.insert("人才");
        assert_eq!(picker.choice(), Some(PickerChoice::Items(vec![0])));
        picker.step(1);
        assert_eq!(picker.choice(), Some(PickerChoice::Create("人才".into())));
        picker.insert("工作");
        assert_eq!((picker.row_count(), picker.choice()), (1, Some(PickerChoice::Items(vec![0]))));
        let mut closed = Picker::new(Vec::new(), false);
        closed.insert("x");
        assert_eq!(closed.choice(), None);
    }

    #[test]
    fn matched_chars_are_highlighted() {
        let theme = Theme::plain();
        let styles = StyleContext { theme: &theme, ambiguous: AmbiguousWidth::Narrow };
        let mut picker = picker();
        picker.insert("创");
        let area = Rect::new(0, 0, 20, 5);
        let mut buffer = Buffer::empty(area);
        assert_eq!(picker.draw(area, &mut buffer, styles, "新建", "没有"), Some(Position::new(2, 0)));
        assert_eq!(buffer[(0, 1)].symbol(), "改");
        let found = styles.style(StyleRole::Found).add_modifier;
        assert!(buffer[(4, 1)].modifier.contains(found));
        assert_eq!(buffer[(0, 2)].symbol(), "+");
        // A picker that cannot create says that nothing matches.
        let mut closed = Picker::new(Vec::new(), false);
        closed.insert("字数");
        let mut buffer = Buffer::empty(area);
        closed.draw(area, &mut buffer, styles, "新建", "没有");
        assert_eq!(buffer[(0, 1)].symbol(), "没");
    }
}
