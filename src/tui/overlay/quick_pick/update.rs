//! Opening quick picks, and what choosing an entry does.

use crate::locale::{MessageId, family, id, notice};
use crate::tui::effect::Effect;
use crate::tui::message::StatusMessage;
use crate::tui::overlay::{Overlay, PromptKind, QuickPick, QuickPickAction};
use crate::tui::state::State;
use crate::tui::widget::{Picker, PickerChoice, PickerItem};
use jiff::tz::TimeZone;
use pizhu_annotation::Action;
use pizhu_annotation::ActionKind;
use pizhu_annotation::CopyLink;
use pizhu_annotation::agreement::UnitKind;
use pizhu_annotation::store::{CopyStatus, Proposal, StoreInspection, TrustDecision};
use std::{path::Path, sync::Arc};
use uuid::Uuid;

/// Maximum chars of a quote.
const QUOTE_CHARS: usize = 16;
/// Maximum number of copies named.
const MAX_COPIES_NAMED: usize = 3;

impl State {
    /// Picks a state of the speech's history to restore, latest first.
    pub(crate) fn pick_history(&mut self, history: &[Arc<Action>]) {
        if history.is_empty() {
            self.status = Some(StatusMessage::hint(notice::NO_HISTORY));
            return;
        }
        let mut items: Vec<PickerItem> = history.iter().rev().map(|action| self.history_item(action)).collect();
        items.push(PickerItem { name: self.locale.text(id::HISTORY_START).into_owned(), ..PickerItem::default() });
        let states = history.iter().rev().map(|action| Some(action.id)).chain([None]).collect();
        self.open_quick_pick(id::PROMPT_HISTORY, items, QuickPickAction::RestoreStates(states));
    }

    /// Asks whether a restoration is also to take back what only others have added or changed since.
    pub(crate) fn ask_about_others(&mut self, action: Option<Uuid>, count: usize) {
        let items =
            [id::HISTORY_LEAVE, id::HISTORY_TAKE].map(|id| PickerItem { name: self.locale.text(id).into_owned(), ..PickerItem::default() });
        self.open_quick_pick(id::PROMPT_OTHERS_WORK, items.into(), QuickPickAction::TakeFromOthers(action));
        if let Some(Overlay::QuickPick(quick_pick)) = &mut self.overlay {
            quick_pick.arguments = vec![("count", count.to_string())];
        }
    }

    fn history_item(&self, action: &Action) -> PickerItem {
        let kind = match action.kind {
            ActionKind::Edit => id::HISTORY_EDIT,
            ActionKind::Undo(_) => id::HISTORY_UNDO,
            ActionKind::Redo(_) => id::HISTORY_REDO,
            ActionKind::Restore(_) => id::HISTORY_RESTORE,
            ActionKind::Import => id::HISTORY_IMPORT,
        };
        let mut name = action.at.to_zoned(TimeZone::system()).strftime("%m-%d %H:%M:%S ").to_string();
        name.push_str(&self.locale.text(kind));
        for change in &action.changes {
            let Some(one) = change.after.as_ref().or(change.before.as_ref()) else { continue };
            let quote: String = one.selector.quote.chars().filter(|c| !c.is_whitespace()).take(QUOTE_CHARS).collect();
            let tags = one.tags.names();
            let sign = match (&change.before, &change.after) {
                (None, _) => "+",
                (_, None) => "-",
                _ => "~",
            };
            name.extend([" ", sign, &quote, " ", &tags.join("、")]);
        }
        PickerItem { name, detail: action.author.clone(), ..PickerItem::default() }
    }

    /// Asks whether to detach the speech from its copies, or to attach it to them again.
    pub(crate) fn pick_copy_link(&mut self, copies: &CopyStatus) {
        if !copies.proposed.is_empty() {
            self.pick_proposal(&copies.proposed);
            return;
        }
        if copies.others.is_empty() && !copies.detached {
            self.status = Some(StatusMessage::hint(notice::NO_COPIES));
            return;
        }
        let [title, change, leave] = if copies.detached {
            [id::PROMPT_COPIES_APART, id::COPIES_JOIN, id::COPIES_STAY_APART]
        } else {
            [id::PROMPT_COPIES_SHARED, id::COPIES_PART, id::COPIES_GO_ON_SHARING]
        };
        let mut names: Vec<_> = copies.others.iter().take(MAX_COPIES_NAMED).map(|path| path.display().to_string()).collect();
        if copies.others.len() > names.len() {
            names.push(format!("… ({})", copies.others.len()));
        }
        let item = |id: MessageId, detail: String| PickerItem { name: self.locale.text(id).into_owned(), detail, ..PickerItem::default() };
        let items = vec![item(change, names.join(" ")), item(leave, String::new())];
        self.open_quick_pick(title, items, QuickPickAction::LinkCopies(if copies.detached { CopyLink::Attach } else { CopyLink::Detach }));
    }

    /// Asks whether the annotations of a nearly equal speech belong to this one.
    fn pick_proposal(&mut self, proposals: &[Proposal]) {
        let mut items: Vec<PickerItem> = proposals
            .iter()
            .map(|proposal| {
                let facts = [("count", proposal.count.into()), ("percent", format!("{:.0}", 100.0 * proposal.overlap).into())];
                let id = if proposal.is_copy { id::SIMILAR_COPY } else { id::SIMILAR_TAKE };
                let detail = proposal.path.display().to_string();
                PickerItem { name: self.locale.format(id, &facts), detail, ..PickerItem::default() }
            })
            .collect();
        items.extend(
            [id::SIMILAR_REFUSE, id::SIMILAR_LATER]
                .map(|id| PickerItem { name: self.locale.text(id).into_owned(), ..PickerItem::default() }),
        );
        let texts = proposals.iter().map(|proposal| proposal.hash).collect();
        self.open_quick_pick(id::PROMPT_SIMILAR, items, QuickPickAction::TakeAnnotations(texts));
    }

    /// Asks what an export does that would replace the file at `path`. What is chosen at first leaves
    /// the file alone.
    pub(in crate::tui) fn ask_to_replace(&mut self, kind: PromptKind, path: &Path) {
        let item = |id: MessageId, detail: String| PickerItem { name: self.locale.text(id).into_owned(), detail, ..PickerItem::default() };
        let items = vec![
            item(id::REPLACE_OTHER_NAME, String::new()),
            item(id::REPLACE_FILE, path.display().to_string()),
            item(id::REPLACE_CANCEL, String::new()),
        ];
        self.status = Some(StatusMessage::error(notice::EXPORT_EXISTS).with("path", path.display()));
        self.open_quick_pick(id::PROMPT_REPLACE, items, QuickPickAction::ReplaceFile(kind, path.to_owned()));
    }

    /// Asks how a store is to be used that is not trusted. If something is open, only says so.
    pub(crate) fn pick_trust(&mut self, dir: &Path, inspection: &StoreInspection) {
        if let Some(distrust) = &inspection.distrust {
            if inspection.decision.is_some() {
                return;
            }
            if self.overlay.is_some() {
                self.status = Some(StatusMessage::error(notice::STORE_UNTRUSTED).with("path", dir.display()));
                return;
            }
            let place = [("place", distrust.path().display().to_string().into())];
            let reason = self.locale.format(family::DISTRUST.id(distrust.name()), &place);
            let item =
                |id: MessageId, detail: String| PickerItem { name: self.locale.text(id).into_owned(), detail, ..PickerItem::default() };
            let items =
                vec![item(id::TRUST_READ_ONLY, String::new()), item(id::TRUST_TRUST, String::new()), item(id::TRUST_IGNORE, String::new())];
            let decisions = vec![TrustDecision::ReadOnly, TrustDecision::Trust, TrustDecision::Ignore];
            self.status = Some(StatusMessage::hint(notice::TRUST_REASON).with("reason", reason));
            self.open_quick_pick(id::PROMPT_TRUST, items, QuickPickAction::DecideTrust(decisions));
        } else if let Some((first, _)) = inspection.passed_over.first() {
            let message = StatusMessage::error(notice::STORE_PASSED_OVER).with("count", inspection.passed_over.len());
            self.status = Some(message.with("path", first.display()));
        }
    }

    pub(in crate::tui) fn open_quick_pick(&mut self, title: MessageId, items: Vec<PickerItem>, action: QuickPickAction) {
        self.open_quick_pick_with(title, Vec::new(), items, action);
    }

    pub(in crate::tui) fn open_quick_pick_with(
        &mut self,
        title: MessageId,
        arguments: Vec<(&'static str, String)>,
        items: Vec<PickerItem>,
        action: QuickPickAction,
    ) {
        self.overlay = Some(Overlay::QuickPick(QuickPick { picker: Picker::new(items, false), title, arguments, action }));
        self.fit_overlay();
    }

    pub(in crate::tui) fn accept_quick_pick(&mut self, quick_pick: &QuickPick, effects: &mut Vec<Effect>) {
        let Some(PickerChoice::Items(chosen)) = quick_pick.picker.choice() else {
            self.status = Some(StatusMessage::hint(notice::NOTHING_TO_CHOOSE));
            return;
        };
        let index = chosen.first().copied().unwrap_or(usize::MAX);
        match &quick_pick.action {
            QuickPickAction::RestoreStates(states) => {
                effects.extend(states.get(index).map(|action| Effect::Restore { action: *action, takes_all: false }));
            }
            QuickPickAction::TakeFromOthers(action) => {
                effects.extend((index == 1).then_some(Effect::Restore { action: *action, takes_all: true }));
            }
            QuickPickAction::DecideTrust(decisions) => effects.extend(decisions.get(index).map(|decision| Effect::DecideTrust(*decision))),
            QuickPickAction::LinkCopies(change) => effects.extend((index == 0).then_some(Effect::LinkCopies(*change))),
            QuickPickAction::TakeAnnotations(texts) => {
                let refuse = (index == texts.len()).then_some(CopyLink::Refuse);
                let request = texts.get(index).map(|text| CopyLink::Take(*text)).or(refuse);
                effects.extend(request.map(Effect::LinkCopies));
            }
            QuickPickAction::ReplaceFile(kind, path) => {
                let name = path.to_string_lossy();
                match (index, *kind) {
                    (0, PromptKind::Export(format)) => self.prompt_export(format, path),
                    (0, PromptKind::ExportPassages) => self.prompt_export_passages(Some(&name)),
                    (0, PromptKind::ExportBasket) => self.prompt_export_basket(Some(&name)),
                    (1, PromptKind::ExportBasket) => self.export_basket(&name, true, effects),
                    (0, PromptKind::ExportCounts) => self.prompt_export_counts(Some(&name)),
                    (1, PromptKind::Export(format)) => self.export_annotations(format, &name, true, effects),
                    (1, PromptKind::ExportPassages) => self.export_passages(&name, true, effects),
                    (1, PromptKind::ExportCounts) => self.export_counts(&name, true, effects),
                    _ => self.status = None,
                }
            }
            QuickPickAction::ResumeDraft(draft) => self.accept_draft(draft, index, effects),
            QuickPickAction::QuitWithNote => self.accept_quit_with_note(index, effects),
            QuickPickAction::QuitUnsaved => effects.extend([Effect::Quit, Effect::QuitUnsaved].into_iter().nth(index)),
            QuickPickAction::TagTargets(lists) => {
                if let Some(targets) = lists.get(index) {
                    self.open_tag_picker(targets.clone());
                }
            }
            QuickPickAction::Open(paths) => {
                if let Some(path) = paths.get(index) {
                    self.open_speech(path, effects);
                }
            }
            QuickPickAction::ConfirmTagEdit(edits) => {
                if let Some(edit) = edits.get(index) {
                    self.confirm_tag_edit(edit.clone());
                }
            }
            QuickPickAction::EditTags(edit) if index == 0 => self.edit_tags((**edit).clone(), effects),
            QuickPickAction::EditOneOf(edits) => {
                if let Some(edit) = edits.get(index) {
                    self.edit_tags(edit.clone(), effects);
                }
            }
            QuickPickAction::GoTo(offsets) => {
                if let (Some(offset), Some(reader)) = (offsets.get(index), &mut self.reader) {
                    reader.jump_to(*offset);
                    self.arrange();
                }
            }
            QuickPickAction::GoToCompared(sections) => {
                if let (Some(section), Some(compare)) = (sections.get(index), &mut self.compare) {
                    compare.select_entry(*section);
                }
            }
            QuickPickAction::ShowBasket(baskets) => self.show_basket(baskets.get(index).copied(), effects),
            QuickPickAction::MoveToBasket(baskets) => self.move_to_basket(baskets.get(index).copied(), effects),
            QuickPickAction::DeleteBasket(basket) if index == 1 => self.delete_basket(*basket, effects),
            QuickPickAction::EditTags(_) | QuickPickAction::DeleteBasket(_) => {}
            QuickPickAction::ChangeRecords(request) => effects.extend((index == 1).then(|| Effect::ChangeRecords(request.clone()))),
            QuickPickAction::CompareCoders(pairs) => {
                if let Some(pair) = pairs.get(index) {
                    self.list_disagreements(pair.clone(), UnitKind::Section);
                }
            }
            QuickPickAction::ChooseDisagreement(list) => self.accept_disagreement(list, index, effects),
            QuickPickAction::Settle(disagreement) => self.accept_settlement(disagreement, index, effects),
        }
    }
}
