//! W3C Web Annotation (<https://www.w3.org/TR/annotation-model/>): an annotation page whose items
//! have a quote selector and a position selector in code points. Properties that the model lacks
//! (scope, hash of the speech) have the prefix `pizhu:`, which other programs ignore. The source of a target
//! is a URI, as the W3C's tests ask (`tests/consumers/w3c.py`).

use super::{
    collection::Collection,
    export_entry::ExportEntry,
    format::{ExportOptions, Format},
    import_entry::{ImportBatch, ImportEntry, ImportError},
};
use crate::source::percent_decode;
use pizhu_annotation::AnnotationId;
use pizhu_text::text::Span;
use serde_json::{Value, json};
use std::{
    collections::HashSet,
    fmt::Write as _,
    io::{self, Write},
};

/// Before the path of a speech.
const FILE_URI: &str = "file://";
/// Before the path of a speech from the folder that shares the store.
const PIZHU_URN: &str = "urn:pizhu:";

/// Chars of prefix and of suffix in a quote selector.
const CONTEXT_CHARS: usize = 32;

/// Web Annotation page.
pub(super) const FORMAT: Format = Format {
    name: "web-annotation",
    extension: "jsonld",
    media: "application/ld+json",
    doc: "W3C Web Annotation, for annotation servers and Hypothesis-like tools",
    write,
    read: Some(read),
};

fn write(collection: &Collection, _: ExportOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = HashSet::new();
    let entries = collection.ordered().into_iter().map(|(_, entry)| entry).filter(|entry| seen.insert((entry.id, &entry.document)));
    let items: Vec<Value> = entries.map(|entry| item(collection, entry)).collect();
    // The same annotations give the same id.
    let ids: Vec<&str> = items.iter().filter_map(|item| item["id"].as_str()).collect();
    let id = AnnotationId::from_content(format!("page {}", ids.join(" ")).as_bytes());
    let page = json!({
        "@context": ["http://www.w3.org/ns/anno.jsonld", {"pizhu": "urn:pizhu:"}],
        "id": format!("urn:uuid:{id}"),
        "type": "AnnotationPage",
        "items": items,
    });
    serde_json::to_writer_pretty(&mut *out, &page)?;
    out.write_all(b"\n")
}

fn item(collection: &Collection, entry: &ExportEntry) -> Value {
    let mut bodies: Vec<Value> = entry.tags.iter().map(|tag| json!({"type": "TextualBody", "purpose": "tagging", "value": tag})).collect();
    if !entry.note.is_empty() {
        bodies.push(json!({"type": "TextualBody", "purpose": "commenting", "format": "text/plain", "value": entry.note}));
    }
    let mut quote = json!({"type": "TextQuoteSelector", "exact": entry.quote});
    let mut selectors = Vec::new();
    if let Some(span) = entry.span() {
        let document = &collection.speech(entry).document;
        quote["prefix"] = document.quote(Span::new(span.start.saturating_sub(CONTEXT_CHARS), span.start)).into();
        quote["suffix"] = document.quote(Span::new(span.end, span.end + CONTEXT_CHARS)).into();
        selectors.push(json!({"type": "TextPositionSelector", "start": span.start, "end": span.end}));
    }
    selectors.insert(0, quote);
    let mut item = json!({
        "id": format!("urn:uuid:{}", entry.id),
        "type": "Annotation",
        "motivation": if entry.tags.is_empty() { "commenting" } else { "tagging" },
        "created": entry.created,
        "modified": entry.modified,
        "creator": {"type": "Person", "name": entry.author},
        "body": bodies,
        "target": {"source": uri(&entry.document), "selector": selectors},
        "pizhu:scope": entry.scope.name(),
        "pizhu:document": entry.document,
        "pizhu:documentHash": entry.document_hash.to_string(),
        "pizhu:documentTitle": entry.document_title,
        "pizhu:section": entry.section,
        "pizhu:tagPaths": entry.tag_paths,
    });
    if let Some(marked) = &entry.marked {
        item["pizhu:marked"] = json!(marked);
    }
    item
}

/// The URI (RFC 3986) of a speech by its path: `/a b.txt` gives `file:///a%20b.txt`, and a path from the
/// folder that shares the store, which has no address, `讲 话.txt` gives `urn:pizhu:%E8%AE%B2%20%E8%AF%9D.txt`.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { FILE_URI } else { PIZHU_URN });
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// The path that a URI names; what is no URI of ours stays, but for its escapes.
fn path_of(uri: &str) -> String {
    let path = uri.strip_prefix(FILE_URI).or_else(|| uri.strip_prefix(PIZHU_URN)).unwrap_or(uri);
    percent_decode(path).unwrap_or_else(|| path.to_owned())
}

/// Reads an annotation page, the first page of a collection, a list of annotations, or a single one.
fn read(bytes: &[u8]) -> Result<ImportBatch, ImportError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| ImportError::Broken(error.to_string()))?;
    let mut found = ImportBatch::default();
    let items = match &value {
        Value::Array(items) => items.as_slice(),
        value => match value.get("items").or_else(|| value.get("first").and_then(|first| first.get("items"))).and_then(Value::as_array) {
            Some(items) => items.as_slice(),
            None => std::slice::from_ref(value),
        },
    };
    found.entries.extend(items.iter().map(parse_annotation));
    Ok(found)
}

fn one_or_many(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(values)) => values,
        Some(value) => std::slice::from_ref(value),
        None => &[],
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

fn parse_annotation(item: &Value) -> ImportEntry {
    let mut entry = ImportEntry {
        id: text(item.get("id")).and_then(|id| id.rsplit([':', '/']).next()?.parse().ok()),
        scope: item.get("pizhu:scope").and_then(|scope| serde_json::from_value(scope.clone()).ok()),
        document: text(item.get("pizhu:document")).unwrap_or_default(),
        document_hash: text(item.get("pizhu:documentHash")).and_then(|hash| hash.parse().ok()),
        document_title: text(item.get("pizhu:documentTitle")),
        section: item.get("pizhu:section").and_then(|path| serde_json::from_value(path.clone()).ok()),
        tag_paths: item.get("pizhu:tagPaths").and_then(|paths| serde_json::from_value(paths.clone()).ok()).unwrap_or_default(),
        author: text(item.get("creator").and_then(|creator| creator.get("name").or(Some(creator)))),
        created: text(item.get("created")).and_then(|time| time.parse().ok()),
        modified: text(item.get("modified")).and_then(|time| time.parse().ok()),
        marked: item.get("pizhu:marked").and_then(|marked| serde_json::from_value(marked.clone()).ok()),
        ..ImportEntry::default()
    };
    for body in one_or_many(item.get("body")) {
        let value = text(body.get("value").or(Some(body)));
        match (body.get("purpose").and_then(Value::as_str), value) {
            (Some("tagging"), Some(tag)) => entry.tags.push(tag),
            (_, Some(note)) => entry.note = if entry.note.is_empty() { note } else { entry.note + "\n" + &note },
            _ => {}
        }
    }
    let target = item.get("target");
    if entry.document.is_empty() {
        let source = target.and_then(|target| target.get("source").or(Some(target)));
        entry.document = text(source).map(|uri| path_of(&uri)).unwrap_or_default();
    }
    for selector in one_or_many(target.and_then(|target| target.get("selector"))) {
        match selector.get("type").and_then(Value::as_str) {
            Some("TextQuoteSelector") => {
                entry.quote = text(selector.get("exact"));
                entry.before = text(selector.get("prefix")).unwrap_or_default();
                entry.after = text(selector.get("suffix")).unwrap_or_default();
            }
            Some("TextPositionSelector") => {
                let number = |name: &str| selector.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
                (entry.start, entry.end) = (number("start"), number("end"));
            }
            _ => {}
        }
    }
    entry
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::ExportOrder;
    use crate::exchange::fixture;

    #[test]
    fn selectors_count_code_points_and_have_context() {
        let page: Value = serde_json::from_str(&fixture::export_text(FORMAT, ExportOrder::Position)).unwrap();
        assert!(page["id"].as_str().unwrap().starts_with("urn:uuid:"));
        let item = page["items"].as_array().unwrap().iter().find(|item| item["target"]["selector"][1]["start"] == 19).unwrap();
        let (quote, text) = (&item["target"]["selector"][0], fixture::TEXT);
        let exact: String = text.chars().skip(19).take(12).collect();
        assert_eq!(quote["exact"], exact.as_str());
        let around = ["prefix", "exact", "suffix"].map(|name| quote[name].as_str().unwrap()).concat();
        assert!(text.contains(&around));
        assert_eq!(item["target"]["source"], "urn:pizhu:%E8%AE%B2%20%E8%AF%9D.txt");
        // Another program may keep nothing but what the model has.
        let mut bare = page.clone();
        for item in bare["items"].as_array_mut().unwrap() {
            item.as_object_mut().unwrap().retain(|name, _| !name.starts_with("pizhu:"));
        }
        let found = read(bare.to_string().as_bytes()).unwrap();
        assert!(found.entries.iter().all(|entry| entry.document == "讲 话.txt"), "{:?}", found.entries[0].document);
        let purposes: Vec<&str> = item["body"].as_array().unwrap().iter().map(|body| body["purpose"].as_str().unwrap()).collect();
        assert_eq!(purposes, ["tagging", "tagging", "commenting"]);
    }

    #[test]
    fn paths_survive_their_uris() {
        for path in ["讲话/春 %20.txt", "/绝对/a?b#c.txt", "a:b.txt", "-", "👩\u{200D}💻"] {
            let written = uri(path);
            assert!(written.is_ascii() && !written.contains(' ') && written.contains(':'), "{written}");
            assert_eq!(path_of(&written), path);
        }
        assert_eq!(path_of("http://example.org/100%"), "http://example.org/100%");
    }

    #[test]
    fn annotations_of_other_programs_are_read() {
        let foreign = r#"{"@context": "http://www.w3.org/ns/anno.jsonld", "type": "Annotation", "id": "http://example.org/1", "creator": "http://example.org/甲",
            "body": ["记一句", {"purpose": "tagging", "value": "引才"}, {"value": "又一句"}],
            "target": {"source": "a.txt", "selector": {"type": "TextQuoteSelector", "exact": "抓实", "prefix": "要"}}}"#;
        let found = read(foreign.as_bytes()).unwrap().entries.remove(0);
        assert_eq!((found.id, found.document.as_str(), found.quote.as_deref(), found.before.as_str()), (None, "a.txt", Some("抓实"), "要"));
        assert_eq!((found.tags, found.note.as_str()), (vec!["引才".to_owned()], "记一句\n又一句"));
        for odd in ["[]", "{}", "[1, null, {\"target\": []}]", r#"{"first": {"items": [{}]}}"#] {
            assert!(read(odd.as_bytes()).is_ok(), "{odd}");
        }
        assert!(read(b"{").is_err());
    }
}
