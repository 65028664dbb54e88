//! What became of a section of two compared speeches, in words.

use super::Locale;
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
            (SectionState::New, 0) => self.text("compare-new").into_owned(),
            (SectionState::Dropped, 0) => self.text("compare-dropped").into_owned(),
            (SectionState::New, _) => self.format("compare-new-partly", &arguments),
            (SectionState::Dropped, _) => self.format("compare-dropped-partly", &arguments),
            (SectionState::Same, _) => self.text("compare-same").into_owned(),
            (SectionState::Reworded | SectionState::Moved, 0) => self.text("compare-rewritten").into_owned(),
            (SectionState::Reworded | SectionState::Moved, _) => self.format("compare-reworded", &arguments),
        };
        if section.sides.contains(&None) || paths[0] == paths[1] {
            return words;
        }
        let id = if section.state == SectionState::Moved { "compare-moved-from" } else { "compare-was" };
        format!("{}{words}", self.format(id, &[("path", paths[0].into())]))
    }
}
