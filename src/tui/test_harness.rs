//! Test harness: a screen without a terminal. Keys go in, the state is inspected. Pure effects are
//! performed at once; annotations are kept in memory.

use super::{
    codebook_jobs::refused_edit,
    command::{default_keymap, keymap::Keymap},
    effect::{AppEvent, Effect},
    key::parse_sequence,
    message::{
        BasketEdited, BasketRequest, BasketWork, ComparedContent, EditDirection, PassageExtent, Size, SpeechRecords, StatusMessage,
        StoreBaskets, StoreTags,
    },
    screens::memos::message::{MemoChange, MemoEdit, StoreMemos, is_same_subject},
    state::{LibraryScreen, Origin, ReaderScreen, State},
    update::update,
};
use crate::app::compare::ComparedSpeeches;
use crate::app::find::FoundSpans;
use crate::locale::notice;
use crate::settings::Settings;
use pizhu_annotation::Codebook;
use pizhu_annotation::CodebookChange;
use pizhu_annotation::Edit;
use pizhu_annotation::Target;
use pizhu_annotation::anchor::{PastTexts, TextComparison};
use pizhu_annotation::edit::plan;
use pizhu_annotation::store::TagUsage;
use pizhu_annotation::{Action, AnchorStatus, BasketEdit, BasketItem, BasketList, BasketName, RecordId, RecordSet, Store, StoreLocation};
use pizhu_annotation::{AnchorIndex, OutlineEdits, OutlineRequest, OutlineState, RecordMap};
use pizhu_annotation::{Memo, MemoSubject};
use pizhu_library::basket::{PassageState, ResolvedBasket};
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::search::Matcher;
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use std::{collections::BTreeSet, sync::Arc};

/// An invented speech with sections on three levels.
pub(crate) const SPEECH: &str = "在青禾县组织工作推进会的讲话

同志们：

今天召开这次会议，主要任务是总结去年工作，部署今年任务。下面，我讲三点意见。

一、肯定成绩，增强做好组织工作的信心

过去一年，全县组织工作有声有色，干部队伍建设得到加强。“三项行动”全面铺开，成效明显。

（一）干部队伍焕发新气象。选优配强乡镇班子，调整干部八十六人次，平均年龄下降两岁。

（二）基层党建迈上新台阶。一是抓实支部建设，标准化支部达到九成。二是抓好党员教育，培训党员两千人次。三是抓牢阵地保障，新建服务中心十二个。

二、认清形势，找准工作中的差距

成绩来之不易，问题不容忽视。有的支部作用发挥不够，有的干部担当精神不足，有的地方人才流失严重。

三、突出重点，推动组织工作再上台阶

（一）抓人才工作。坚持党管人才，引进急需人才一百名，留住本土人才。

（二）抓作风建设。持之以恒正风肃纪，让干部心有所畏、言有所戒、行有所止。

同志们，做好今年工作责任重大。让我们共同努力，谱写青禾发展新篇章！
";

/// A headless screen.
pub(crate) struct Scene {
    pub state: State,
    pub keymap: Keymap,
    pub annotations: AnchorIndex,
    /// The codebook that the tags screen changes.
    pub codebook: Codebook,
    /// The memos of the memos screen.
    pub memos: Vec<Memo>,
    /// Author of the annotations made.
    pub author: &'static str,
    /// Whether texts are compared at once.
    pub(super) compares: bool,
    /// The records of the project: baskets.
    pub project: RecordSet,
    /// The document as it is mended, and the records of it.
    mended: Option<(Arc<Document>, (RecordMap, OutlineEdits))>,
    /// What is known of the speech beside the annotations.
    pub records: RecordSet,
    /// Effects that were not performed.
    pub unperformed: Vec<Effect>,
    /// Clock of mouse events, in seconds.
    pub seconds: u64,
}

/// The comparison of two speeches.
pub(crate) fn compared(documents: [Document; 2]) -> ComparedContent {
    let [one, other] = documents.map(Arc::new);
    ComparedContent::Speeches(ComparedSpeeches::new([("甲.txt".into(), one), ("乙.txt".into(), other)]))
}

impl Scene {
    /// Opens a text in a terminal of that size.
    pub(super) fn reading(text: &str, width: u16, height: u16) -> Self {
        let document = Arc::new(parse(SourceText::from(text), &Hints::default()));
        Self::with_document(document, width, height)
    }

    /// Opens a document in a terminal of that size.
    pub(super) fn with_document(document: Arc<Document>, width: u16, height: u16) -> Self {
        let mut scene = Self::library(width, height);
        let options = scene.state.display_options.clone();
        let mut reader = ReaderScreen::new(1, Origin { encoding: "UTF-8", ..Origin::default() }, document, options.style, options.spacing);
        reader.annotations.set_codebook(Arc::new(Codebook::starter()));
        scene.state.last_opening = 1;
        scene.state.show_reader(reader);
        scene
    }

    /// Opens `new` with annotations that were made on `old`, in a terminal of that size.
    pub(super) fn edited(old: &str, targets: &[Target], new: &str, width: u16, height: u16) -> Self {
        let (old, new) = [old, new].map(|text| Arc::new(parse(SourceText::from(text), &Hints::default()))).into();
        let mut scene = Self::with_document(Arc::clone(&new), width, height);
        let made = targets.iter().map(|target| {
            let edit = Edit::Tag { target: *target, tags: vec![pizhu_annotation::TagRef::derived("人才工作")] };
            let (_, changes) = plan(edit, "测试", &old, &AnchorIndex::default()).unwrap();
            Arc::new(changes.into_iter().find_map(|change| change.after).unwrap())
        });
        scene.annotations = AnchorIndex::new(&new, made);
        scene.send_annotations();
        scene
    }

    fn send_annotations(&mut self) {
        let placements = Arc::new(self.annotations.clone());
        let document = self.mended.as_ref().map_or_else(|| Arc::clone(self.reader().document()), |(document, _)| Arc::clone(document));
        let outline_edits = Arc::new(self.mended.as_ref().map(|(_, (_, edits))| edits.clone()).unwrap_or_default());
        let records = SpeechRecords {
            records: self.records.clone(),
            is_done: self.records.is_done(self.author),
            hides_others: self.state.settings.blind && !self.records.is_done(self.author),
        };
        let (unsaved, records) = (Arc::new(BTreeSet::new()), Arc::new(records));
        self.event(AppEvent::Annotations { opening: 1, document, annotations: placements, unsaved, outline_edits, records });
    }

    /// Shows the library screen.
    pub(super) fn library(width: u16, height: u16) -> Self {
        let settings = Settings { paragraph_spacing: 0, ..Settings::default() };
        let keymap = default_keymap().unwrap();
        let state = State::new(Size { width, height }, LibraryScreen::samples("samples".into()), settings);
        Self {
            state,
            keymap,
            annotations: AnchorIndex::default(),
            codebook: Codebook::starter(),
            memos: Vec::new(),
            project: RecordSet::default(),
            author: "测试",
            unperformed: Vec::new(),
            seconds: 0,
            mended: None,
            compares: true,
            records: RecordSet::default(),
        }
    }

    /// Presses keys, e.g. `]s<Enter>`.
    pub(super) fn keys(&mut self, notation: &str) -> &mut Self {
        let keys = if notation.is_empty() { Vec::new() } else { parse_sequence(notation).unwrap() };
        for key in keys {
            self.event(AppEvent::Key(key));
        }
        self
    }

    /// Dispatches an event and performs its effects.
    pub(super) fn event(&mut self, event: AppEvent) {
        let mut effects = Vec::new();
        update(&mut self.state, &self.keymap, event, &mut effects);
        for effect in effects {
            self.perform(effect);
        }
    }

    pub(super) fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Find { query, mode, generation, document, .. } => {
                let hits = Matcher::new(&query, mode).map(|matcher| matcher.hits(&document, document.source.span()));
                let found = FoundSpans { hits: hits.unwrap_or_default(), complete: true, error: None };
                self.event(AppEvent::FoundSpans { generation, found });
            }
            Effect::Annotate(edits) => {
                let document = Arc::clone(self.reader().document());
                for edit in edits {
                    let (_, changes) = plan(edit, self.author, &document, &self.annotations).unwrap();
                    for change in changes {
                        match change.after {
                            Some(after) => self.annotations.resolve_and_insert(&document, Arc::new(after)),
                            None => drop(change.before.and_then(|before| self.annotations.remove(before.id))),
                        }
                    }
                }
                self.send_annotations();
            }
            Effect::LoadTags { .. } => self.send_tags(),
            Effect::EditTags { edit, .. } => {
                let before = self.codebook.clone();
                let event = match edit.apply(&mut self.codebook) {
                    Ok(()) => {
                        let change = Arc::new(CodebookChange::between(&before, &self.codebook));
                        AppEvent::TagsEdited { edit, change }
                    }
                    Err(error) => AppEvent::TagsRefused { edit, message: refused_edit(&error) },
                };
                self.event(event);
                self.send_tags();
            }
            Effect::MendOutline(request) => self.mend_outline(request),
            Effect::LoadMemos { .. } => self.send_memos(),
            Effect::EditMemo { edit, .. } => {
                let change = Arc::new(self.edit_memos(&edit));
                self.event(AppEvent::MemoEdited { edit, change });
                self.send_memos();
            }
            Effect::CompareTexts { opening, old, speech } if self.compares => {
                let comparison = TextComparison::new(&old.source, &speech.document.source).map(Arc::new);
                self.event(AppEvent::TextsCompared { opening, speech, comparison });
            }
            Effect::Basket(request) if !matches!(request.work, BasketWork::Export { .. }) => self.work_on_basket(&request),
            Effect::ChangeRecords(request) => {
                request.apply(&mut self.records, self.author);
                self.send_annotations();
                self.event(AppEvent::Status(request.done_message()));
            }
            other => self.unperformed.push(other),
        }
    }

    fn send_memos(&mut self) {
        let report = StoreMemos { store: "批注库".into(), memos: Arc::new(self.memos.clone()) };
        self.event(AppEvent::Memos(Box::new(report)));
    }

    /// Changes the memos, as if each were one of the project.
    fn edit_memos(&mut self, edit: &MemoEdit) -> MemoChange {
        let author = self.author.to_owned();
        let new = |subject: MemoSubject, text: &str| Memo { subject, author: Some(author.clone()), modified: None, text: text.to_owned() };
        let mut put = |subject: MemoSubject, text: &str| {
            let at = self.memos.iter().position(|memo| is_same_subject(&memo.subject, &subject));
            let before = at.map(|at| self.memos.remove(at)).map(|memo| memo.text).unwrap_or_default();
            if !text.is_empty() {
                self.memos.insert(at.unwrap_or(0).min(self.memos.len()), new(subject, text));
            }
            before
        };
        let (subject, text) = match edit {
            MemoEdit::Write { subject, text } => (subject.clone(), text.as_str()),
            MemoEdit::Add { text } => (MemoSubject::Project(RecordId::new()), text.as_str()),
            MemoEdit::Undo { change, .. } => match &**change {
                MemoChange::Project { id, before, .. } => (MemoSubject::Project(*id), before.as_str()),
                other => panic!("{other:?}"),
            },
        };
        let before = put(subject.clone(), text);
        let id = match subject {
            MemoSubject::Project(id) => id,
            _ => RecordId::new(),
        };
        MemoChange::Project { id, author, before, after: text.to_owned() }
    }

    /// Sends the codebook, with the use of its tags in the open speech.
    fn send_tags(&mut self) {
        let sets = self.annotations.iter().map(|placed| (self.codebook.current_tags(&placed.annotation.tags), 1)).collect();
        let usage = Arc::new(TagUsage::count(&self.codebook, [sets]));
        let report = StoreTags { store: "批注库".into(), book: Arc::new(self.codebook.clone()), usage };
        self.event(AppEvent::Tags(Box::new(report)));
    }

    /// Works on the baskets as their thread does, in memory.
    fn work_on_basket(&mut self, request: &BasketRequest) {
        let list = BasketList::new(self.project.records());
        let shown = request.basket.and_then(|id| list.get(id)).or_else(|| list.latest()).map(|basket| basket.id);
        let (edit, told, direction) = match &request.work {
            BasketWork::Load | BasketWork::Export { .. } => return self.send_baskets(shown),
            BasketWork::Put(passage) => {
                let location = StoreLocation { dir: "批注库".into(), root: None, shared: false };
                let store = Store::new(location, "".into()).with_snapshots(false);
                let document = passage.document.clone().unwrap_or_else(|| Arc::clone(self.reader().document()));
                let (target, annotation) = match passage.extent {
                    PassageExtent::Target(target, annotation) => (target, annotation),
                    PassageExtent::Span(span) => (Target::Passage(span), None),
                    PassageExtent::Sentence(offset) => (Target::Passage(Span::new(offset, offset + 2)), None),
                };
                let made = store.basket_passage(&document, "讲话.txt".as_ref(), target, annotation).unwrap();
                let basket = shown.map_or(BasketName::Named("素材".into()), BasketName::Id);
                let items = vec![BasketItem::Passage(Box::new(made))];
                (BasketEdit::Add { basket, at: None, items }, StatusMessage::done(notice::BASKET_PUT), EditDirection::Forward)
            }
            BasketWork::Edit { edit, told, direction } => (edit.clone(), told.clone(), *direction),
        };
        let before = self.project.clone();
        if edit.apply(&mut self.project, self.author).is_err() {
            return self.event(AppEvent::Status(StatusMessage::hint(notice::BASKET_BAD_NAME)));
        }
        let action = Arc::new(Action::between(&before, &self.project, self.author));
        let list = BasketList::new(self.project.records());
        let entry = action.records.iter().map(|change| change.id).find(|id| list.find_entry(*id).is_some());
        let own = entry.and_then(|id| list.find_entry(id)).map(|(basket, _)| basket.id);
        let made = action.records.iter().map(|change| change.id).find(|id| list.get(*id).is_some());
        let basket = if matches!(edit, BasketEdit::MoveTo { .. }) { shown } else { own.or(made).or(shown) };
        let edited = BasketEdited { action, basket, entry, told, waits: None, direction };
        self.event(AppEvent::BasketEdited(Box::new(edited)));
        self.send_baskets(basket);
    }

    fn send_baskets(&mut self, shown: Option<RecordId>) {
        let list = Arc::new(BasketList::new(self.project.records()));
        let basket = shown.and_then(|id| list.get(id)).or_else(|| list.latest());
        let shown = basket.map(|basket| {
            let mut resolved = ResolvedBasket::as_kept(basket, &list.label(basket.id));
            for passage in resolved.entries.iter_mut().filter_map(|entry| entry.passage.as_mut()) {
                passage.state = PassageState::Anchored(AnchorStatus::Exact);
                passage.file = Some("讲话.txt".into());
            }
            Arc::new(resolved)
        });
        self.event(AppEvent::Baskets(Box::new(StoreBaskets { store: "批注库".into(), list, shown })));
    }

    /// Mends the outline as the session does.
    fn mend_outline(&mut self, request: OutlineRequest) {
        let (document, records, edits) = self.mended.take().map_or_else(
            || (Arc::clone(self.reader().document()), RecordMap::new(), OutlineEdits::default()),
            |(document, (records, edits))| (document, records, edits),
        );
        let state = OutlineState { document: &document, records: &records, edits: &edits, anchors: &self.annotations };
        if let Ok(plan) = state.plan(request, self.author) {
            let mut records = records;
            for change in plan.records {
                match change.after {
                    Some(after) => drop(records.insert(change.id, after)),
                    None => drop(records.remove(&change.id)),
                }
            }
            let document = Arc::new(plan.document);
            let mut annotations: Vec<_> = self.annotations.iter().map(|placed| Arc::clone(&placed.annotation)).collect();
            for after in plan.changes.into_iter().filter_map(|change| change.after) {
                annotations.retain(|annotation| annotation.id != after.id);
                annotations.push(Arc::new(after));
            }
            self.annotations = AnchorIndex::new(&document, annotations);
            self.mended = Some((document, (records, plan.edits)));
            self.send_annotations();
            // Of what the review decides, it tells itself.
            if !matches!(request, OutlineRequest::Attach(..) | OutlineRequest::Orphan(_)) {
                self.event(AppEvent::Status(StatusMessage::done(notice::MENDED)));
            }
        } else {
            self.mended = Some((document, (records, edits)));
            self.event(AppEvent::Status(StatusMessage::hint(notice::CANNOT_MOVE)));
        }
    }

    /// Reloads the open speech with another text.
    pub(super) fn reload(&mut self, document: Document) {
        let mut document = Arc::new(document);
        if let Some((_, (records, _))) = self.mended.take() {
            let edits = OutlineEdits::new(&document, &records, PastTexts::default());
            document = Arc::new(edits.mend(&document));
            self.mended = Some((Arc::clone(&document), (records, edits)));
        }
        self.annotations = AnchorIndex::new(&document, self.annotations.iter().map(|placed| Arc::clone(&placed.annotation)));
        if let Some(reader) = &mut self.state.reader {
            let old = Arc::clone(reader.document());
            let compared = reader.text_to_compare(&document).and_then(|old| TextComparison::new(&old.source, &document.source));
            reader.reload(document, compared.as_ref());
            self.state.reanchor_overlays(&old);
        }
        self.send_annotations();
        self.state.arrange();
    }

    pub(super) fn reader(&self) -> &ReaderScreen {
        self.state.reader.as_ref().unwrap()
    }

    /// The `count` chars from the cursor on.
    pub(super) fn at_cursor(&self, count: usize) -> String {
        self.reader().document().source.chars_from(self.reader().viewport.cursor()).take(count).map(|(_, c)| c).collect()
    }

    /// The rows on the screen as text.
    pub(super) fn rows(&self) -> Vec<String> {
        let rows = self.reader().viewport.rows();
        rows.iter().map(|row| row.text().map(pizhu_text::layout::Row::text).unwrap_or_default()).collect()
    }

    /// The selected text.
    pub(super) fn selected(&self) -> Option<String> {
        self.reader().selected().map(|span| self.reader().document().quote(span))
    }

    /// Id of the status message; empty if there is none.
    pub(super) fn status_id(&self) -> &'static str {
        self.state.status.as_ref().map_or("", StatusMessage::name)
    }
}
