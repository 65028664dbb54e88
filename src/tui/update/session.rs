//! What the session of the open speech tells: loading, saving, copies, and the warnings of its store.

use crate::app::review::UndecidedCase;
use crate::locale::notice;
use crate::tui::message::StatusMessage;
use crate::tui::state::State;
use pizhu_annotation::store::CopyStatus;
use pizhu_annotation::{CopyLink, SessionEvent, StoreWarning};

impl State {
    /// Tells an event of the session on the status line; the annotations have come before it.
    pub(super) fn session_told(&mut self, event: SessionEvent) {
        let message = match event {
            SessionEvent::SaveFailed(error)
            | SessionEvent::CheckpointFailed(error)
            | SessionEvent::Unreadable(error)
            | SessionEvent::Copies { copies: Err(error), .. } => Some(StatusMessage::not_saved(&error)),
            SessionEvent::Warning(warning) => localize(&warning),
            SessionEvent::Loaded => self.undecided(),
            SessionEvent::Copies { request, unchanged, copies: Ok(copies) } => self.copies_linked(request, unchanged, &copies),
            SessionEvent::Saved | SessionEvent::Changed => None,
        };
        if message.is_some() {
            self.status = message;
        }
    }

    /// The message that there is something to review; `None` if there is nothing.
    fn undecided(&self) -> Option<StatusMessage> {
        let cases = self.reader.as_ref()?.cases();
        let marks = cases.iter().filter(|case| matches!(case, UndecidedCase::Annotation(_))).count();
        match (marks, cases.len()) {
            (0, 0) => None,
            (0, lost) => Some(StatusMessage::hint(notice::OUTLINE_LOST).with("count", lost)),
            (open, _) => Some(StatusMessage::hint(notice::TO_REVIEW).with("count", open)),
        }
    }

    fn copies_linked(&mut self, request: CopyLink, unchanged: bool, copies: &CopyStatus) -> Option<StatusMessage> {
        Some(match request {
            CopyLink::Query => {
                self.pick_copy_link(copies);
                return None;
            }
            CopyLink::Detach => StatusMessage::done(if unchanged { notice::COPY_WAS_APART } else { notice::COPY_PARTED }),
            CopyLink::Attach if unchanged => StatusMessage::hint(notice::NO_COPIES),
            CopyLink::Attach => StatusMessage::done(notice::COPY_JOINED),
            CopyLink::Take(_) | CopyLink::Refuse if unchanged => StatusMessage::hint(notice::NO_SIMILAR),
            CopyLink::Take(_) => StatusMessage::done(notice::SIMILAR_TAKEN),
            CopyLink::Refuse => StatusMessage::done(notice::SIMILAR_REFUSED),
        })
    }
}

/// Status message for a warning of the store; `None` if the user need not act.
fn localize(warning: &StoreWarning) -> Option<StatusMessage> {
    match warning {
        StoreWarning::Damaged { path, lost } => {
            Some(StatusMessage::error(notice::STORE_DAMAGED).with("path", path.display()).with("count", lost))
        }
        StoreWarning::Unrecognized(path) => Some(StatusMessage::error(notice::STORE_UNRECOGNIZED).with("path", path.display())),
        StoreWarning::NoFolder(path) => Some(StatusMessage::error(notice::STORE_NO_FOLDER).with("path", path.display())),
        StoreWarning::PutAside { aside, .. } => Some(StatusMessage::error(notice::STORE_PUT_ASIDE).with("path", aside.display())),
        StoreWarning::Newer(path) => Some(StatusMessage::error(notice::STORE_NEWER).with("path", path.display())),
        StoreWarning::BroughtBack { path, count } => {
            Some(StatusMessage::error(notice::STORE_BROUGHT_BACK).with("path", path.display()).with("count", count))
        }
        StoreWarning::StateUnwritable { state, instead } => {
            let message = StatusMessage::error(if instead.is_some() { notice::STATE_UNWRITABLE } else { notice::NO_JOURNAL });
            Some(message.with("path", state.display()).with("instead", instead.clone().unwrap_or_default().display()))
        }
        StoreWarning::EditsWaiting { path, count } => {
            Some(StatusMessage::error(notice::EDITS_WAITING).with("path", path.display()).with("count", count))
        }
        StoreWarning::TagsUnited(united) => Some(StatusMessage::hint(notice::TAGS_UNITED).with("name", &united.tag.name)),
        StoreWarning::Migrated { backup, .. } => Some(StatusMessage::hint(notice::STORE_MIGRATED).with("backup", backup.display())),
        StoreWarning::CopyParted { count, .. } => Some(StatusMessage::done(notice::STORE_COPY_PARTED).with("count", count)),
        StoreWarning::Proposed { similar, count, .. } => {
            Some(StatusMessage::hint(notice::STORE_PROPOSED).with("path", similar.display()).with("count", count))
        }
        StoreWarning::Lacking { path, count } => {
            Some(StatusMessage::error(notice::STORE_LACKING).with("path", path.display()).with("count", count))
        }
        StoreWarning::Shared { with, .. } => Some(StatusMessage::hint(notice::STORE_SHARED).with("path", with.display())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::{effect::AppEvent, test_harness::SPEECH, test_harness::Scene};
    use pizhu_annotation::{StoreError, Target};
    use pizhu_text::text::Span;
    use std::sync::Arc;

    fn told(scene: &mut Scene, event: SessionEvent) -> &'static str {
        scene.state.status = None;
        scene.event(AppEvent::Session(Box::new(event)));
        scene.status_id()
    }

    #[test]
    fn events_of_the_session_are_told_by_what_the_user_can_do() {
        let start = SPEECH.chars().position(|c| c == '“').unwrap();
        let passage = [Target::Passage(Span::new(start, start + 10))];
        let mut scene = Scene::edited(SPEECH, &passage, &SPEECH.replace("“三项行动”全面铺开，成效明显。", ""), 80, 24);
        assert_eq!(told(&mut scene, SessionEvent::Loaded), "to-review");
        assert_eq!(told(&mut Scene::reading(SPEECH, 80, 24), SessionEvent::Loaded), "");
        let gone = || Arc::new(StoreError::FolderGone("组".into()));
        let copies = |request, unchanged| SessionEvent::Copies { request, unchanged, copies: Ok(CopyStatus::default()) };
        for (event, expected) in [
            (SessionEvent::Saved, ""),
            (SessionEvent::Changed, ""),
            (SessionEvent::SaveFailed(gone()), "store-gone"),
            (SessionEvent::CheckpointFailed(gone()), "store-gone"),
            (SessionEvent::Unreadable(Arc::new(StoreError::NoHome)), "cannot-save"),
            (SessionEvent::Warning(StoreWarning::Newer("甲.ron".into())), "store-newer"),
            (copies(CopyLink::Attach, true), "no-copies"),
            (copies(CopyLink::Attach, false), "copy-joined"),
            (copies(CopyLink::Refuse, false), "similar-refused"),
            (SessionEvent::Copies { request: CopyLink::Query, unchanged: true, copies: Err(gone()) }, "store-gone"),
        ] {
            assert_eq!(told(&mut scene, event), expected);
        }
    }
}
