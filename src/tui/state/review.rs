//! Deciding about annotations whose place is not certain or gone, one after another.

use super::{Mark, Notice, Overlay, Reader, State};
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Edit;
use pizhu_annotation::review;
use crate::tui::effect::Effect;
use crate::tui::widget::List;
use crate::tui::widget::inside;

/// The review: where one is among what is to be decided.
#[derive(Debug, Clone, Copy, Default)]
pub struct Review {
    /// The position in the list.
    pub list: List,
}

impl Reader {
    /// What is to be decided, in the order of the text.
    #[must_use]
    pub fn cases(&self) -> Vec<&Mark> {
        review::open(self.notes.placements_ref()).collect()
    }

    /// The case that is shown for a position in the list.
    #[must_use]
    pub fn case(&self, review: &Review) -> Option<&Mark> {
        let cases = self.cases();
        let last = cases.len().checked_sub(1)?;
        cases.get(review.list.selected().min(last)).copied()
    }
}

impl State {
    /// Shows what is to be decided.
    pub fn open_review(&mut self) {
        let Some(reader) = &self.reader else { return };
        if reader.cases().is_empty() {
            let id = if reader.notes.is_loaded() { "nothing-to-review" } else { "annotations-not-loaded" };
            self.notice = Some(Notice::hint(id));
            return;
        }
        self.overlay = Some(Overlay::Review(Review::default()));
    }

    /// Moves in the review; whether another case is shown.
    pub fn select_case_by(&mut self, steps: isize) -> bool {
        let count = self.reader.as_ref().map_or(0, |reader| reader.cases().len());
        let height = Self::review_rows(inside(self.size.full()).height, count);
        let Some(Overlay::Review(review)) = &mut self.overlay else { return false };
        let before = review.list.selected().min(count.saturating_sub(1));
        review.list.select(before.saturating_add_signed(steps), count, height);
        review.list.selected() != before
    }

    /// Rows of `height` that list the cases; the others show the selected one.
    #[must_use]
    pub fn review_rows(height: u16, count: usize) -> u16 {
        u16::try_from(count).unwrap_or(u16::MAX).clamp(1, (height / 3).max(1))
    }

    /// Attaches the case shown where it is proposed.
    pub fn accept_case(&mut self, effects: &mut Vec<Effect>) {
        let Some(reader) = &self.reader else { return };
        let Some(mark) = self.shown_case() else { return };
        match review::accept(reader.document(), mark) {
            Some(edit) => {
                effects.push(Effect::Annotate(vec![edit]));
                self.notice = Some(Notice::done("case-accepted"));
            }
            None => self.notice = Some(Notice::hint("nothing-proposed")),
        }
    }

    /// Keeps the case shown as orphaned.
    pub fn orphan_case(&mut self, effects: &mut Vec<Effect>) {
        let Some(id) = self.shown_case().map(Mark::id) else { return };
        effects.push(Effect::Annotate(vec![Edit::Orphan { id }]));
        self.notice = Some(Notice::done("case-kept"));
    }

    /// Leaves the review for the text, where the case shown is to be attached by hand: near the
    /// place that is proposed, or that it had.
    pub fn attach_case_by_hand(&mut self) {
        let Some(mark) = self.shown_case() else { return };
        let (id, near) = (mark.id(), mark.proposed.map_or(mark.annotation.selector.start, |span| span.start));
        self.overlay = None;
        self.moving = Some(id);
        if let Some(reader) = &mut self.reader {
            reader.selection = None;
            reader.jump_to(near.min(reader.document().source.len().saturating_sub(1)));
        }
        self.arrange();
        self.notice = Some(Notice::hint("annotation-taken"));
    }

    fn shown_case(&self) -> Option<&Mark> {
        let Some(Overlay::Review(review)) = &self.overlay else { return None };
        self.reader.as_ref()?.case(review)
    }

    /// The annotation shown in the review.
    #[must_use]
    pub fn reviewed(&self) -> Option<AnnotationId> {
        self.shown_case().map(Mark::id)
    }
}

#[cfg(test)]
mod tests {
    use pizhu_annotation::Anchor;
    use pizhu_annotation::Scope;
    use pizhu_annotation::Target;
    use pizhu_text::document::SectionId;
    use pizhu_text::text::Span;
    use crate::tui::command::Context;
    use crate::tui::scene::SPEECH;
    use crate::tui::scene::Scene;

    /// A section whose heading was changed and a passage that is gone.
    fn scene() -> Scene {
        let start = SPEECH.chars().position(|c| c == '“').unwrap();
        let new = SPEECH
            .replace("“三项行动”全面铺开，成效明显。", "")
            .replace("三、突出重点，推动组织工作再上台阶", "三、接着往下干")
            .replace("（一）抓人才工作。坚持党管人才，引进急需人才一百名", "（一）抓人才队伍。把门打开");
        let scene = Scene::edited(SPEECH, &[Target::Passage(Span::new(start, start + 10)), Target::Section(talent())], &new, 80, 24);
        assert_eq!(scene.reader().cases().len(), 2);
        scene
    }

    /// The section （一）抓人才工作.
    fn talent() -> SectionId {
        let document = Scene::reading(SPEECH, 80, 24).reader().document().clone();
        document.outline.iter().find(|(_, section)| document.quote(section.heading).contains("抓人才")).unwrap().0
    }

    fn anchors(scene: &Scene) -> Vec<(Scope, Anchor)> {
        scene.reader().notes.all().iter().map(|mark| (mark.annotation.scope, mark.anchor)).collect()
    }

    #[test]
    fn one_key_accepts_and_one_keeps_as_orphaned() {
        let mut scene = scene();
        scene.keys("R");
        assert_eq!(scene.state.context(), Context::Review);
        scene.keys("<Enter>");
        assert_eq!(scene.notice(), "nothing-proposed");
        scene.keys("o");
        assert_eq!((scene.notice(), scene.reader().cases().len()), ("case-kept", 1));
        scene.keys("<Enter>");
        assert_eq!((scene.notice(), scene.reader().cases().len()), ("case-accepted", 0));
        assert!(
            anchors(&scene).contains(&(Scope::Passage, Anchor::Orphaned)) && anchors(&scene).contains(&(Scope::Section, Anchor::Exact))
        );
        scene.keys("<Enter>o<Esc>R");
        assert_eq!((scene.notice(), scene.state.context()), ("nothing-to-review", Context::Reader));
    }

    #[test]
    fn a_passage_is_attached_by_hand_to_what_is_selected() {
        let mut scene = scene();
        scene.keys("Rr");
        assert_eq!((scene.notice(), scene.state.context()), ("annotation-taken", Context::Reader));
        scene.keys("Vgr");
        assert_eq!((scene.notice(), scene.reader().cases().len()), ("annotation-resized", 1));
        scene.keys("Rr]sgr");
        assert_eq!(scene.reader().cases().len(), 0);
        assert!(anchors(&scene).iter().all(|(_, anchor)| *anchor == Anchor::Exact));
    }

    #[test]
    fn the_review_is_gone_through_and_left() {
        let mut scene = scene();
        scene.keys("R");
        let first = scene.state.reviewed();
        scene.keys("j");
        assert!(first.is_some() && scene.state.reviewed() != first);
        scene.keys("j");
        assert_eq!(scene.notice(), "at-end");
        scene.keys("gg");
        assert_eq!(scene.state.reviewed(), first);
        scene.keys("x");
        assert_eq!(scene.reader().notes.all().len(), 1);
        scene.keys("<Esc>");
        assert_eq!(scene.state.context(), Context::Reader);
        scene.keys("Rr<Esc>");
        assert_eq!(scene.state.moving, None, "Escape gives it up");
    }
}
