//! Tagging all matches of a search: the sentences or sections they are in, or the matches alone.

use crate::locale::{MessageId, id, notice};
use crate::tui::message::StatusMessage;
use crate::tui::overlay::QuickPickAction;
use crate::tui::state::State;
use crate::tui::widget::PickerItem;
use pizhu_annotation::Target;

impl State {
    /// Asks what to tag of each match of the search.
    pub(crate) fn pick_match_extent(&mut self) {
        let Some(reader) = self.reader.as_ref().filter(|reader| !reader.search.hits().is_empty()) else {
            self.status = Some(StatusMessage::hint(notice::NO_SEARCH_YET));
            return;
        };
        let hits = reader.search.hits();
        let mut sentences: Vec<Target> = hits.iter().map(|hit| Target::Passage(reader.sentence_around(*hit))).collect();
        sentences.dedup();
        let mut lists = vec![(id::EXTENT_SENTENCES, sentences)];
        // Sections wait for the final outline.
        if reader.document().is_final {
            let outline = &reader.document().outline;
            let mut sections: Vec<Target> = hits.iter().filter_map(|hit| outline.section_at(hit.start)).map(Target::Section).collect();
            sections.dedup();
            if !sections.is_empty() {
                lists.push((id::EXTENT_SECTIONS, sections));
            }
        }
        lists.push((id::EXTENT_HITS, hits.iter().copied().map(Target::Passage).collect()));
        let item = |&(id, ref targets): &(MessageId, Vec<Target>)| PickerItem {
            name: self.locale.format(id, &[("count", targets.len().into())]),
            ..PickerItem::default()
        };
        let items: Vec<PickerItem> = lists.iter().map(item).collect();
        let targets = lists.into_iter().map(|(_, targets)| targets).collect();
        self.open_quick_pick(id::PROMPT_EXTENT, items, QuickPickAction::TagTargets(targets));
    }
}
