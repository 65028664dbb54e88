//! The settings that can be changed in the program, one row a setting.

mod component;
mod view;

mod update;

use crate::locale::{Language, Locale, MessageId, family, id};
use crate::settings::{self, Settings};
use crate::tui::widget::ListState;

/// The list of settings.
#[derive(Debug, Default)]
pub(in crate::tui) struct SettingsMenu {
    /// The selected row.
    pub(in crate::tui) list: ListState,
}

/// A setting that can be changed in the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SettingItem {
    /// Theme name, or `auto`.
    Theme,
    /// Language, or `auto`.
    Language,
    /// Characters per line.
    Width,
    /// First-line indent in characters.
    Indent,
    /// Blank rows between rows.
    LineSpacing,
    /// Blank rows between paragraphs.
    ParagraphSpacing,
    /// Justified rows.
    Justify,
    /// Hanging punctuation.
    Hanging,
    /// Strictness of kinsoku.
    Kinsoku,
    /// Width of ambiguous characters.
    Ambiguous,
    /// Width of the outline.
    Outline,
    /// Notes in the margin.
    Notes,
    /// Frames around windows, and side panes.
    Frames,
    /// Mouse reports.
    Mouse,
    /// Blind coding.
    Blind,
}

impl SettingItem {
    /// All, in list order.
    pub(crate) const ALL: [Self; 15] = [
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
        Self::Blind,
    ];

    /// Id of its message.
    #[must_use]
    pub(crate) fn message(self) -> MessageId {
        match self {
            Self::Theme => id::SETTING_THEME,
            Self::Language => id::SETTING_LANGUAGE,
            Self::Width => id::SETTING_WIDTH,
            Self::Indent => id::SETTING_INDENT,
            Self::LineSpacing => id::SETTING_LINE_SPACING,
            Self::ParagraphSpacing => id::SETTING_PARAGRAPH_SPACING,
            Self::Justify => id::SETTING_JUSTIFY,
            Self::Hanging => id::SETTING_HANGING,
            Self::Kinsoku => id::SETTING_KINSOKU,
            Self::Ambiguous => id::SETTING_AMBIGUOUS,
            Self::Outline => id::SETTING_OUTLINE,
            Self::Notes => id::SETTING_NOTES,
            Self::Frames => id::SETTING_FRAMES,
            Self::Mouse => id::SETTING_MOUSE,
            Self::Blind => id::SETTING_BLIND,
        }
    }

    /// Its value as text.
    #[must_use]
    pub(crate) fn value(self, settings: &Settings, locale: Locale) -> String {
        let switch = |on: bool| locale.text(if on { id::VALUE_ON } else { id::VALUE_OFF }).into_owned();
        let name_or_auto = |name: &str| if name == "auto" { locale.text(id::VALUE_AUTO).into_owned() } else { name.to_owned() };
        match self {
            Self::Theme => name_or_auto(&settings.theme),
            Self::Language => match Language::from_tag(&settings.language) {
                Some(language) => locale.text(family::LANGUAGE.id(language.tag())).into_owned(),
                None => name_or_auto("auto"),
            },
            Self::Width => settings.column_width.to_string(),
            Self::Indent => settings.first_indent.to_string(),
            Self::LineSpacing => settings.line_spacing.to_string(),
            Self::ParagraphSpacing => settings.paragraph_spacing.to_string(),
            Self::Justify => switch(settings.justify),
            Self::Hanging => switch(settings.hanging),
            Self::Kinsoku => match settings.kinsoku {
                settings::KinsokuLevel::Strict => locale.text(id::VALUE_STRICT).into_owned(),
                settings::KinsokuLevel::Loose => locale.text(id::VALUE_LOOSE).into_owned(),
            },
            Self::Ambiguous => match settings.ambiguous {
                settings::AmbiguousSetting::Auto => name_or_auto("auto"),
                settings::AmbiguousSetting::Narrow => locale.text(id::VALUE_NARROW).into_owned(),
                settings::AmbiguousSetting::Wide => locale.text(id::VALUE_WIDE).into_owned(),
            },
            Self::Outline => match settings.outline_width {
                0 => switch(false),
                width => width.to_string(),
            },
            Self::Notes => switch(settings.notes_pane),
            Self::Frames => switch(settings.frames),
            Self::Mouse => switch(settings.mouse),
            Self::Blind => switch(settings.blind),
        }
    }

    /// Changes it by `steps`: numbers within their range; names and switches cycle.
    pub(in crate::tui) fn change(self, settings: &mut Settings, steps: isize, themes: &[String]) {
        let figure = |value: &mut u16, step: isize, max: u16| {
            let wanted = isize::try_from(*value).unwrap_or(0).saturating_add(steps.saturating_mul(step));
            *value = u16::try_from(wanted.clamp(0, isize::try_from(max).unwrap_or(0))).unwrap_or(0);
        };
        let odd = steps % 2 != 0;
        match self {
            Self::Theme => settings.theme = cycle_name(&settings.theme, themes.iter().map(String::as_str), steps),
            Self::Language => {
                settings.language = cycle_name(&settings.language, Language::ALL.iter().map(|language| language.tag()), steps);
            }
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
                    settings::KinsokuLevel::Strict => settings::KinsokuLevel::Loose,
                    settings::KinsokuLevel::Loose => settings::KinsokuLevel::Strict,
                }
            }
            Self::Kinsoku => {}
            Self::Ambiguous => {
                use settings::AmbiguousSetting::{Auto, Narrow, Wide};
                let all = [Auto, Narrow, Wide];
                let at = all.iter().position(|other| *other == settings.ambiguous).unwrap_or(0);
                settings.ambiguous = all[at.cast_signed().saturating_add(steps).rem_euclid(3).unsigned_abs()];
            }
            Self::Outline => figure(&mut settings.outline_width, 2, 120),
            Self::Notes => settings.notes_pane ^= odd,
            Self::Frames => settings.frames ^= odd,
            Self::Mouse => settings.mouse ^= odd,
            Self::Blind => settings.blind ^= odd,
        }
    }
}

/// The name `steps` after `now` in the cycle of `auto` and `names`.
fn cycle_name<'a>(now: &str, names: impl Iterator<Item = &'a str>, steps: isize) -> String {
    let all: Vec<&str> = std::iter::once("auto").chain(names).collect();
    let at = all.iter().position(|name| *name == now).unwrap_or(0);
    all[at.cast_signed().saturating_add(steps).rem_euclid(all.len().cast_signed()).unsigned_abs()].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_change_and_revert() {
        let themes: Vec<String> = ["light", "dark"].map(str::to_owned).into();
        for item in SettingItem::ALL {
            let mut settings = Settings { first_indent: 4, line_spacing: 1, ..Settings::default() };
            let before = settings.clone();
            item.change(&mut settings, 1, &themes);
            assert_ne!(settings, before, "{item:?}");
            item.change(&mut settings, -1, &themes);
            assert_eq!(settings, before, "{item:?}");
        }
    }

    #[test]
    fn numbers_stay_in_range() {
        for item in SettingItem::ALL {
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
