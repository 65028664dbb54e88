//! Quick picks: states of the history, disagreements between coders, sharing with copies, drafts, and
//! questions before quitting.

mod component;
mod consensus;
mod update;

use crate::locale::MessageId;
use crate::tui::message::{RecordRequest, TagEdit};
use crate::tui::overlay::{FoundDraft, PromptKind};
use crate::tui::widget::Picker;
use pizhu_annotation::CopyLink;
use pizhu_annotation::RecordId;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::Target;
use pizhu_annotation::agreement::{UnitCoding, UnitKind};
use pizhu_annotation::store::TrustDecision;
use std::path::PathBuf;
use uuid::Uuid;

/// The disagreements of two coders, as they are listed: the open ones, then what both gave if there is
/// any, then the other kinds of units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct DisagreementList {
    /// The coders.
    pub coders: [String; 2],
    /// What they are compared by.
    pub kind: UnitKind,
    /// The units not settled.
    pub open: Vec<UnitCoding>,
    /// The units with the same tags of both, not taken over.
    pub agreed: Vec<UnitCoding>,
    /// The other kinds of units.
    pub kinds: Vec<UnitKind>,
}

/// A disagreement to be settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) struct OpenDisagreement {
    /// The coders.
    pub coders: [String; 2],
    /// What they are compared by.
    pub kind: UnitKind,
    /// The unit.
    pub unit: UnitCoding,
}

/// Action of a quick pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::tui) enum QuickPickAction {
    /// Restores the state after this action; `None` before the first. One per entry.
    RestoreStates(Vec<Option<Uuid>>),
    /// Leaves what only others have changed since this action, or restores the state before their work, too.
    TakeFromOthers(Option<Uuid>),
    /// Tags these targets. One list per entry.
    TagTargets(Vec<Vec<Target>>),
    /// Opens this speech. One per entry.
    Open(Vec<PathBuf>),
    /// Goes to this char offset. One per entry.
    GoTo(Vec<usize>),
    /// Goes to this section of the comparison. One per entry.
    GoToCompared(Vec<usize>),
    /// The second entry changes the records; the first does nothing.
    ChangeRecords(RecordRequest),
    /// Compares these two coders. One per entry.
    CompareCoders(Vec<[String; 2]>),
    /// Settles a disagreement, or does what the last entries say.
    ChooseDisagreement(Box<DisagreementList>),
    /// Settles the disagreement: one entry for each choice.
    Settle(Box<OpenDisagreement>),
    /// Asks for another name for the export, replaces the file, or does nothing.
    ReplaceFile(PromptKind, PathBuf),
    /// Decides how the store is used. One per entry.
    DecideTrust(Vec<TrustDecision>),
    /// The first entry changes the link to the copies; the second does nothing.
    LinkCopies(CopyLink),
    /// Takes the annotations of the speech with this text, one per entry; then refuses them all, or
    /// does nothing.
    TakeAnnotations(Vec<SpeechHash>),
    /// Continues the draft, discards it, or keeps it for later.
    ResumeDraft(Box<FoundDraft>),
    /// Says what a change of the codebook will touch, and asks. One per entry.
    ConfirmTagEdit(Vec<TagEdit>),
    /// The first entry changes the codebook; the second does nothing.
    EditTags(Box<TagEdit>),
    /// Changes the codebook. One per entry.
    EditOneOf(Vec<TagEdit>),
    /// Shows this basket, one per entry; the last entry makes a new one.
    ShowBasket(Vec<RecordId>),
    /// Moves the selected entry into this basket, one per entry; the last entry makes a new one.
    MoveToBasket(Vec<RecordId>),
    /// The first entry keeps the basket; the second deletes it.
    DeleteBasket(RecordId),
    /// Saves the note below and quits, discards it and quits, or stays.
    QuitWithNote,
    /// Tries again to save the edits and quits, quits without them, or stays.
    QuitUnsaved,
}

/// A picker whose entries run an action.
#[derive(Debug)]
pub(in crate::tui) struct QuickPick {
    /// The entries.
    pub picker: Picker,
    /// Id of the title's message.
    pub title: MessageId,
    /// Arguments of the title's message.
    pub arguments: Vec<(&'static str, String)>,
    /// What choosing an entry does.
    pub(in crate::tui) action: QuickPickAction,
}
