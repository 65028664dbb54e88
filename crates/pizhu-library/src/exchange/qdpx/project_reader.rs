//! What a project holds, element by element.
//!
//! Each element that matters opens a [`Frame`]; a text belongs to the frame around it. Codes, users and
//! notes may be defined after they are referred to, so references are resolved at the end
//! ([`super::resolve`]).

use super::source_text::ProjectSource;
use crate::exchange::import_entry::{ImportBatch, ImportEntry, ImportError, ImportText, Loss};
use jiff::Timestamp;
use pizhu_annotation::codebook::check_name;
use pizhu_annotation::{AnnotationId, AttributeType, Scope, Tag, TagId, TagRef};
use pizhu_text::text::Span;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Maximum nesting of elements, including nested codes.
const MAX_DEPTH: usize = 200;
/// Maximum chars that selections, notes and values of a project cover together, counted as often as they
/// are used; each becomes a text of its own.
pub(super) const MAX_SELECTED_CHARS: usize = 64 * 1024 * 1024;
/// Maximum chars of a name of a user or source, which each selection repeats.
const MAX_NAME_CHARS: usize = 1024;

/// Finds a source by its path in the project; one named several times is read once.
type SourceLookup<'a> = dyn FnMut(&str) -> Result<Option<ProjectSource>, ImportError> + 'a;

/// What a note, or a text, belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owner {
    Project,
    /// Index of a tag.
    Code(usize),
    /// Index of a source.
    Source(usize),
    /// Index of a selection.
    Selection(usize),
    /// Index of a selection, and of one of its codings.
    Coding(usize, usize),
    /// Something that is not kept.
    Lost,
}

/// An element that is open.
enum Frame {
    Project,
    /// `None` for a code without a valid name.
    Code(Option<usize>),
    Variable,
    Case,
    Source(usize),
    Selection(usize),
    Coding(usize, usize),
    Note,
    Value {
        kind: &'static str,
    },
    Set,
    Link,
    /// An element whose content is not kept.
    Lost,
    /// A text: `Description` or `PlainTextContent`.
    Text {
        is_content: bool,
    },
    Other,
}

/// A source that is a text.
pub(super) struct SourceState {
    pub(super) name: String,
    pub(super) source: Option<ProjectSource>,
    pub(super) description: String,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) author: Option<String>,
}

/// A coding of a selection or a source.
pub(super) struct CodingState {
    pub(super) code: String,
    pub(super) author: Option<String>,
    pub(super) created: Option<Timestamp>,
}

/// A selection with its codings, or a whole source that is coded.
pub(super) struct SelectionState {
    pub(super) entry: ImportEntry,
    pub(super) codings: Vec<CodingState>,
}

/// A note.
pub(super) struct NoteState {
    pub(super) guid: String,
    pub(super) name: String,
    pub(super) text: String,
    pub(super) author: Option<String>,
    pub(super) modified: Option<Timestamp>,
    /// Where it is in the source that refers to it, as QualCoder writes annotations.
    pub(super) selection: Option<(usize, usize)>,
}

/// A case, or a set of sources.
#[derive(Default)]
pub(super) struct GroupState {
    pub(super) name: String,
    pub(super) values: Vec<(String, String)>,
    pub(super) sources: Vec<String>,
    /// Whether it has other members.
    pub(super) has_others: bool,
}

/// State of reading a project.
#[derive(Default)]
pub(super) struct ProjectReader {
    pub(super) found: ImportBatch,
    pub(super) origin: String,
    users: HashMap<String, String>,
    pub(super) codes: HashMap<String, TagRef>,
    pub(super) code_index: HashMap<String, usize>,
    variables: HashMap<String, String>,
    pub(super) sources: Vec<SourceState>,
    pub(super) source_index: HashMap<String, usize>,
    pub(super) selections: Vec<SelectionState>,
    pub(super) selection_index: HashMap<String, usize>,
    /// Selections that a note refers to.
    pub(super) noted: HashSet<usize>,
    pub(super) notes: Vec<NoteState>,
    pub(super) note_refs: Vec<(Owner, String)>,
    pub(super) cases: Vec<GroupState>,
    pub(super) sets: Vec<GroupState>,
    /// Origin and target of the links.
    pub(super) links: Vec<(String, String)>,
    pub(super) descriptions: Vec<String>,
    frames: Vec<Frame>,
    text: String,
    /// The variable of the value that is open, and the value.
    value: (String, String),
    /// Chars that are used so far.
    used: usize,
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut attributes = tag.attributes();
    let found = attributes.with_checks(false).flatten().find(|attribute| attribute.key.local_name().into_inner() == name)?;
    let value = found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok()?;
    Some(value.into_owned())
}

/// The name of a user or source, cut to [`MAX_NAME_CHARS`].
fn short_name(tag: &BytesStart<'_>) -> String {
    attribute(tag, "name").unwrap_or_default().chars().take(MAX_NAME_CHARS).collect()
}

fn guid(tag: &BytesStart<'_>, name: &str) -> String {
    attribute(tag, name).unwrap_or_default().trim_matches(['{', '}']).to_lowercase()
}

fn broken(error: impl std::fmt::Display) -> ImportError {
    ImportError::Broken(error.to_string())
}

/// A variable's name as the name of an attribute.
pub(super) fn attribute_key(name: &str) -> String {
    let key: String =
        name.trim().chars().map(|c| if c.is_control() || "=:：\"“”()（）,，".contains(c) { '_' } else { c }).take(64).collect();
    key.trim().to_owned()
}

impl ProjectReader {
    pub(super) fn read(&mut self, xml: &str, texts: &mut SourceLookup<'_>) -> Result<(), ImportError> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().expand_empty_elements = true;
        loop {
            match reader.read_event().map_err(broken)? {
                Event::Start(tag) => {
                    if self.frames.len() >= MAX_DEPTH {
                        return Err(ImportError::Broken("nested too deeply".into()));
                    }
                    let frame = self.open(&tag, texts)?;
                    self.frames.push(frame);
                }
                Event::End(_) => self.close()?,
                Event::Text(text) => self.push_text(&text.xml10_content()),
                Event::CData(text) => self.push_text(&text.xml10_content()),
                Event::GeneralRef(name) => match name.resolve_char_ref() {
                    Ok(Some(c)) => self.push_text(c.encode_utf8(&mut [0; 4])),
                    _ => self.push_text(quick_xml::escape::resolve_predefined_entity(&name.xml10_content()).unwrap_or_default()),
                },
                Event::DocType(_) => return Err(ImportError::Broken("it declares a document type".into())),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn push_text(&mut self, text: &str) {
        if matches!(self.frames.last(), Some(Frame::Text { .. } | Frame::Value { .. })) {
            self.text.push_str(text);
        }
    }

    /// Counts chars that become a text of their own.
    pub(super) fn use_chars(&mut self, count: usize) -> Result<(), ImportError> {
        self.used = self.used.saturating_add(count);
        if self.used > MAX_SELECTED_CHARS {
            return Err(ImportError::Broken(format!("its selections cover over {MAX_SELECTED_CHARS} characters")));
        }
        Ok(())
    }

    pub(super) fn lose(&mut self, loss: Loss) {
        *self.found.losses.entry(loss).or_default() += 1;
    }

    /// Whether something around is not kept.
    fn is_lost(&self) -> bool {
        self.frames.iter().any(|frame| matches!(frame, Frame::Lost | Frame::Note))
    }

    /// What a reference to a note inside the open element means.
    fn owner(&self) -> Owner {
        for frame in self.frames.iter().rev() {
            match frame {
                Frame::Project => return Owner::Project,
                Frame::Code(Some(index)) => return Owner::Code(*index),
                Frame::Source(index) => return Owner::Source(*index),
                Frame::Selection(index) => return Owner::Selection(*index),
                Frame::Coding(selection, coding) => return Owner::Coding(*selection, *coding),
                Frame::Code(None) | Frame::Variable | Frame::Case | Frame::Note | Frame::Set | Frame::Link | Frame::Lost => {
                    return Owner::Lost;
                }
                Frame::Value { .. } | Frame::Text { .. } | Frame::Other => {}
            }
        }
        Owner::Lost
    }

    fn user(&self, tag: &BytesStart<'_>, name: &str) -> Option<String> {
        self.users.get(&guid(tag, name)).cloned()
    }

    fn time(tag: &BytesStart<'_>, name: &str) -> Option<Timestamp> {
        attribute(tag, name).and_then(|time| time.parse().ok())
    }

    fn open(&mut self, tag: &BytesStart<'_>, texts: &mut SourceLookup<'_>) -> Result<Frame, ImportError> {
        let name = tag.local_name().into_inner().to_owned();
        Ok(match name.as_str() {
            "Project" => {
                self.origin = attribute(tag, "origin").unwrap_or_default();
                Frame::Project
            }
            "User" => {
                let name = if attribute(tag, "name").is_some() { short_name(tag) } else { attribute(tag, "id").unwrap_or_default() };
                self.users.insert(guid(tag, "guid"), name);
                Frame::Other
            }
            "Code" => self.open_code(tag),
            "Variable" => {
                self.open_variable(tag);
                Frame::Variable
            }
            "Case" => {
                self.cases.push(GroupState { name: short_name(tag), ..GroupState::default() });
                Frame::Case
            }
            "TextSource" => self.open_source(tag, short_name(tag), texts)?,
            // The text of a PDF.
            "Representation" if matches!(self.frames.last(), Some(Frame::Other)) && !self.is_lost() => {
                let name = attribute(tag, "name").filter(|name| !name.is_empty()).unwrap_or_default();
                self.open_source(tag, name, texts)?
            }
            "PDFSource" => Frame::Other,
            "PlainTextSelection" => self.open_selection(tag)?,
            "Coding" => self.open_coding(tag),
            "VariableValue" => {
                self.value = (String::new(), String::new());
                Frame::Other
            }
            "TextValue" | "BooleanValue" | "IntegerValue" | "FloatValue" | "DateValue" | "DateTimeValue" => {
                self.text.clear();
                Frame::Value { kind: if name == "DateTimeValue" { "datetime" } else { "" } }
            }
            "Note" => {
                let text = attribute(tag, "plainTextPath").map(|path| texts(&path)).transpose()?.flatten();
                let text = text.map(|source| source.text.slice(source.text.span()).trim_end().to_owned()).unwrap_or_default();
                self.use_chars(text.chars().count())?;
                self.notes.push(NoteState {
                    guid: guid(tag, "guid"),
                    name: short_name(tag),
                    text,
                    author: self.user(tag, "creatingUser").or_else(|| self.user(tag, "modifyingUser")),
                    modified: Self::time(tag, "modifiedDateTime").or_else(|| Self::time(tag, "creationDateTime")),
                    selection: None,
                });
                Frame::Note
            }
            "Set" => {
                self.sets.push(GroupState { name: short_name(tag), ..GroupState::default() });
                Frame::Set
            }
            "Link" => {
                self.links.push((guid(tag, "originGUID"), guid(tag, "targetGUID")));
                Frame::Link
            }
            "Description" | "PlainTextContent" => {
                self.text.clear();
                Frame::Text { is_content: name == "PlainTextContent" }
            }
            other => self.open_reference(other, tag),
        })
    }

    /// Takes a reference to something that is defined elsewhere, or counts what is not kept.
    fn open_reference(&mut self, name: &str, tag: &BytesStart<'_>) -> Frame {
        let lost = match name {
            "PictureSource" | "AudioSource" | "VideoSource" => Some(Loss::Source),
            "Transcript" => Some(Loss::Transcript),
            "PictureSelection" | "PDFSelection" | "AudioSelection" | "VideoSelection" | "TranscriptSelection" => Some(Loss::Selection),
            "Graph" => Some(Loss::Graph),
            _ => None,
        };
        if let Some(loss) = lost {
            self.lose(loss);
            return Frame::Lost;
        }
        let target = guid(tag, "targetGUID");
        let group = match self.frames.last() {
            Some(Frame::Case) => self.cases.last_mut(),
            Some(Frame::Set) => self.sets.last_mut(),
            _ => None,
        };
        match (name, group) {
            ("SourceRef" | "MemberSource", Some(group)) => group.sources.push(target),
            ("CodeRef" | "SelectionRef" | "MemberCode" | "MemberNote", Some(group)) => group.has_others = true,
            ("CodeRef", None) => {
                if let Some(Frame::Coding(selection, coding)) = self.frames.last()
                    && let Some(coding) = self.selections.get_mut(*selection).and_then(|found| found.codings.get_mut(*coding))
                {
                    coding.code = target;
                }
            }
            ("VariableRef", _) => self.value.0 = self.variables.get(&target).cloned().unwrap_or_default(),
            ("NoteRef", _) => {
                let owner = self.owner();
                self.note_refs.push((owner, target));
            }
            _ => {}
        }
        Frame::Other
    }

    fn open_code(&mut self, tag: &BytesStart<'_>) -> Frame {
        // A code with an invalid name is skipped, but its children keep their parent.
        let name = attribute(tag, "name").unwrap_or_default().replace('/', "／");
        let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
        if check_name(&name).is_err() {
            self.lose(Loss::Code);
            return Frame::Code(None);
        }
        let guid = guid(tag, "guid");
        let id = guid.parse().map_or_else(|_| TagId::new(), |guid: AnnotationId| TagId::from_uuid(guid.uuid()));
        let open = self.frames.iter().rev().find_map(|frame| if let Frame::Code(Some(index)) = frame { Some(*index) } else { None });
        let parent = open.and_then(|index| self.found.tags.get(index)).map(TagRef::from);
        let colour = attribute(tag, "color").map(|colour| hex_colour(&colour)).unwrap_or_default();
        let new = Tag { parent, colour, ..Tag::with_id(id, &name) };
        let index = self.found.tags.len();
        self.codes.insert(guid.clone(), TagRef::from(&new));
        self.code_index.insert(guid, index);
        self.found.tags.push(new);
        Frame::Code(Some(index))
    }

    fn open_variable(&mut self, tag: &BytesStart<'_>) {
        let key = attribute_key(&attribute(tag, "name").unwrap_or_default());
        let values = match attribute(tag, "typeOfVariable").as_deref() {
            Some("Integer" | "Float") => Some(AttributeType::Number),
            Some("Date" | "DateTime") => Some(AttributeType::Date),
            _ => None,
        };
        if let Some(values) = values.filter(|_| !key.is_empty() && key != "date") {
            self.found.project.attribute_types.insert(key.clone(), values);
        }
        self.variables.insert(guid(tag, "guid"), key);
    }

    fn open_source(&mut self, tag: &BytesStart<'_>, name: String, texts: &mut SourceLookup<'_>) -> Result<Frame, ImportError> {
        if self.is_lost() {
            return Ok(Frame::Lost);
        }
        let source = attribute(tag, "plainTextPath").map(|path| texts(&path)).transpose()?.flatten();
        let index = self.sources.len();
        let author = self.user(tag, "creatingUser");
        self.sources.push(SourceState { name, source, description: String::new(), attributes: BTreeMap::new(), author });
        self.source_index.insert(guid(tag, "guid"), index);
        Ok(Frame::Source(index))
    }

    fn open_selection(&mut self, tag: &BytesStart<'_>) -> Result<Frame, ImportError> {
        let number = |name| attribute(tag, name).and_then(|number| number.trim().parse::<usize>().ok());
        if let (Some(Frame::Note), Some(note)) = (self.frames.last(), self.notes.last_mut()) {
            note.selection = note.selection.or(number("startPosition").zip(number("endPosition")));
            return Ok(Frame::Other);
        }
        let Some(Frame::Source(source)) = self.frames.last() else {
            self.lose(Loss::Selection);
            return Ok(Frame::Lost);
        };
        let Some(state) = self.sources.get(*source) else { return Ok(Frame::Lost) };
        let is_atlas = self.is_atlas();
        let place = |at: usize| state.source.as_ref().map_or(at, |source| source.position(at, is_atlas));
        let (start, end) = (number("startPosition").map(place), number("endPosition").map(place));
        let name = attribute(tag, "name").unwrap_or_default();
        // The names of this program's own selections say what they are on.
        let section = name.strip_prefix("§ ");
        let scope = match section {
            Some(_) => Scope::Section,
            None if name.starts_with("§§") => Scope::Speech,
            None => Scope::Passage,
        };
        let excerpt = state.source.as_ref().zip(start.zip(end)).map(|(source, (start, end))| {
            let span = Span::new(start.min(source.text.len()), end.min(source.text.len()));
            crate::exchange::import_entry::Excerpt { text: source.text.clone(), span }
        });
        let entry = ImportEntry {
            id: guid(tag, "guid").parse().ok(),
            scope: Some(scope),
            document: state.name.clone(),
            document_hash: state.source.as_ref().map(|source| source.hash),
            section: section.map(|path| path.split('/').map(str::to_owned).collect()),
            start,
            end,
            author: self.user(tag, "creatingUser").or_else(|| self.user(tag, "modifyingUser")),
            created: Self::time(tag, "creationDateTime"),
            modified: Self::time(tag, "modifiedDateTime").or_else(|| Self::time(tag, "creationDateTime")),
            ..ImportEntry::default()
        };
        self.use_chars(excerpt.as_ref().map_or(0, |excerpt| excerpt.span.len()))?;
        let index = self.selections.len();
        self.selection_index.insert(guid(tag, "guid"), index);
        self.selections.push(SelectionState { entry: ImportEntry { excerpt, ..entry }, codings: Vec::new() });
        Ok(Frame::Selection(index))
    }

    /// Whether ATLAS.ti has written the project.
    pub(super) fn is_atlas(&self) -> bool {
        self.origin.to_lowercase().contains("atlas")
    }

    fn open_coding(&mut self, tag: &BytesStart<'_>) -> Frame {
        let coding =
            CodingState { code: String::new(), author: self.user(tag, "creatingUser"), created: Self::time(tag, "creationDateTime") };
        let index = match self.frames.last() {
            Some(Frame::Selection(index)) => *index,
            Some(Frame::Source(source)) => {
                let Some(state) = self.sources.get(*source) else { return Frame::Lost };
                // Of the whole source: an annotation of the speech by whoever made the coding.
                let entry = ImportEntry {
                    scope: Some(Scope::Speech),
                    document: state.name.clone(),
                    document_hash: state.source.as_ref().map(|source| source.hash),
                    author: coding.author.clone().or_else(|| state.author.clone()),
                    created: coding.created,
                    modified: coding.created,
                    ..ImportEntry::default()
                };
                self.selections.push(SelectionState { entry, codings: Vec::new() });
                self.selections.len() - 1
            }
            _ => {
                self.lose(Loss::Coding);
                return Frame::Lost;
            }
        };
        let codings = &mut self.selections[index].codings;
        codings.push(coding);
        Frame::Coding(index, codings.len() - 1)
    }

    fn close(&mut self) -> Result<(), ImportError> {
        match self.frames.pop() {
            Some(Frame::Text { is_content }) => {
                let text = std::mem::take(&mut self.text);
                self.take_text(text, is_content)?;
            }
            Some(Frame::Value { kind }) => {
                let text = std::mem::take(&mut self.text);
                let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
                // Attributes have days.
                self.value.1 = if kind == "datetime" { text.split('T').next().unwrap_or_default().to_owned() } else { text };
            }
            Some(Frame::Other) if !self.value.0.is_empty() && !self.value.1.is_empty() => {
                // The end of `VariableValue`, or of an element that is followed by it: values belong to what is
                // around.
                let holder = match self.frames.last() {
                    Some(Frame::Case) => Some(None),
                    Some(Frame::Source(index)) => Some(Some(*index)),
                    _ => None,
                };
                if let Some(holder) = holder {
                    let (key, value) = std::mem::take(&mut self.value);
                    self.use_chars(value.chars().count())?;
                    match holder {
                        Some(source) => drop(self.sources.get_mut(source).map(|source| source.attributes.insert(key, value))),
                        None => drop(self.cases.last_mut().map(|case| case.values.push((key, value)))),
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Gives a description or a content to what it is of.
    fn take_text(&mut self, text: String, is_content: bool) -> Result<(), ImportError> {
        match self.frames.last() {
            Some(Frame::Project) => self.descriptions.push(text),
            Some(Frame::Code(Some(index))) => {
                if let Some(tag) = self.found.tags.get_mut(*index) {
                    tag.definition = text;
                }
            }
            Some(Frame::Selection(index)) => {
                if let Some(selection) = self.selections.get_mut(*index) {
                    selection.entry.note = text;
                }
            }
            Some(Frame::Source(index)) if is_content => {
                if let Some(source) = self.sources.get_mut(*index) {
                    source.source = Some(ProjectSource::decode(text.as_bytes()));
                }
            }
            Some(Frame::Source(index)) => {
                if let Some(source) = self.sources.get_mut(*index) {
                    source.description = text;
                }
            }
            Some(Frame::Note) => {
                self.use_chars(text.chars().count())?;
                if let Some(note) = self.notes.last_mut().filter(|note| note.text.is_empty() || is_content) {
                    note.text = text;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The texts of the sources, each once.
    pub(super) fn texts(&self) -> Vec<ImportText> {
        let mut seen = HashSet::new();
        let text = |source: &SourceState| {
            let found = source.source.as_ref()?;
            seen.insert((source.name.clone(), found.hash)).then(|| ImportText {
                document: source.name.clone(),
                hash: found.hash,
                text: found.text.clone(),
            })
        };
        self.sources.iter().filter_map(text).collect()
    }
}

/// A colour with six digits: `#A30` gives `#aa3300`; empty for something else.
fn hex_colour(colour: &str) -> String {
    let digits = colour.trim().strip_prefix('#').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())).unwrap_or_default();
    match digits.len() {
        6 => format!("#{}", digits.to_lowercase()),
        3 => digits.chars().fold("#".to_owned(), |colour, digit| colour + &String::from_iter([digit, digit]).to_lowercase()),
        _ => String::new(),
    }
}
