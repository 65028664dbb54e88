//! Updates of the review.

use crate::app::review::{Decision, UndecidedCase};
use crate::locale::{MessageId, notice};
use crate::tui::effect::Effect;
use crate::tui::message::{AnnotationOp, StatusMessage};
use crate::tui::overlay::{Overlay, Review};
use crate::tui::state::State;
use crate::tui::widget::inner_area;
#[cfg(test)]
use pizhu_annotation::AnnotationId;
use pizhu_annotation::OutlineRequest;

impl State {
    /// Opens the review.
    pub(crate) fn open_review(&mut self) {
        let Some(reader) = &self.reader else { return };
        if reader.cases().is_empty() {
            let id = if reader.annotations.is_loaded() { notice::NOTHING_TO_REVIEW } else { notice::ANNOTATIONS_NOT_LOADED };
            self.status = Some(StatusMessage::hint(id));
            return;
        }
        self.overlay = Some(Overlay::Review(Review::default()));
    }

    /// Moves the selection; returns whether it changed.
    pub(crate) fn select_case_by(&mut self, steps: isize) -> bool {
        let count = self.reader.as_ref().map_or(0, |reader| reader.cases().len());
        let height = Review::list_rows(inner_area(self.size.above_status_line()).height, count);
        let Some(Overlay::Review(review)) = &mut self.overlay else { return false };
        let before = review.list.selected().min(count.saturating_sub(1));
        review.list.select(before.saturating_add_signed(steps), count, height);
        review.list.selected() != before
    }

    /// Accepts the proposed position of the selected case.
    pub(crate) fn accept_case(&mut self, effects: &mut Vec<Effect>) {
        self.decide_case(Decision::Accept, notice::CASE_ACCEPTED, effects);
    }

    /// Keeps the selected case as orphaned.
    pub(crate) fn orphan_case(&mut self, effects: &mut Vec<Effect>) {
        self.decide_case(Decision::Orphan, notice::CASE_KEPT, effects);
    }

    fn decide_case(&mut self, decision: Decision, done: MessageId, effects: &mut Vec<Effect>) {
        let (Some(reader), Some(case)) = (&self.reader, self.selected_case()) else { return };
        self.status = Some(match case.decided(reader.document(), decision) {
            Ok(change) => {
                effects.push(change.into());
                StatusMessage::done(done)
            }
            Err(_) => StatusMessage::hint(notice::NOTHING_PROPOSED),
        });
    }

    /// Deletes the annotation of the selected case, or takes back what was mended.
    pub(crate) fn delete_case(&mut self, effects: &mut Vec<Effect>) {
        match self.selected_case() {
            Some(UndecidedCase::Annotation(anchored)) => self.apply_op(AnnotationOp::Delete, anchored.id(), effects),
            Some(UndecidedCase::Heading(placed)) => effects.push(Effect::MendOutline(OutlineRequest::Remove(placed.id))),
            None => {}
        }
    }

    /// Leaves the review to attach the selected case by hand, near its proposed or original position.
    pub(crate) fn attach_case_by_hand(&mut self) {
        let Some(case) = self.selected_case() else { return };
        let (id, near) = (case.id(), case.likeliest_start());
        let hint = if matches!(case, UndecidedCase::Heading(_)) { notice::HEADING_TAKEN } else { notice::ANNOTATION_TAKEN };
        self.close_all_overlays();
        self.moving_annotation = Some(id);
        if let Some(reader) = &mut self.reader {
            reader.selection = None;
            reader.jump_to(near.min(reader.document().source.len().saturating_sub(1)));
        }
        self.arrange();
        self.status = Some(StatusMessage::hint(hint));
    }

    fn selected_case(&self) -> Option<UndecidedCase<'_>> {
        let Some(Overlay::Review(review)) = &self.overlay else { return None };
        self.reader.as_ref()?.case(review)
    }

    /// Its id.
    #[cfg(test)]
    pub(crate) fn selected_case_id(&self) -> Option<AnnotationId> {
        self.selected_case().map(UndecidedCase::id)
    }
}

#[cfg(test)]
mod tests {
    use crate::tui::message::Context;
    use crate::tui::test_harness::SPEECH;
    use crate::tui::test_harness::Scene;
    use pizhu_annotation::AnchorStatus;
    use pizhu_annotation::Scope;
    use pizhu_annotation::Target;
    use pizhu_text::document::SectionId;
    use pizhu_text::text::Span;

    /// A section whose heading was changed, and a passage that was deleted.
    fn scene() -> Scene {
        let start = SPEECH.chars().position(|c| c == '“').unwrap();
        let new = SPEECH
            .replace("“三项行动”全面铺开，成效明显。", "")
            .replace("三、突出重点，推动组织工作再上台阶", "三、接着往下干")
            .replace("（一）抓人才工作。坚持党管人才，引进急需人才一百名", "（一）抓人才队伍。把门打开");
        let scene =
            Scene::edited(SPEECH, &[Target::Passage(Span::new(start, start + 10)), Target::Section(talent_section())], &new, 80, 24);
        assert_eq!(scene.reader().cases().len(), 2);
        scene
    }

    /// The section （一）抓人才工作.
    fn talent_section() -> SectionId {
        let document = Scene::reading(SPEECH, 80, 24).reader().document().clone();
        document.outline.iter().find(|(_, section)| document.quote(section.heading).contains("抓人才")).unwrap().0
    }

    fn anchors(scene: &Scene) -> Vec<(Scope, AnchorStatus)> {
        scene.reader().annotations.all().iter().map(|anchored| (anchored.annotation.scope, anchored.status)).collect()
    }

    #[test]
    fn cases_are_accepted_or_orphaned() {
        let mut scene = scene();
        scene.keys("R");
        assert_eq!(scene.state.context(), Context::Review);
        scene.keys("<Enter>");
        assert_eq!(scene.status_id(), "nothing-proposed");
        scene.keys("o");
        assert_eq!((scene.status_id(), scene.reader().cases().len()), ("case-kept", 1));
        scene.keys("<Enter>");
        assert_eq!((scene.status_id(), scene.reader().cases().len()), ("case-accepted", 0));
        assert!(
            anchors(&scene).contains(&(Scope::Passage, AnchorStatus::Orphaned))
                && anchors(&scene).contains(&(Scope::Section, AnchorStatus::Exact))
        );
        scene.keys("<Enter>o<Esc>R");
        assert_eq!((scene.status_id(), scene.state.context()), ("nothing-to-review", Context::Reader));
    }

    #[test]
    fn case_is_attached_to_selection() {
        let mut scene = scene();
        scene.keys("Rr");
        assert_eq!((scene.status_id(), scene.state.context()), ("annotation-taken", Context::Reader));
        scene.keys("Vgr");
        assert_eq!((scene.status_id(), scene.reader().cases().len()), ("annotation-resized", 1));
        scene.keys("Rr]sgr");
        assert_eq!(scene.reader().cases().len(), 0);
        assert!(anchors(&scene).iter().all(|(_, anchor)| *anchor == AnchorStatus::Exact));
    }

    #[test]
    fn review_navigation() {
        let mut scene = scene();
        scene.keys("R");
        let first = scene.state.selected_case_id();
        scene.keys("j");
        assert!(first.is_some() && scene.state.selected_case_id() != first);
        scene.keys("j");
        assert_eq!(scene.status_id(), "at-end");
        scene.keys("gg");
        assert_eq!(scene.state.selected_case_id(), first);
        scene.keys("x");
        assert_eq!(scene.reader().annotations.all().len(), 1);
        scene.keys("<Esc>");
        assert_eq!(scene.state.context(), Context::Reader);
        scene.keys("Rr<Esc>");
        assert_eq!(scene.state.moving_annotation, None, "Escape gives it up");
    }

    /// They were found only by `pizhu review`.
    #[test]
    fn lost_outline_edit_is_listed_reattached_and_undone() {
        let mut scene = Scene::reading(SPEECH, 80, 24);
        scene.keys("]s]s]s");
        let heading = scene.at_cursor(3);
        scene.keys("O>");
        assert_eq!((scene.status_id(), scene.reader().cases().len()), ("mended", 0), "{heading}");
        let document = scene.reader().document().clone();
        let section = document.outline.section_at(scene.reader().viewport.cursor()).unwrap();
        let span = document.outline.get(section).unwrap().heading;
        let without = SPEECH.chars().enumerate().filter(|(at, _)| !span.contains(*at)).map(|(_, c)| c).collect::<String>();
        scene.reload(pizhu_text::document::parse(without.as_str().into(), &pizhu_text::document::Hints::default()));
        assert_eq!(scene.reader().cases().len(), 1);
        scene.keys("R");
        assert_eq!(scene.state.context(), Context::Review);
        let id = scene.state.selected_case_id().unwrap();
        scene.keys("r");
        assert_eq!((scene.status_id(), scene.state.moving_annotation), ("heading-taken", Some(id)));
        scene.keys("gg]s]sgr");
        assert_eq!((scene.status_id(), scene.reader().cases().len(), scene.state.moving_annotation), ("annotation-resized", 0, None));
        let placed = scene.reader().annotations.outline_edit(id).unwrap();
        assert!(placed.span.is_some(), "{placed:?}");
        // Gone again: kept without asking, or taken back.
        scene.reload(pizhu_text::document::parse("讲话\n要干。\n".into(), &pizhu_text::document::Hints::default()));
        scene.keys("Ro");
        assert_eq!((scene.status_id(), scene.reader().cases().len()), ("case-kept", 0));
        assert!(scene.reader().annotations.outline_edit(id).is_some());
        let mut scene = Scene::reading(SPEECH, 80, 24);
        scene.keys("]s]s]sO>");
        scene.reload(pizhu_text::document::parse("讲话\n要干。\n".into(), &pizhu_text::document::Hints::default()));
        scene.keys("Rx");
        assert!(scene.reader().cases().is_empty() && scene.reader().annotations.outline_edits().all().is_empty());
    }
}
