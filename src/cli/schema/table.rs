//! The table of schemas.

use super::field::{FieldType, RecordField};
use FieldType::{
    Any, Choice, Count, CountOrNull, Defined, DefinedOrNull, Flag, List, Number, NumberOrNull, Text, TextOrNull, Texts, TextsOrNull,
};

/// The schema of one kind of record or document.
pub(super) struct Schema {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// The shapes it may have, each as groups of fields.
    pub(super) alternatives: &'static [&'static [&'static [RecordField]]],
}

/// What every record says of its speech.
const HEAD: &[RecordField] = &[
    RecordField::optional("document", Text, "the file as it was named; absent for a text that came as a record"),
    RecordField::optional("id", Any, "the id that came with the text; absent for a file"),
    RecordField::new("document_hash", Text, "hash of the text's letters and digits: the same for every copy of a speech"),
    RecordField::new("document_title", TextOrNull, ""),
    RecordField::new("document_date", TextOrNull, "YYYY-MM-DD"),
];
/// The head of records about stored annotations, which records of texts do not have.
const STORED_HEAD: &[RecordField] = &[
    RecordField::new("document", Text, "path from the folder that shares the store, else an absolute one"),
    RecordField::new("document_hash", Text, "hash of the text's letters and digits: the same for every copy of a speech"),
    RecordField::new("document_title", TextOrNull, ""),
    RecordField::new("document_date", TextOrNull, "YYYY-MM-DD"),
];
const SPAN: &[RecordField] =
    &[RecordField::new("start", Count, "in Unicode scalar values of the source text, from 0"), RecordField::new("end", Count, "excluded")];
const SPAN_OR_NULL: &[RecordField] = &[
    RecordField::new("start", CountOrNull, "in Unicode scalar values of the source text, from 0"),
    RecordField::new("end", CountOrNull, "excluded"),
];
pub(super) const VERSION: &[RecordField] =
    &[RecordField::new("version", Count, "1; another number means that fields have changed their meaning")];

const SECTION: &[RecordField] = &[
    RecordField::new("path", Text, "the markers from the top, joined by /"),
    RecordField::new("kind", Text, "kind of the ordinal"),
    RecordField::new("number", Count, "number of the ordinal; 0 for a heading without one"),
    RecordField::new("marker", Text, "the ordinal as it is written"),
    RecordField::new("title", Text, "as it is written"),
];
const SECTION_LINE: &[RecordField] = &[
    RecordField::new("parent", TextOrNull, "path of the enclosing section; null at the top"),
    RecordField::new("level", Count, "1 at the top"),
    RecordField::new("restored", TextOrNull, "the title as it was before its bytes were damaged"),
    RecordField::new("heading_start", Count, ""),
    RecordField::new("heading_end", Count, ""),
    RecordField::new("confidence", Number, "the chance that it is a section at this level, from 0 to 1"),
];
const SECTION_NODE: &[RecordField] = &[
    RecordField::optional("restored", Text, "the title as it was before its bytes were damaged"),
    RecordField::new("heading", Defined("span"), "marker and title"),
    RecordField::new("span", Defined("span"), "from the heading to the end of the section"),
    RecordField::new("confidence", Number, "the chance that it is a section at this level, from 0 to 1"),
    RecordField::new("children", List("section"), ""),
];
const OUTLINE: &[RecordField] = &[
    RecordField::new("title", TextOrNull, ""),
    RecordField::new("date", TextOrNull, "YYYY-MM-DD"),
    RecordField::new("front", Defined("front"), "what stands around the title"),
    RecordField::new("boilerplate", Texts, "the lines about the page, which are not part of the speech"),
    RecordField::new("sections", List("section"), ""),
];
const FRONT: &[RecordField] = &[
    RecordField::new("subtitle", DefinedOrNull("front_field"), ""),
    RecordField::new("speaker", DefinedOrNull("front_field"), ""),
    RecordField::new("office", DefinedOrNull("front_field"), "of the speaker"),
    RecordField::new("occasion", DefinedOrNull("front_field"), ""),
    RecordField::new("place", DefinedOrNull("front_field"), ""),
    RecordField::new("number", DefinedOrNull("front_field"), "of the document"),
    RecordField::new("addressees", DefinedOrNull("front_field"), ""),
    RecordField::new("signature", DefinedOrNull("front_field"), ""),
];
const PROPOSED_SPEECH: &[RecordField] = &[
    RecordField::new("document", Text, "the speech that has no annotations"),
    RecordField::new("similar", Text, "the nearly equal speech that has"),
    RecordField::new("title", Text, "of that speech"),
    RecordField::new("similarity", Number, "the share of the smaller text that the other holds"),
    RecordField::new("annotations", Count, ""),
    RecordField::new("copied", Flag, "whether the other speech is still there, so that its annotations are copied"),
];
const PARAGRAPH: &[RecordField] = &[
    RecordField::new("kind", Text, "body, heading, title, …"),
    RecordField::new("section", TextOrNull, "path of the innermost section; null before the first"),
    RecordField::new("text", Text, "without page marks, glosses and line breaks"),
];
const QUOTE: &[RecordField] = &[
    RecordField::new("line", CountOrNull, "line of the source text, from 1; null for the note of an orphaned annotation"),
    RecordField::new("quote", Text, "the source text from start to end"),
    RecordField::new("before", Text, ""),
    RecordField::new("after", Text, ""),
];
const TAG: &[RecordField] = &[
    RecordField::new("tag", Text, ""),
    RecordField::new("score", Number, "comparable within one run"),
    RecordField::new("reasons", Texts, "the words that support the tag, the heaviest first"),
];
const ANNOTATION: &[RecordField] = &[
    RecordField::new("id", Text, "UUID"),
    RecordField::new("scope", Choice(&["passage", "section", "speech", "outline"]), "outline: a mended heading, in reviews only"),
    RecordField::new("tags", Texts, ""),
    RecordField::new("note", Text, ""),
    RecordField::new("author", Text, ""),
    RecordField::new("anchor", Choice(&["exact", "moved", "changed", "review", "orphaned"]), "how the annotation was found in the text"),
];
const EXPORT: &[RecordField] = &[
    RecordField::new("section", TextsOrNull, "steps of the path; null without a place in the text"),
    RecordField::optional("proposed", Defined("span"), "for an annotation that needs review"),
    RecordField::new("quote", Text, "the source text from start to end; without a place, the text that was annotated"),
    RecordField::new("text", Text, "the quote without page marks, glosses and line breaks"),
    RecordField::new("tag_paths", Texts, "each tag with those above it, joined by /"),
    RecordField::new("created", Text, "RFC 3339, in UTC"),
    RecordField::new("modified", Text, "RFC 3339, in UTC"),
    RecordField::optional("attributes", Any, "the attributes of the speech, by key"),
    RecordField::optional("marked", Any, "what was annotated, if the text has changed since; read by import"),
];
const MEMO: &[RecordField] = &[
    RecordField::new("kind", Choice(&["project", "tag", "speech", "section", "passage"]), "what it is on"),
    RecordField::new("id", Text, "id of the annotation, of the tag, or of the record in the project's file"),
    RecordField::new("where", Text, "the place in words; empty for the project"),
    RecordField::new("tag", TextOrNull, "path of the tag"),
    RecordField::new("document", TextOrNull, "path from the folder that shares the store, else an absolute one"),
    RecordField::new("document_hash", TextOrNull, "hash of the text's letters and digits"),
    RecordField::new("document_title", TextOrNull, ""),
    RecordField::new("section", TextOrNull, "path of the section"),
    RecordField::new("quote", TextOrNull, "the annotated text when it was placed last; of a section its heading"),
    RecordField::new("author", TextOrNull, "null for a tag, whose memo has none"),
    RecordField::new("modified", TextOrNull, "RFC 3339, in UTC; null for a tag"),
    RecordField::new("text", Text, ""),
    RecordField::new("store", Text, "the store's folder"),
];
const REVIEW: &[RecordField] = &[
    RecordField::new("kept", Flag, "whether the user keeps it as orphaned"),
    RecordField::optional("change", TextOrNull, "promote, demote, no-heading, heading or title, of a mended heading"),
];
const REVIEW_LINE: &[RecordField] = &[
    RecordField::new("old_section", TextOrNull, "path of the section it stood in"),
    RecordField::new("old_start", Count, ""),
    RecordField::new("old_end", Count, ""),
    RecordField::new("old_quote", Text, ""),
    RecordField::new("proposed_section", TextOrNull, "null, as the others, if no place is proposed"),
    RecordField::new("proposed_start", CountOrNull, ""),
    RecordField::new("proposed_end", CountOrNull, ""),
    RecordField::new("proposed_quote", TextOrNull, ""),
];
const COMPARED_SECTION: &[RecordField] = &[
    RecordField::new(
        "a",
        TextOrNull,
        "path in the first speech; null if only the second has it; empty for what stands before the first section",
    ),
    RecordField::new("b", TextOrNull, "path in the second speech"),
    RecordField::new("state", Choice(&["same", "reworded", "moved", "new", "dropped"]), "of its own text: up to the next heading"),
    RecordField::new("similarity", Number, "of the own texts, from 0 to 1: twice the letters in common over the letters of both"),
    RecordField::new("a_title", TextOrNull, "restored if it is damaged"),
    RecordField::new("b_title", TextOrNull, ""),
    RecordField::new("a_kept", NumberOrNull, "the share of the section, with all below it, that the other speech has"),
    RecordField::new("b_kept", NumberOrNull, ""),
    RecordField::new("changes", List("span_pair"), "what differs in the own texts; an empty span stands where the other has more"),
];
const COMPARED_SPANS: &[RecordField] = &[
    RecordField::new("a_span", DefinedOrNull("span"), "its own text in the first speech"),
    RecordField::new("b_span", DefinedOrNull("span"), ""),
];
const COMPARED_LINE: &[RecordField] = &[
    RecordField::new("a_document", Text, "the file as it was named"),
    RecordField::new("b_document", Text, ""),
    RecordField::new("a_start", CountOrNull, "its own text, in Unicode scalar values of the source"),
    RecordField::new("a_end", CountOrNull, "excluded"),
    RecordField::new("b_start", CountOrNull, ""),
    RecordField::new("b_end", CountOrNull, ""),
];
const COMPARED_SPEECH: &[RecordField] = &[
    RecordField::new("document", Text, "the file as it was named"),
    RecordField::new("title", TextOrNull, ""),
    RecordField::new("date", TextOrNull, "YYYY-MM-DD"),
    RecordField::new("kept", Number, "the share of its letters that the other speech has, from 0 to 1"),
];
const REVIEW_NODE: &[RecordField] = &[
    RecordField::new("document", Text, ""),
    RecordField::new("old", Defined("place"), ""),
    RecordField::new("proposed", DefinedOrNull("place"), ""),
    RecordField::new("difference", List("run"), ""),
];

/// Objects that schemas refer to.
pub(super) const DEFINITIONS: &[(&str, &[&[RecordField]])] = &[
    ("span", &[SPAN]),
    ("section", &[SECTION, SECTION_NODE]),
    ("front", &[FRONT]),
    ("front_field", &[&[RecordField::new("text", Text, "")], SPAN]),
    ("proposed_speech", &[PROPOSED_SPEECH]),
    ("paragraph", &[PARAGRAPH, SPAN]),
    ("outline", &[HEAD, OUTLINE]),
    ("paragraphs", &[HEAD, &[RecordField::new("paragraphs", List("paragraph"), "")]]),
    (
        "hit",
        &[
            &[RecordField::new("document", Text, "the file, or the record's id"), RecordField::new("section", Texts, "steps of the path")],
            &[RecordField::optional("note", Text, "the note that matched; only with --in note")],
            QUOTE,
            SPAN_OR_NULL,
        ],
    ),
    ("memo", &[MEMO]),
    ("suggestions", &[HEAD, &[RecordField::new("suggestions", List("suggestion"), "")]]),
    ("suggestion", &[&[RecordField::new("section", Texts, "steps of the path"), RecordField::new("tags", List("tag"), "best first")]]),
    ("tag", &[TAG]),
    ("annotation", &[STORED_HEAD, ANNOTATION, EXPORT, SPAN_OR_NULL]),
    ("case", &[ANNOTATION, REVIEW, REVIEW_NODE]),
    (
        "place",
        &[
            &[RecordField::new("section", Texts, "steps of the path"), RecordField::new("quote", Text, "")],
            &[RecordField::new("before", Text, ""), RecordField::new("after", Text, "")],
            SPAN,
        ],
    ),
    ("span_pair", &[&[RecordField::new("a", Defined("span"), ""), RecordField::new("b", Defined("span"), "")]]),
    ("compared_speech", &[COMPARED_SPEECH]),
    ("compared_section", &[COMPARED_SECTION, COMPARED_SPANS]),
    ("run", &[&[RecordField::new("op", Choice(&["same", "delete", "insert"]), ""), RecordField::new("text", Text, "")]]),
    (
        "failure",
        &[&[
            RecordField::new("code", Text, "the same in every language and release: missing, unreadable, not_text, damaged, too_large, …"),
            RecordField::new("message", Text, "for people"),
        ]],
    ),
];

/// All schemas, in the order they are listed.
pub(super) const SCHEMAS: &[Schema] = &[
    Schema {
        name: "input",
        about: "A speech as a record of JSON lines, read with --input jsonl. Other fields are ignored.",
        alternatives: &[&[&[
            RecordField::optional("id", Any, "returned with each record about the text"),
            RecordField::new("text", Text, ""),
        ]]],
    },
    Schema {
        name: "error",
        about: "A record in place of a speech that gives none.",
        alternatives: &[&[&[
            RecordField::optional("document", Text, "the file"),
            RecordField::optional("id", Any, "the id that came with the text"),
            RecordField::optional("line", Count, "line of the input, from 1"),
            RecordField::new("error", Defined("failure"), ""),
        ]]],
    },
    Schema {
        name: "outline",
        about: "A section, as outline --format jsonl writes it.",
        alternatives: &[&[HEAD, SECTION, SECTION_LINE, SPAN]],
    },
    Schema { name: "text", about: "A paragraph, as text --format jsonl writes it.", alternatives: &[&[HEAD, PARAGRAPH, SPAN]] },
    Schema {
        name: "search",
        about: "A hit, as search --format jsonl writes it; with --in note also the memos of tags and of the project.",
        alternatives: &[
            &[
                HEAD,
                &[RecordField::new("section", TextOrNull, "path of the section; null before the first")],
                &[RecordField::new("note", TextOrNull, "the note that matched; only with --in note")],
                QUOTE,
                SPAN_OR_NULL,
            ],
            &[MEMO],
        ],
    },
    Schema {
        name: "suggest",
        about: "A suggested tag, as suggest --format jsonl writes it.",
        alternatives: &[&[
            HEAD,
            &[RecordField::new("section", Text, "path of the section"), RecordField::new("section_title", Text, "")],
            &[RecordField::new("rank", Count, "among the section's suggestions, from 1")],
            TAG,
            SPAN,
        ]],
    },
    Schema {
        name: "compare",
        about: "A section of two speeches, as compare --format jsonl writes it.",
        alternatives: &[&[COMPARED_LINE, COMPARED_SECTION]],
    },
    Schema {
        name: "export",
        about: "An annotation, as export --format jsonl writes it.",
        alternatives: &[&[STORED_HEAD, ANNOTATION, EXPORT, SPAN_OR_NULL]],
    },
    Schema { name: "memo", about: "A memo or note, as memo list --format jsonl writes it.", alternatives: &[&[MEMO]] },
    Schema {
        name: "review",
        about: "An annotation to be decided about, as review --format jsonl writes it.",
        alternatives: &[&[STORED_HEAD, ANNOTATION, REVIEW, REVIEW_LINE]],
    },
    Schema {
        name: "outline-report",
        about: "The section tree of one speech, or the trees of many, as outline --format json writes them.",
        alternatives: &[&[VERSION, OUTLINE], &[VERSION, &[RecordField::new("documents", List("outline"), "")]]],
    },
    Schema {
        name: "text-report",
        about: "The paragraphs of one speech, or of many, as text --format json writes them.",
        alternatives: &[
            &[VERSION, HEAD, &[RecordField::new("paragraphs", List("paragraph"), "")]],
            &[VERSION, &[RecordField::new("documents", List("paragraphs"), "")]],
        ],
    },
    Schema {
        name: "search-report",
        about: "The hits, as search --format json writes them.",
        alternatives: &[&[
            VERSION,
            &[RecordField::new("hits", List("hit"), "")],
            &[RecordField::optional("memos", List("memo"), "the memos of tags and of the project that matched; only with --in note")],
        ]],
    },
    Schema {
        name: "suggest-report",
        about: "The suggestions for one speech, or for many, as suggest --format json writes them.",
        alternatives: &[
            &[VERSION, &[RecordField::new("suggestions", List("suggestion"), "")]],
            &[VERSION, &[RecordField::new("documents", List("suggestions"), "")]],
        ],
    },
    Schema {
        name: "compare-report",
        about: "The comparison of two speeches, as compare --format json writes it.",
        alternatives: &[&[
            VERSION,
            &[RecordField::new("a", Defined("compared_speech"), ""), RecordField::new("b", Defined("compared_speech"), "")],
            &[RecordField::new("sections", List("compared_section"), "in the order of the second speech")],
            &[RecordField::new("moves", List("span_pair"), "passages that stand in another section of the second speech")],
        ]],
    },
    Schema {
        name: "export-report",
        about: "The annotations, as export --format json writes them.",
        alternatives: &[&[
            VERSION,
            &[RecordField::new("annotations", List("annotation"), ""), RecordField::new("codebook", Any, "the tags, parents first")],
            &[RecordField::new("project", Any, "records of the project: memos, types of attributes, baskets")],
            &[RecordField::new("speeches", Any, "the speeches with their attributes and other records")],
        ]],
    },
    Schema {
        name: "memo-report",
        about: "All memos and notes, as memo list --format json writes them.",
        alternatives: &[&[VERSION, &[RecordField::new("memos", List("memo"), "")]]],
    },
    Schema {
        name: "review-report",
        about: "The annotations to be decided about, as review --format json writes them; or what was decided.",
        alternatives: &[
            &[VERSION, &[RecordField::new("ids", Texts, "the annotations that were decided about")]],
            &[VERSION, &[RecordField::new("taken", Count, "annotations of other speeches"), RecordField::new("refused", Count, "")]],
            &[
                VERSION,
                &[RecordField::new("annotations", List("case"), "")],
                &[RecordField::new("speeches", List("proposed_speech"), "speeches whose annotations may belong to one that has none")],
            ],
        ],
    },
];
