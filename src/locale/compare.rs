//! What became of a section of two compared speeches, in words.

use super::Locale;
use crate::locale::id;
use pizhu_library::compare::{ComparedSection, SectionState, percent};

impl Locale {
    /// The share of a section that the other speech has, and where it was. `paths` are those of the section
    /// in either speech.
    ///
    /// Example: `moved from 一、/3, 71% as before`.
    pub(crate) fn compared_section(self, section: &ComparedSection, paths: [&str; 2]) -> String {
        let shown = usize::from(section.sides[1].is_some());
        let share = percent(section.sides[shown].as_ref().map_or(0.0, |side| side.kept));
        let arguments = [("percent", share.into())];
        let words = match (section.shown_state(), share) {
            (SectionState::New, 0) => self.text(id::COMPARE_NEW).into_owned(),
            (SectionState::Dropped, 0) => self.text(id::COMPARE_DROPPED).into_owned(),
            (SectionState::New, _) => self.format(id::COMPARE_NEW_PARTLY, &arguments),
            (SectionState::Dropped, _) => self.format(id::COMPARE_DROPPED_PARTLY, &arguments),
            (SectionState::Same, _) => self.text(id::COMPARE_SAME).into_owned(),
            (SectionState::Reworded | SectionState::Moved, 0) => self.text(id::COMPARE_REWRITTEN).into_owned(),
            (SectionState::Reworded | SectionState::Moved, _) => self.format(id::COMPARE_REWORDED, &arguments),
        };
        if section.sides.contains(&None) || paths[0] == paths[1] {
            return words;
        }
        let id = if section.state == SectionState::Moved { id::COMPARE_MOVED_FROM } else { id::COMPARE_WAS };
        format!("{}{words}", self.format(id, &[("path", paths[0].into())]))
    }
}
