//! Finds the passages of a basket in the present texts of their speeches.

use super::source::PassageSource;
use crate::attributes::Attributes;
use crate::source::for_each_speech;
use pizhu_annotation::store::PassagePlace;
use pizhu_annotation::{AnchorStatus, Basket, BasketItem, BasketPassage, RecordId, SpeechHash, Store, StoreError, store::SpeechKey};
use pizhu_text::document::{DamagedHeading, Document};
use pizhu_text::text::Span;
use std::{
    collections::HashMap,
    ops::ControlFlow,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Maximum number of files that are read to find a speech that is no longer where it was.
const MAX_FILES_TRIED: usize = 400;

/// How speeches are read, and which may be.
pub struct SpeechAccess<'a> {
    /// Reads a speech, its outline as it is mended; `None` if it cannot be read.
    pub open: &'a dyn Fn(&Path) -> Option<Arc<Document>>,
    /// Whether a file outside the store's folder may be read: a store from somebody else may name any.
    pub may_read: &'a dyn Fn(&Path) -> bool,
}

/// What became of a passage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassageState {
    /// It was found: exact, moved or changed; or not for certain: review or orphaned.
    Anchored(AnchorStatus),
    /// There is no file of the speech, or it cannot be read.
    NoFile,
    /// The file lies outside the store's folder, and the user has not named or opened it.
    Outside,
}

impl PassageState {
    /// Whether the words shown are those of the present text.
    #[must_use]
    pub fn is_present(self) -> bool {
        matches!(self, Self::Anchored(AnchorStatus::Exact | AnchorStatus::Moved | AnchorStatus::Changed))
    }

    /// The name in JSON, such as `"moved"`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Anchored(status) => status.name(),
            Self::NoFile => "missing",
            Self::Outside => "outside",
        }
    }
}

/// A passage with its place and words in the present text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedPassage {
    /// What became of it.
    pub state: PassageState,
    /// The speech's file, if there is one.
    pub file: Option<PathBuf>,
    /// The chars, if they were found.
    pub span: Option<Span>,
    /// The words as they are now; if they were not found, as they were when the passage was put in.
    pub text: String,
    /// The source.
    pub source: PassageSource,
}

/// An entry of a basket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedEntry {
    /// Its id.
    pub id: RecordId,
    /// The content as it is stored.
    pub item: BasketItem,
    /// Of a passage, what became of it.
    pub passage: Option<ResolvedPassage>,
}

/// A basket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedBasket {
    /// Its id.
    pub id: RecordId,
    /// Its name, told apart from others of the same name.
    pub label: String,
    /// The entries, in order.
    pub entries: Vec<ResolvedEntry>,
}

impl ResolvedBasket {
    /// A basket whose passages have not been looked for: with their words as they were.
    #[must_use]
    pub fn as_kept(basket: &Basket, label: &str) -> Self {
        let entry = |entry: &pizhu_annotation::BasketEntry| ResolvedEntry {
            id: entry.id,
            item: entry.item.clone(),
            passage: entry.item.as_passage().map(kept),
        };
        Self { id: basket.id, label: label.to_owned(), entries: basket.entries.iter().map(entry).collect() }
    }

    /// The files of the passages.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        self.entries.iter().filter_map(|entry| entry.passage.as_ref()?.file.as_deref())
    }

    /// The passages whose words are not those of a present text.
    pub fn lost(&self) -> impl Iterator<Item = &ResolvedPassage> {
        self.entries.iter().filter_map(|entry| entry.passage.as_ref()).filter(|passage| !passage.state.is_present())
    }
}

/// Finds the passages of a basket; each speech is read once.
///
/// # Errors
/// Fails if the store cannot be read.
pub fn resolve(store: &Store, basket: &Basket, label: &str, access: &SpeechAccess<'_>) -> Result<ResolvedBasket, StoreError> {
    let mut by_file: HashMap<PathBuf, Vec<usize>> = HashMap::new();
    let mut resolved: Vec<Option<ResolvedPassage>> = basket.entries.iter().map(|entry| entry.item.as_passage().map(kept)).collect();
    let mut found: HashMap<(String, SpeechHash), Located> = HashMap::new();
    for (index, entry) in basket.entries.iter().enumerate() {
        let Some(passage) = entry.item.as_passage() else { continue };
        let key = (passage.path.clone(), passage.speech);
        let located = if let Some(located) = found.get(&key) {
            located.clone()
        } else {
            let located = locate(store, passage, access)?;
            found.insert(key, located.clone());
            located
        };
        match (located, &mut resolved[index]) {
            (Located::At(path), _) => by_file.entry(path).or_default().push(index),
            (Located::Outside, Some(one)) => one.state = PassageState::Outside,
            _ => {}
        }
    }
    for (path, indices) in by_file {
        let Some(document) = (access.open)(&path) else { continue };
        let passages: Vec<&BasketPassage> = indices.iter().filter_map(|index| basket.entries[*index].item.as_passage()).collect();
        let key = SpeechKey::from_document(store.location(), &document, &path);
        let attributes = Attributes::new(&document, &store.load(&key).map(|speech| speech.records().clone()).unwrap_or_default());
        for ((index, passage), place) in indices.iter().zip(&passages).zip(store.place_passages(&document, &passages)) {
            resolved[*index] = Some(placed(passage, place, &document, &attributes, &path, store));
        }
    }
    let entries = basket.entries.iter().zip(resolved);
    let entries = entries.map(|(entry, passage)| ResolvedEntry { id: entry.id, item: entry.item.clone(), passage }).collect();
    Ok(ResolvedBasket { id: basket.id, label: label.to_owned(), entries })
}

/// A passage as it was when it was put in.
fn kept(passage: &BasketPassage) -> ResolvedPassage {
    let source = PassageSource {
        speaker: String::new(),
        title: passage.title.clone(),
        date: passage.date.clone(),
        section: passage.at.section.join("/"),
        path: passage.path.clone(),
    };
    ResolvedPassage { state: PassageState::NoFile, file: None, span: None, text: passage.kept_text().to_owned(), source }
}

fn placed(
    passage: &BasketPassage,
    place: PassagePlace,
    document: &Document,
    attributes: &Attributes,
    path: &Path,
    store: &Store,
) -> ResolvedPassage {
    let kept = kept(passage);
    let title = document.metadata.title.as_deref().map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "));
    let section = place.section.or_else(|| document.outline.section_at(place.span?.start));
    let section = section.and_then(|id| {
        let section = document.outline.get(id)?;
        Some(format!("{} {}", document.outline.path_text(id), section.display_title()).trim().to_owned())
    });
    let source = PassageSource {
        speaker: attributes.get("speaker").unwrap_or_default().to_owned(),
        title: title.unwrap_or(kept.source.title),
        date: attributes.date().map_or(kept.source.date, str::to_owned),
        section: if place.span.is_some() { section.unwrap_or_default() } else { kept.source.section },
        path: store.location().document_name(path),
    };
    let text = place.span.map(|span| document.quotation(span, DamagedHeading::RestoredWithSource).trim_end().to_owned());
    ResolvedPassage {
        state: PassageState::Anchored(place.status),
        file: Some(path.to_owned()),
        span: place.span,
        text: text.filter(|text| !text.is_empty()).unwrap_or(kept.text),
        source,
    }
}

/// Where the speech of a passage is.
#[derive(Debug, Clone)]
enum Located {
    At(PathBuf),
    Outside,
    Nowhere,
}

/// Looks for the speech of a passage: where it was, where the store has seen it since, and at last for a
/// file with its text in the folder where it was and below the store's folder.
fn locate(store: &Store, passage: &BasketPassage, access: &SpeechAccess<'_>) -> Result<Located, StoreError> {
    let root = store.location().root.as_deref();
    let may_read = |path: &Path| root.is_none_or(|root| is_below(path, root)) || (access.may_read)(path);
    let paths = store.passage_paths(passage)?;
    let existing: Vec<&PathBuf> = paths.iter().filter(|path| path.is_file()).collect();
    if let Some(path) = existing.iter().find(|path| may_read(path)) {
        return Ok(Located::At((*path).clone()));
    }
    if !existing.is_empty() {
        return Ok(Located::Outside);
    }
    let mut folders: Vec<&Path> = paths.first().and_then(|path| path.parent()).into_iter().filter(|folder| may_read(folder)).collect();
    folders.extend(root);
    let mut tried = 0;
    for folder in folders {
        let mut found = None;
        // A folder that cannot be read holds nothing that can be.
        let _ = for_each_speech(folder, |path| {
            tried += 1;
            let is_it = (access.open)(&path).is_some_and(|document| SpeechHash::from_text(&document.source) == passage.speech);
            if is_it {
                found = Some(path);
            }
            if is_it || tried >= MAX_FILES_TRIED { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if let Some(path) = found {
            return Ok(Located::At(path));
        }
    }
    Ok(Located::Nowhere)
}

/// Whether the path, with links resolved, lies under `folder`.
fn is_below(path: &Path, folder: &Path) -> bool {
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::basket::{BASKET_FORMATS, SourceWords};
    use pizhu_annotation::{BasketEdit, BasketList, BasketName, StoreLocation, Target};
    use std::fs;

    const SPEECH: &str = "在青禾县人才会上的讲话\n（2024年3月1日）\n一、引进人才\n今年要引进一百名紧缺人才，把短板*补*起来。\n二、留住人才\n要把人才留在基层，让他们安心干事。\n";

    fn open(path: &Path) -> Option<Arc<Document>> {
        crate::source::open(path, None).ok().map(|speech| speech.document)
    }

    /// A store with a basket: a heading, a passage, words, a section.
    fn fixture(folder: &Path) -> Store {
        let store = Store::new(StoreLocation::from_dir(folder), folder.join("state"));
        let path = folder.join("人才.txt");
        fs::write(&path, SPEECH).unwrap();
        let document = open(&path).unwrap();
        let start = SPEECH.split("今年").next().unwrap().chars().count();
        let passage = store.basket_passage(&document, &path, Target::Passage(Span::new(start, start + 22)), None).unwrap();
        let (second, _) = document.outline.iter().nth(1).unwrap();
        let section = store.basket_passage(&document, &path, Target::Section(second), None).unwrap();
        let items = vec![
            BasketItem::heading(1, "怎么引"),
            BasketItem::Passage(Box::new(passage)),
            BasketItem::words("我的话 & <b>\n第二行"),
            BasketItem::Passage(Box::new(section)),
        ];
        store.edit_baskets("甲", &[BasketEdit::Add { basket: BasketName::Named("素材".into()), at: None, items }]).unwrap();
        store
    }

    fn resolved(store: &Store, may_read: bool) -> ResolvedBasket {
        let list = BasketList::new(store.project().unwrap().records());
        let access = SpeechAccess { open: &open, may_read: &|_| may_read };
        resolve(store, list.find("素材").unwrap(), "素材", &access).unwrap()
    }

    fn states(basket: &ResolvedBasket) -> Vec<&'static str> {
        basket.entries.iter().filter_map(|entry| Some(entry.passage.as_ref()?.state.name())).collect()
    }

    #[test]
    fn passages_are_shown_as_they_are_now_and_lost_ones_as_they_were() {
        let dir = tempfile::tempdir().unwrap();
        let store = fixture(dir.path());
        let basket = resolved(&store, false);
        assert_eq!(states(&basket), ["exact", "exact"]);
        let passage = basket.entries[1].passage.as_ref().unwrap();
        assert_eq!(passage.source.line(), "《在青禾县人才会上的讲话》（2024-03-01），一、 引进人才，人才.txt");
        let (old, new) = (dir.path().join("人才.txt"), dir.path().join("年/改名.txt"));
        fs::create_dir(dir.path().join("年")).unwrap();
        fs::rename(&old, &new).unwrap();
        let moved = resolved(&store, false);
        assert_eq!((states(&moved), moved.files().next()), (vec!["exact", "exact"], Some(new.as_path())), "found by its text");
        fs::write(&old, SPEECH.replace("一百名紧缺", "三百名急需紧缺").replace("二、留住人才\n要把人才留在基层，让他们安心干事。\n", ""))
            .unwrap();
        let changed = resolved(&store, false);
        assert_eq!(states(&changed), ["changed", "orphaned"]);
        assert!(changed.entries[1].passage.as_ref().unwrap().text.contains("三百名急需"));
        assert!(changed.entries[3].passage.as_ref().unwrap().text.contains("安心干事"), "kept");
        assert_eq!(changed.lost().count(), 1);
        for path in [old, new] {
            fs::remove_file(path).unwrap();
        }
        let gone = resolved(&store, false);
        assert_eq!(states(&gone), ["missing", "missing"]);
        assert!(gone.entries[1].passage.as_ref().unwrap().text.contains("一百名紧缺"));
    }

    /// A basket from somebody else may name any file of this machine.
    #[test]
    fn a_file_outside_the_stores_folder_is_read_only_if_the_user_has_named_it() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("共享");
        fs::create_dir(&folder).unwrap();
        let store = fixture(&folder);
        let outside = dir.path().join("外.txt");
        fs::rename(folder.join("人才.txt"), &outside).unwrap();
        let text = fs::read_to_string(folder.join("project.ron")).unwrap();
        fs::write(folder.join("project.ron"), text.replace("人才.txt", outside.to_str().unwrap())).unwrap();
        assert_eq!(states(&resolved(&store, false)), ["outside", "outside"]);
        assert_eq!(states(&resolved(&store, true)), ["exact", "exact"]);
    }

    #[test]
    fn exports_have_each_source_as_a_footnote() {
        let dir = tempfile::tempdir().unwrap();
        let store = fixture(dir.path());
        let mut basket = resolved(&store, false);
        basket.entries[3].passage.as_mut().unwrap().state = PassageState::NoFile;
        let words = SourceWords { changed: "文字有改动".into(), lost: "原文已失".into() };
        let bytes = |name: &str| {
            let format = BASKET_FORMATS.iter().find(|format| format.name == name).unwrap();
            let mut bytes = Vec::new();
            (format.write)(&basket, &words, &mut bytes).unwrap();
            bytes
        };
        let markdown = String::from_utf8(bytes("markdown")).unwrap();
        let expected = "# 素材\n\n## 怎么引\n\n> 今年要引进一百名紧缺人才，把短板\\*补\\*起来。[^1]\n\n我的话 \\& \\<b>  \n第二行\n\n> 二、留住人才\n>\n> 要把人才留在基层，让他们安心干事。[^2]\n\n[^1]: 《在青禾县人才会上的讲话》（2024-03-01），一、 引进人才，人才.txt\n[^2]: 《在青禾县人才会上的讲话》（2024-03-01），二、 留住人才，人才.txt（原文已失）\n";
        assert_eq!(markdown, expected);
        let docx = bytes("docx");
        let part = |name: &str| crate::exchange::zip_part(&docx, name);
        let (document, notes) = (part("word/document.xml"), part("word/footnotes.xml"));
        for id in 1..=2 {
            assert_eq!(document.matches(&format!("<w:footnoteReference w:id=\"{id}\"/>")).count(), 1);
            assert_eq!(notes.matches(&format!("<w:footnote w:id=\"{id}\">")).count(), 1);
        }
        assert!(notes.contains("原文已失") && document.contains("我的话 &amp; &lt;b&gt;") && document.contains("\"Heading1\""));
        assert!(part("[Content_Types].xml").contains("/word/footnotes.xml"));
        assert!(part("word/_rels/document.xml.rels").contains("Target=\"footnotes.xml\""));
    }
}
