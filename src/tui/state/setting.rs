//! The settings while the program runs: what follows from them, and changing them.

use super::{Notice, Overlay, State};
use pizhu_text::layout;
use pizhu_text::layout::Style;
use crate::locale::Language;
use crate::locale::Locale;
use crate::settings;
use crate::settings::Settings;
use pizhu_text::text::width::Ambiguous;
use crate::tui::effect::Effect;
use crate::tui::viewport::flow::Spacing;
use crate::tui::widget::List;

/// How text is set and panes are divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// How rows are made; its width is the widest the column becomes.
    pub style: Style,
    /// Blank rows.
    pub spacing: Spacing,
    /// The outline's width in cells, where there is room for it.
    pub outline: u16,
    /// Whether anything stands beside the text. Where the screen is read aloud, row by row, the
    /// outline comes in place of the text.
    pub beside: bool,
    /// Whether notes stand beside their lines where there is room.
    pub notes: bool,
}

/// The outline's width where it is shown although the settings hide it.
const OUTLINE: u16 = 32;

impl Setting {
    /// What follows from the settings in a terminal of these widths.
    #[must_use]
    pub fn of(settings: &Settings, ambiguous: Ambiguous) -> Self {
        Self {
            style: Style {
                width: settings.column_width.saturating_mul(2),
                ambiguous,
                first_indent: settings.first_indent.saturating_mul(2),
                kinsoku: match settings.kinsoku {
                    settings::Kinsoku::Strict => layout::Kinsoku::Strict,
                    settings::Kinsoku::Loose => layout::Kinsoku::Loose,
                },
                hanging: settings.hanging,
                justify: settings.justify,
            },
            spacing: Spacing { paragraph: settings.paragraph_spacing, line: settings.line_spacing },
            outline: if settings.outline_width == 0 { OUTLINE } else { settings.outline_width },
            beside: settings.frames,
            notes: settings.notes_pane && settings.frames,
        }
    }
}

/// A setting that can be changed from inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// A theme's name, or `auto`.
    Theme,
    /// A language, or `auto`.
    Language,
    /// Characters to a line.
    Width,
    /// Indent of first lines.
    Indent,
    /// Blank rows between rows.
    LineSpacing,
    /// Blank rows between paragraphs.
    ParagraphSpacing,
    /// Rows filled to the full width.
    Justify,
    /// Marks hanging into the margin.
    Hanging,
    /// Which marks begin no row.
    Kinsoku,
    /// Width of ambiguous characters.
    Ambiguous,
    /// The outline's width.
    Outline,
    /// Notes beside their lines.
    Notes,
    /// Frames round windows.
    Frames,
    /// The mouse.
    Mouse,
}

impl Item {
    /// All, as they are listed.
    pub const ALL: [Self; 14] = [
        Self::Theme,
        Self::Language,
        Self::Width,
        Self::Indent,
        Self::LineSpacing,
        Self::ParagraphSpacing,
        Self::Justify,
        Self::Hanging,
        Self::Kinsoku,
        Self::Ambiguous,
        Self::Outline,
        Self::Notes,
        Self::Frames,
        Self::Mouse,
    ];

    /// The message that names it.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Theme => "setting-theme",
            Self::Language => "setting-language",
            Self::Width => "setting-width",
            Self::Indent => "setting-indent",
            Self::LineSpacing => "setting-line-spacing",
            Self::ParagraphSpacing => "setting-paragraph-spacing",
            Self::Justify => "setting-justify",
            Self::Hanging => "setting-hanging",
            Self::Kinsoku => "setting-kinsoku",
            Self::Ambiguous => "setting-ambiguous",
            Self::Outline => "setting-outline",
            Self::Notes => "setting-notes",
            Self::Frames => "setting-frames",
            Self::Mouse => "setting-mouse",
        }
    }

    /// Its value in words.
    #[must_use]
    pub fn value(self, settings: &Settings, locale: Locale) -> String {
        let switch = |on: bool| locale.text(if on { "value-on" } else { "value-off" }).into_owned();
        let named = |name: &str| if name == "auto" { locale.text("value-auto").into_owned() } else { name.to_owned() };
        match self {
            Self::Theme => named(&settings.theme),
            Self::Language => match Language::from_tag(&settings.language) {
                Some(language) => locale.text(&format!("language-{}", language.tag())).into_owned(),
                None => named("auto"),
            },
            Self::Width => settings.column_width.to_string(),
            Self::Indent => settings.first_indent.to_string(),
            Self::LineSpacing => settings.line_spacing.to_string(),
            Self::ParagraphSpacing => settings.paragraph_spacing.to_string(),
            Self::Justify => switch(settings.justify),
            Self::Hanging => switch(settings.hanging),
            Self::Kinsoku => match settings.kinsoku {
                settings::Kinsoku::Strict => locale.text("value-strict").into_owned(),
                settings::Kinsoku::Loose => locale.text("value-loose").into_owned(),
            },
            Self::Ambiguous => match settings.ambiguous {
                settings::Ambiguous::Auto => named("auto"),
                settings::Ambiguous::Narrow => locale.text("value-narrow").into_owned(),
                settings::Ambiguous::Wide => locale.text("value-wide").into_owned(),
            },
            Self::Outline => match settings.outline_width {
                0 => switch(false),
                width => width.to_string(),
            },
            Self::Notes => switch(settings.notes_pane),
            Self::Frames => switch(settings.frames),
            Self::Mouse => switch(settings.mouse),
        }
    }

    /// Changes it by `steps`: figures within their ranges, names and switches round and round.
    fn change(self, settings: &mut Settings, steps: isize, themes: &[String]) {
        let figure = |value: &mut u16, step: isize, most: u16| {
            let wanted = isize::try_from(*value).unwrap_or(0).saturating_add(steps.saturating_mul(step));
            *value = u16::try_from(wanted.clamp(0, isize::try_from(most).unwrap_or(0))).unwrap_or(0);
        };
        let odd = steps % 2 != 0;
        match self {
            Self::Theme => settings.theme = round(&settings.theme, themes.iter().map(String::as_str), steps),
            Self::Language => settings.language = round(&settings.language, Language::ALL.iter().map(|language| language.tag()), steps),
            Self::Width => {
                figure(&mut settings.column_width, 2, 120);
                settings.column_width = settings.column_width.max(10);
            }
            Self::Indent => figure(&mut settings.first_indent, 1, 8),
            Self::LineSpacing => figure(&mut settings.line_spacing, 1, 3),
            Self::ParagraphSpacing => figure(&mut settings.paragraph_spacing, 1, 3),
            Self::Justify => settings.justify ^= odd,
            Self::Hanging => settings.hanging ^= odd,
            Self::Kinsoku if odd => {
                settings.kinsoku = match settings.kinsoku {
                    settings::Kinsoku::Strict => settings::Kinsoku::Loose,
                    settings::Kinsoku::Loose => settings::Kinsoku::Strict,
                }
            }
            Self::Kinsoku => {}
            Self::Ambiguous => {
                use settings::Ambiguous::{Auto, Narrow, Wide};
                let all = [Auto, Narrow, Wide];
                let at = all.iter().position(|other| *other == settings.ambiguous).unwrap_or(0);
                settings.ambiguous = all[at.cast_signed().saturating_add(steps).rem_euclid(3).unsigned_abs()];
            }
            Self::Outline => figure(&mut settings.outline_width, 2, 80),
            Self::Notes => settings.notes_pane ^= odd,
            Self::Frames => settings.frames ^= odd,
            Self::Mouse => settings.mouse ^= odd,
        }
    }
}

/// The name `steps` on from `now` among `auto` and `names`.
fn round<'a>(now: &str, names: impl Iterator<Item = &'a str>, steps: isize) -> String {
    let all: Vec<&str> = std::iter::once("auto").chain(names).collect();
    let at = all.iter().position(|name| *name == now).unwrap_or(0);
    all[at.cast_signed().saturating_add(steps).rem_euclid(all.len().cast_signed()).unsigned_abs()].to_owned()
}

impl State {
    /// Shows the settings, to be changed.
    pub fn open_settings(&mut self) {
        self.overlay = Some(Overlay::Settings(List::default()));
    }

    /// Moves in the list of settings; whether the selected one is another.
    pub fn select_setting_by(&mut self, steps: isize) -> bool {
        let height = crate::tui::widget::inside(self.size.settings()).height;
        let Some(Overlay::Settings(list)) = &mut self.overlay else { return false };
        let before = list.selected();
        list.step(steps, Item::ALL.len(), height);
        list.selected() != before
    }

    /// Changes the selected setting by steps.
    pub fn change_setting(&mut self, steps: isize, effects: &mut Vec<Effect>) {
        let Some(Overlay::Settings(list)) = &self.overlay else { return };
        let Some(item) = Item::ALL.get(list.selected()) else { return };
        let themes = self.themes.clone();
        self.set(|settings| item.change(settings, steps, &themes), effects);
    }

    /// Changes the settings, which are then kept in their file; whether anything is another.
    pub fn set(&mut self, change: impl FnOnce(&mut Settings), effects: &mut Vec<Effect>) -> bool {
        let mut settings = self.settings.clone();
        change(&mut settings);
        if settings == self.settings {
            return false;
        }
        self.take_settings(settings);
        effects.push(Effect::KeepSettings(Box::new(self.settings.clone())));
        true
    }

    /// Takes settings as they are in the file now.
    pub fn take_settings(&mut self, settings: Settings) {
        if settings.outline_width != self.settings.outline_width
            && let Some(reader) = &mut self.reader
        {
            reader.outline_shown = settings.outline_width > 0;
        }
        self.pointer.on = settings.mouse;
        self.setting = Setting::of(&settings, self.setting.style.ambiguous);
        self.settings = settings;
        self.arrange();
    }

    /// Makes the column wider or narrower by `by` characters.
    pub fn widen(&mut self, by: i16, effects: &mut Vec<Effect>) {
        // From what is seen: the screen may be narrower than the column may become.
        let from = self.panes().column.width.min(self.setting.style.width) / 2;
        let width = from.saturating_add_signed(by).clamp(10, 120);
        self.set(|settings| settings.column_width = width, effects);
        self.notice = Some(Notice::done("column-width").with("chars", width));
    }

    /// The next theme there is.
    pub fn next_theme(&mut self, effects: &mut Vec<Effect>) {
        let at = self.themes.iter().position(|name| *name == self.theme).map_or(0, |at| at + 1);
        if let Some(name) = self.themes.get(at % self.themes.len().max(1)).cloned() {
            self.notice = Some(Notice::done("theme").with("name", &name));
            self.set(|settings| settings.theme = name, effects);
        }
    }

    /// The next language.
    pub fn next_language(&mut self, effects: &mut Vec<Effect>) {
        let language = self.locale.language().next();
        self.locale = Locale::new(language);
        let name = self.locale.text(&format!("language-{}", language.tag())).into_owned();
        self.notice = Some(Notice::done("language").with("name", name));
        self.set(|settings| language.tag().clone_into(&mut settings.language), effects);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_changes_something_and_comes_back() {
        let themes: Vec<String> = ["light", "dark"].map(str::to_owned).into();
        for item in Item::ALL {
            let mut settings = Settings { first_indent: 4, line_spacing: 1, ..Settings::default() };
            let before = settings.clone();
            item.change(&mut settings, 1, &themes);
            assert_ne!(settings, before, "{item:?}");
            item.change(&mut settings, -1, &themes);
            assert_eq!(settings, before, "{item:?}");
        }
    }

    #[test]
    fn figures_stay_in_their_ranges() {
        for item in Item::ALL {
            for steps in [isize::MIN, -1000, 1000, isize::MAX] {
                let mut settings = Settings::default();
                item.change(&mut settings, steps, &[]);
                let text = ron::to_string(&settings).unwrap();
                let (back, problems) = settings::parse(&text).unwrap();
                assert_eq!((back, problems), (settings, vec![]), "{item:?}");
            }
        }
    }
}
