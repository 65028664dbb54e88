//! Reader of REFI-QDA projects and codebooks. For untrusted files sizes and nesting are bounded, and
//! entities are not expanded.

use crate::exchange::import_entry::Excerpt;
use crate::exchange::import_entry::ImportBatch;
use crate::exchange::import_entry::ImportEntry;
use crate::exchange::import_entry::ImportError;
use pizhu_annotation::AnnotationId;
use pizhu_annotation::Scope;
use pizhu_annotation::SpeechHash;
use pizhu_annotation::codebook::check_name;
use pizhu_annotation::{Tag, TagId, TagRef};
use pizhu_text::text::SourceText;
use pizhu_text::text::Span;
use pizhu_text::text::decode;
use quick_xml::{
    Reader,
    events::{BytesStart, Event},
};
use std::{
    collections::HashMap,
    io::{Cursor, Read},
};
use zip::ZipArchive;

/// Minimum limit of an entry's unpacked bytes, whatever its packed size.
const MIN_UNPACKED_LIMIT: u64 = 4 * 1024 * 1024;
/// Maximum unpacked bytes per packed byte.
const MAX_RATIO: u64 = 100;
/// Maximum entries of a project.
const MAX_ENTRIES: usize = 20_000;
/// Maximum nesting of elements, including nested codes.
const MAX_DEPTH: usize = 200;
/// Maximum unpacked bytes of all sources together.
const MAX_SOURCE_BYTES: usize = 128 * 1024 * 1024;
/// Maximum chars that the selections of a project cover together, counted as often as they are
/// covered; each becomes the quotation of an annotation.
const MAX_SELECTED_CHARS: usize = 64 * 1024 * 1024;
/// Maximum chars of a name of a user or source, which each selection repeats.
const MAX_NAME_CHARS: usize = 1024;

fn broken(error: impl std::fmt::Display) -> ImportError {
    ImportError::Broken(error.to_string())
}

/// Reads a project.
pub(super) fn read(bytes: &[u8]) -> Result<ImportBatch, ImportError> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
    if archive.len() > MAX_ENTRIES {
        return Err(ImportError::Broken("too many entries".into()));
    }
    let project = unpack_entry(&mut archive, "project.qde")?.ok_or(ImportError::Unknown)?;
    let mut walk = ProjectReader::default();
    let mut known: HashMap<String, Option<ProjectSource>> = HashMap::new();
    let mut unpacked = 0;
    walk.read(&String::from_utf8(project).map_err(broken)?, &mut |path| {
        let name = path.strip_prefix("internal://").map_or_else(|| path.to_owned(), |name| format!("sources/{name}"));
        if let Some(source) = known.get(&name) {
            return Ok(source.clone());
        }
        let bytes = unpack_entry(&mut archive, &name)?;
        unpacked += bytes.as_ref().map_or(0, Vec::len);
        if unpacked > MAX_SOURCE_BYTES {
            return Err(ImportError::Broken(format!("its sources unpack to over {} MB", MAX_SOURCE_BYTES >> 20)));
        }
        let source = bytes.map(|bytes| {
            let text = decode::decode(&bytes, None).source;
            ProjectSource { hash: SpeechHash::from_text(&text), text }
        });
        known.insert(name, source.clone());
        Ok(source)
    })?;
    Ok(walk.finish())
}

/// Reads a codebook.
pub(super) fn read_codebook(bytes: &[u8]) -> Result<ImportBatch, ImportError> {
    let mut walk = ProjectReader::default();
    walk.read(std::str::from_utf8(bytes).map_err(broken)?, &mut |_| Ok(None))?;
    let found = walk.finish();
    if found.tags.is_empty() { Err(ImportError::Unknown) } else { Ok(found) }
}

fn unpack_entry(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<Option<Vec<u8>>, ImportError> {
    let Some(index) = archive.index_for_name(name) else { return Ok(None) };
    let file = archive.by_index(index).map_err(broken)?;
    let most = file.compressed_size().saturating_mul(MAX_RATIO).max(MIN_UNPACKED_LIMIT);
    if file.size() > most {
        return Err(ImportError::Broken(format!("{name} unpacks to too much")));
    }
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > most { Err(ImportError::Broken(format!("{name} unpacks to too much"))) } else { Ok(Some(bytes)) }
}

/// A source of a project: its text, held once, and the hash of it. Cheap to clone.
#[derive(Clone)]
struct ProjectSource {
    hash: SpeechHash,
    text: SourceText,
}

/// Finds a source by its path in the project; one named several times is read once.
type SourceLookup<'a> = dyn FnMut(&str) -> Result<Option<ProjectSource>, ImportError> + 'a;

/// State of reading a project.
#[derive(Default)]
struct ProjectReader {
    found: ImportBatch,
    users: HashMap<String, String>,
    codes: HashMap<String, TagRef>,
    /// The codes that are open, `None` for one with an invalid name.
    open_codes: Vec<Option<TagRef>>,
    /// Index of the entry and GUID of the code of each coding; codes may be defined later.
    codings: Vec<(usize, String)>,
    source: Option<(ImportEntry, Option<SourceText>)>,
    /// Chars that the selections so far cover.
    selected: usize,
    in_selection: bool,
    in_coding: bool,
    describing: bool,
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

impl ProjectReader {
    fn read(&mut self, xml: &str, texts: &mut SourceLookup<'_>) -> Result<(), ImportError> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().expand_empty_elements = true;
        let mut depth = 0_usize;
        loop {
            match reader.read_event().map_err(broken)? {
                Event::Start(tag) => {
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return Err(ImportError::Broken("nested too deeply".into()));
                    }
                    self.open(&tag, texts)?;
                }
                Event::End(tag) => {
                    depth = depth.saturating_sub(1);
                    self.close(tag.local_name().into_inner());
                }
                Event::Text(text) => self.describe(&text.xml10_content()),
                Event::CData(text) => self.describe(&text.xml10_content()),
                Event::GeneralRef(name) => match name.resolve_char_ref() {
                    Ok(Some(c)) => self.describe(c.encode_utf8(&mut [0; 4])),
                    _ => self.describe(quick_xml::escape::resolve_predefined_entity(&name.xml10_content()).unwrap_or_default()),
                },
                Event::DocType(_) => return Err(ImportError::Broken("it declares a document type".into())),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn open(&mut self, tag: &BytesStart<'_>, texts: &mut SourceLookup<'_>) -> Result<(), ImportError> {
        match tag.local_name().into_inner() {
            "User" => {
                self.users.insert(guid(tag, "guid"), short_name(tag));
            }
            "Code" => {
                // A code with an invalid name is skipped, but its children keep their parent.
                let name = attribute(tag, "name").unwrap_or_default().replace('/', "／");
                let name: String = name.trim().chars().filter(|c| !c.is_control()).collect();
                let code = check_name(&name).is_ok().then(|| {
                    let guid = guid(tag, "guid");
                    let id = guid.parse().map_or_else(|_| TagId::new(), |guid: AnnotationId| TagId::from_uuid(guid.uuid()));
                    let parent = self.open_codes.iter().rev().flatten().next().cloned();
                    let colour = attribute(tag, "color").unwrap_or_default();
                    let new = Tag { parent, colour, ..Tag::with_id(id, &name) };
                    let code = TagRef::from(&new);
                    self.codes.insert(guid, code.clone());
                    self.found.tags.push(new);
                    code
                });
                self.open_codes.push(code);
            }
            "TextSource" => {
                let source = attribute(tag, "plainTextPath").map(|path| texts(&path)).transpose()?.flatten();
                let document_hash = source.as_ref().map(|source| source.hash);
                let entry = ImportEntry { document: short_name(tag), document_hash, ..ImportEntry::default() };
                self.source = Some((entry, source.map(|source| source.text)));
            }
            "PlainTextSelection" => {
                let Some((source, text)) = &self.source else { return Ok(()) };
                let number = |name| attribute(tag, name).and_then(|number| number.trim().parse::<usize>().ok());
                let (start, end) = (number("startPosition"), number("endPosition"));
                let name = attribute(tag, "name").unwrap_or_default();
                let user = |name| self.users.get(&guid(tag, name)).cloned();
                let time = |name| attribute(tag, name).and_then(|time| time.parse().ok());
                let section = name.strip_prefix("§ ");
                let scope = match section {
                    Some(_) => Scope::Section,
                    None if name.starts_with("§§") => Scope::Speech,
                    None => Scope::Passage,
                };
                let excerpt = text.as_ref().zip(start.zip(end)).map(|(text, (start, end))| {
                    let span = Span::new(start.min(text.len()), end.min(text.len()));
                    Excerpt { text: text.clone(), span }
                });
                self.selected += excerpt.as_ref().map_or(0, |excerpt| excerpt.span.len());
                if self.selected > MAX_SELECTED_CHARS {
                    return Err(ImportError::Broken(format!("its selections cover over {MAX_SELECTED_CHARS} characters")));
                }
                self.found.entries.push(ImportEntry {
                    id: guid(tag, "guid").parse().ok(),
                    scope: Some(scope),
                    section: section.map(|path| path.split('/').map(str::to_owned).collect()),
                    start,
                    end,
                    excerpt,
                    author: user("creatingUser"),
                    created: time("creationDateTime"),
                    modified: time("modifiedDateTime").or_else(|| time("creationDateTime")),
                    ..source.clone()
                });
                self.in_selection = true;
            }
            "Coding" => self.in_coding = self.in_selection,
            "CodeRef" if self.in_coding => self.codings.push((self.found.entries.len() - 1, guid(tag, "targetGUID"))),
            "Description" => self.describing = true,
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self, name: &str) {
        match name {
            "Code" => drop(self.open_codes.pop()),
            "TextSource" => self.source = None,
            "PlainTextSelection" => self.in_selection = false,
            "Coding" => self.in_coding = false,
            "Description" => self.describing = false,
            _ => {}
        }
    }

    fn describe(&mut self, text: &str) {
        if !self.describing {
        } else if self.in_selection {
            if let Some(entry) = self.found.entries.last_mut() {
                entry.note.push_str(text);
            }
        } else if self.source.is_none()
            && let Some(Some(code)) = self.open_codes.last()
            && let Some(tag) = self.found.tags.last_mut().filter(|tag| tag.id == code.id)
        {
            tag.definition.push_str(text);
        }
    }

    fn finish(mut self) -> ImportBatch {
        for (entry, code) in self.codings {
            if let (Some(entry), Some(tag)) = (self.found.entries.get_mut(entry), self.codes.get(&code)) {
                entry.tags.push(tag.name.clone());
                entry.tag_refs.push(tag.clone());
            }
        }
        self.found
    }
}
