//! A screen without a terminal, for tests: keys go in, the state is looked at. Effects that are
//! pure are done at once; annotations are kept in memory.

use super::{
    command::{key::parse_sequence, keymap::Keymap},
    effect::{Effect, Event},
    state::{Library, Origin, Reader, Size, State},
    update::update,
};
use pizhu_annotation::Codebook;
use pizhu_annotation::Edit;
use pizhu_annotation::Placements;
use pizhu_annotation::Target;
use pizhu_annotation::edit::plan;
use pizhu_text::document::Document;
use pizhu_text::document::Hints;
use pizhu_text::document::parse;
use pizhu_text::search::Matcher;
use crate::settings::Settings;
use pizhu_text::text::SourceText;
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

/// The screen.
pub(crate) struct Scene {
    pub state: State,
    pub placements: Placements,
    /// Whose annotations are made.
    pub author: &'static str,
    /// The effects that were not done.
    pub left: Vec<Effect>,
    /// What the clock of the mouse shows.
    pub seconds: u64,
}

impl Scene {
    /// A speech opened on a screen of that size.
    pub fn reading(text: &str, width: u16, height: u16) -> Self {
        let document = Arc::new(parse(SourceText::from(text), &Hints::default()));
        Self::with(document, width, height)
    }

    /// A document opened on a screen of that size.
    pub fn with(document: Arc<Document>, width: u16, height: u16) -> Self {
        let mut scene = Self::library(width, height);
        let setting = scene.state.setting.clone();
        let mut reader = Reader::new(1, Origin { encoding: "UTF-8", ..Origin::default() }, document, setting.style, setting.spacing);
        reader.notes.take_codebook(Arc::new(Codebook::starter()));
        scene.state.opened = 1;
        scene.state.show(reader);
        scene
    }

    /// A speech that was edited after it was tagged at places of it, on a screen of that size.
    pub fn edited(old: &str, targets: &[Target], new: &str, width: u16, height: u16) -> Self {
        let (old, new) = [old, new].map(|text| Arc::new(parse(SourceText::from(text), &Hints::default()))).into();
        let mut scene = Self::with(Arc::clone(&new), width, height);
        let made = targets.iter().map(|target| {
            let edit = Edit::Tag { target: *target, tags: vec!["人才工作".to_owned()] };
            let (_, changes) = plan(edit, "测试", &old, &Placements::default()).unwrap();
            Arc::new(changes.into_iter().find_map(|change| change.after).unwrap())
        });
        scene.placements = Placements::new(&new, made);
        scene.tell_annotations();
        scene
    }

    fn tell_annotations(&mut self) {
        let placements = Arc::new(self.placements.clone());
        self.event(Event::Annotations { number: 1, placements, pending: Arc::new(BTreeSet::new()) });
    }

    /// The library screen.
    pub fn library(width: u16, height: u16) -> Self {
        let settings = Settings { paragraph_spacing: 0, ..Settings::default() };
        let keymap = Keymap::from_table().unwrap();
        let state = State::new(Size { width, height }, keymap, Library::samples("samples".into()), settings);
        Self { state, placements: Placements::default(), author: "测试", left: Vec::new(), seconds: 0 }
    }

    /// Presses keys.
    pub fn keys(&mut self, notation: &str) -> &mut Self {
        let keys = if notation.is_empty() { Vec::new() } else { parse_sequence(notation).unwrap() };
        for key in keys {
            self.event(Event::Key(key));
        }
        self
    }

    /// Lets something happen.
    pub fn event(&mut self, event: Event) {
        let mut effects = Vec::new();
        update(&mut self.state, event, &mut effects);
        for effect in effects {
            self.perform(effect);
        }
    }

    pub fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Find { query, mode, generation, document, .. } => {
                let hits = Matcher::new(&query, mode).map(|matcher| matcher.hits(&document, document.source.span()));
                self.event(Event::Found { generation, hits: hits.unwrap_or_default(), complete: true, problem: None });
            }
            Effect::Annotate(edits) => {
                let document = Arc::clone(self.reader().document());
                for edit in edits {
                    let (_, changes) = plan(edit, self.author, &document, &self.placements).unwrap();
                    for change in changes {
                        match change.after {
                            Some(after) => self.placements.place(&document, Arc::new(after)),
                            None => drop(change.before.and_then(|before| self.placements.remove(before.id))),
                        }
                    }
                }
                self.tell_annotations();
            }
            other => self.left.push(other),
        }
    }

    /// Has the file read again, as another text.
    pub fn reload(&mut self, document: Document) {
        let document = Arc::new(document);
        self.placements = Placements::new(&document, self.placements.iter().map(|placed| Arc::clone(&placed.annotation)));
        if let Some(reader) = &mut self.state.reader {
            let old = Arc::clone(reader.document());
            reader.reload(document);
            self.state.carry_places(&old);
        }
        self.tell_annotations();
        self.state.arrange();
    }

    pub fn reader(&self) -> &Reader {
        self.state.reader.as_ref().unwrap()
    }

    /// The `count` chars from the cursor on.
    pub fn at_cursor(&self, count: usize) -> String {
        self.reader().document().source.chars_from(self.reader().viewport.cursor()).take(count).map(|(_, c)| c).collect()
    }

    /// The rows on the screen as text.
    pub fn rows(&self) -> Vec<String> {
        let rows = self.reader().viewport.rows();
        rows.iter().map(|row| row.text().map(pizhu_text::layout::Row::text).unwrap_or_default()).collect()
    }

    /// The selected text.
    pub fn selected(&self) -> Option<String> {
        self.reader().selected().map(|span| self.reader().document().quote(span))
    }

    /// What the status line says, by id.
    pub fn notice(&self) -> &'static str {
        let id = self.state.notice.as_ref().map_or("", |notice| notice.id);
        assert!(id.is_empty() || crate::locale::Locale::default().has(&format!("notice-{id}")), "no words for the notice {id}");
        id
    }
}
