//! Opening the attributes of a speech, and editing one.

use crate::app::attributes::attribute_type;
use crate::locale::notice;
use crate::tui::effect::Effect;
use crate::tui::message::{RecordRequest, StatusMessage};
use crate::tui::overlay::{AttributeRow, AttributesCard, Overlay, Prompt, PromptKind};
use crate::tui::state::State;
use crate::tui::widget::inner_area;
use pizhu_annotation::AttributeType;
use pizhu_annotation::attribute::is_attribute_key;

impl State {
    /// Opens the attributes of the open speech.
    pub(crate) fn open_attributes(&mut self) {
        let Some(reader) = &self.reader else { return };
        if !reader.annotations.is_loaded() {
            self.status = Some(StatusMessage::hint(notice::ANNOTATIONS_NOT_LOADED));
            return;
        }
        self.overlay = Some(Overlay::Attributes(AttributesCard::default()));
        self.select_attribute_by(0);
    }

    /// The rows of the attributes shown.
    #[must_use]
    pub(in crate::tui) fn attribute_rows(&self, card: &AttributesCard) -> Vec<AttributeRow> {
        let typed = self.attribute_types.iter().map(|(key, _)| key.as_str());
        self.reader.as_ref().map(|reader| card.rows(reader, typed)).unwrap_or_default()
    }

    /// Moves the selection in the attributes; returns whether it changed.
    pub(crate) fn select_attribute_by(&mut self, steps: isize) -> bool {
        let Some(Overlay::Attributes(card)) = &self.overlay else { return false };
        let (count, height) = (self.attribute_rows(card).len(), inner_area(self.size.settings()).height);
        let Some(Overlay::Attributes(card)) = &mut self.overlay else { return false };
        let before = card.list.selected();
        card.list.step(steps, count, height);
        card.list.selected() != before
    }

    fn selected_attribute(&self) -> Option<AttributeRow> {
        let Some(Overlay::Attributes(card)) = &self.overlay else { return None };
        self.attribute_rows(card).into_iter().nth(card.list.selected())
    }

    /// The attribute whose value a prompt asks for.
    pub(in crate::tui) fn asked_attribute(&self) -> Option<String> {
        let Some(Overlay::Prompt(prompt)) = &self.overlay else { return None };
        let (true, Some(Overlay::Attributes(card))) = (prompt.is_above, self.overlays_below.last()) else { return None };
        self.attribute_rows(card).into_iter().nth(card.list.selected()).map(|row| row.key)
    }

    /// Asks for the value of the selected attribute.
    pub(crate) fn edit_attribute(&mut self) {
        let Some(row) = self.selected_attribute() else { return };
        if row.key.is_empty() {
            self.status = Some(StatusMessage::hint(notice::TITLE_BY_HAND));
            return;
        }
        let Some(Overlay::Attributes(card)) = &mut self.overlay else { return };
        // What was refused can be mended.
        let refused = card.refused.take().filter(|(key, _)| *key == row.key);
        self.ask_above(PromptKind::Attribute, refused.as_ref().map_or(row.value(), |(_, text)| text));
    }

    /// Asks for the name of another attribute.
    pub(crate) fn add_attribute(&mut self) {
        self.ask_above(PromptKind::AttributeKey, "");
    }

    /// Opens a prompt above the attributes.
    fn ask_above(&mut self, kind: PromptKind, text: &str) {
        let mut prompt = Prompt::new(kind, 0);
        prompt.input.set(text);
        prompt.is_above = self.lower_overlay();
        self.overlay = Some(Overlay::Prompt(prompt));
    }

    /// Takes the name of another attribute, and asks for its value.
    pub(in crate::tui) fn answer_attribute_key(&mut self, text: &str) {
        let key = text.trim();
        if !is_attribute_key(key) {
            self.status = Some(StatusMessage::error(notice::BAD_ATTRIBUTE_KEY).with("key", key));
            return;
        }
        let Some(Overlay::Attributes(card)) = &mut self.overlay else { return };
        card.new_key = Some(key.to_owned());
        let card = card.clone();
        let rows = self.attribute_rows(&card);
        let height = inner_area(self.size.settings()).height;
        if let (Some(row), Some(Overlay::Attributes(card))) = (rows.iter().position(|row| row.key == key), &mut self.overlay) {
            card.list.select(row, rows.len(), height);
        }
        self.edit_attribute();
    }

    /// Sets the selected attribute; an empty value says that there is none.
    pub(in crate::tui) fn answer_attribute(&mut self, text: &str, effects: &mut Vec<Effect>) {
        let Some(row) = self.selected_attribute() else { return };
        let value = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let values = self.attribute_type(&row.key);
        if !values.allows(&value) {
            if let Some(Overlay::Attributes(card)) = &mut self.overlay {
                card.refused = Some((row.key, text.to_owned()));
            }
            let id = if values == AttributeType::Date { notice::ATTRIBUTE_NO_DATE } else { notice::ATTRIBUTE_NO_NUMBER };
            self.status = Some(StatusMessage::error(id).with("value", value));
            return;
        }
        if value == row.value() && row.attribute.is_some() {
            self.status = Some(StatusMessage::hint(notice::NOTHING_CHANGED));
            return;
        }
        effects.push(Effect::ChangeRecords(RecordRequest::SetAttribute { key: row.key, value }));
    }

    /// Says that the speech has none of the selected attribute.
    pub(crate) fn empty_attribute(&mut self, effects: &mut Vec<Effect>) {
        match self.selected_attribute() {
            Some(row) if !row.key.is_empty() && (!row.is_set() || !row.value().is_empty()) => {
                effects.push(Effect::ChangeRecords(RecordRequest::SetAttribute { key: row.key, value: String::new() }));
            }
            _ => self.status = Some(StatusMessage::hint(notice::NOTHING_CHANGED)),
        }
    }

    /// Takes back what was set for the selected attribute.
    pub(crate) fn unset_attribute(&mut self, effects: &mut Vec<Effect>) {
        match self.selected_attribute() {
            Some(row) if row.is_set() => effects.push(Effect::ChangeRecords(RecordRequest::UnsetAttribute { key: row.key })),
            _ => self.status = Some(StatusMessage::hint(notice::ATTRIBUTE_NOT_SET)),
        }
    }

    /// The type of an attribute's values.
    fn attribute_type(&self, key: &str) -> AttributeType {
        attribute_type(self.attribute_types.iter().map(|(key, values)| (key.as_str(), *values)), key)
    }
}

#[cfg(test)]
mod tests {
    use crate::tui::message::Context;
    use crate::tui::test_harness::Scene;

    #[test]
    fn names_and_values_are_completed() {
        use crate::tui::effect::AppEvent;
        use crate::tui::message::{LibraryEntry, LibraryUpdate};
        let mut scene = scene();
        let entry = LibraryEntry {
            path: "别的.txt".into(),
            attributes: pizhu_library::attributes::Attributes::of_values(
                [("speaker", "李四")],
                &[("轮次".to_owned(), "第二轮".to_owned())].into(),
            ),
            ..LibraryEntry::default()
        };
        scene.event(AppEvent::LibraryUpdated(LibraryUpdate::full(vec![entry])));
        let typed = |scene: &Scene| match &scene.state.overlay {
            Some(crate::tui::overlay::Overlay::Prompt(prompt)) => prompt.input.text().to_owned(),
            _ => panic!("a prompt"),
        };
        scene.keys("nlun<Tab>");
        assert_eq!(typed(&scene), "轮次");
        scene.keys("<Enter><Tab>");
        assert_eq!(typed(&scene), "第二轮");
        scene.keys("<Esc>nspe<Tab><Enter><C-u><Tab>");
        assert_eq!(typed(&scene), "李四");
    }

    const TEXT: &str = "在青禾县人才工作会议上的讲话\n青禾县委书记　张三\n（2024年3月1日）\n同志们：\n今年任务更重，大家要抓紧。\n一、抓人才\n要引来人才。\n";

    fn scene() -> Scene {
        let mut scene = Scene::reading(TEXT, 100, 30);
        scene.perform(crate::tui::effect::Effect::Annotate(Vec::new()));
        scene.keys("ga");
        assert_eq!(scene.state.context(), Context::Attributes);
        scene
    }

    fn set(scene: &Scene) -> Vec<(String, String)> {
        scene.records.attributes().map(|(key, value, _)| (key.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn attributes_are_edited_emptied_and_taken_back() {
        let mut scene = scene();
        // The title is mended where it stands.
        scene.keys("<Enter>");
        assert_eq!((scene.status_id(), scene.state.context()), ("title-by-hand", Context::Attributes));
        // The date is a date.
        scene.keys("j<Enter><C-u>2024-13<Enter>");
        assert_eq!((scene.status_id(), scene.state.context()), ("attribute-no-date", Context::Attributes));
        // What was refused is still there.
        scene.keys("<Enter><BS><BS>03-02<Enter>");
        assert_eq!((scene.status_id(), set(&scene)), ("attribute-set", vec![("date".into(), "2024-03-02".into())]));
        scene.keys("j-");
        assert_eq!(set(&scene), [("date".into(), "2024-03-02".into()), ("speaker".into(), String::new())]);
        scene.keys("x");
        assert_eq!((scene.status_id(), set(&scene).len()), ("attribute-unset", 1));
        scene.keys("x");
        assert_eq!(scene.status_id(), "attribute-not-set", "what was found cannot be taken back");
        scene.keys("<Esc>");
        assert_eq!(scene.state.context(), Context::Reader);
    }

    #[test]
    fn a_new_attribute_gets_a_name_and_a_value() {
        let mut scene = scene();
        scene.state.attribute_types = vec![("人数".to_owned(), pizhu_annotation::AttributeType::Number)];
        scene.keys("na=b<Enter>");
        assert_eq!((scene.status_id(), scene.state.context()), ("bad-attribute-key", Context::Attributes));
        scene.keys("n人数<Enter>很多<Enter>");
        assert_eq!((scene.status_id(), scene.state.context()), ("attribute-no-number", Context::Attributes));
        scene.keys("<Enter><C-u>230<Enter>");
        assert_eq!(set(&scene), [("人数".to_owned(), "230".to_owned())]);
        scene.keys("<Enter><C-u>240<Enter>");
        assert_eq!(set(&scene), [("人数".to_owned(), "240".to_owned())], "it is still selected");
    }
}
