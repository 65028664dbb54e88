//! The table of schemas of what commands write of the store: edits, counts, agreement, imports.

use super::field::{FieldType, RecordField};
use super::table::{Schema, VERSION};
use FieldType::{
    Choice, Count, CountOrNull, CountsByName, CountsOrNulls, Defined, Flag, IntervalOrNull, List, MeasureOrNull, Number, NumbersOrNulls,
    Text, TextOrNull, Texts,
};

const IDS: &[RecordField] = &[RecordField::new("ids", Texts, "the annotations that were made or changed, as UUIDs")];
const ANCHOR: FieldType = Choice(&["exact", "moved", "changed", "review", "orphaned"]);
const UNIT: &[RecordField] = &[
    RecordField::new("coders", Texts, ""),
    RecordField::new("unit", Choice(&["section", "paragraph", "sentence", "char"]), "what coders are compared by"),
    RecordField::new("not_done", List("not_done"), "the coders who have not declared all speeches done; empty if nobody has declared one"),
    RecordField::new("disagreements", List("disagreement"), ""),
];
const AGREEMENT: &[RecordField] = &[
    RecordField::new("units", Count, "units that at least two coders have coded"),
    RecordField::new("percent", MeasureOrNull, "from 0 to 100"),
    RecordField::new("percent_interval", IntervalOrNull, "the 95 % interval, from a bootstrap of the units"),
    RecordField::new("percent_of", Number, "number of pairs of ratings"),
    RecordField::new("kappa", MeasureOrNull, "Cohen's κ, of two coders"),
    RecordField::new("kappa_interval", IntervalOrNull, ""),
    RecordField::new("alpha", MeasureOrNull, "Krippendorff's α; null if it is undefined, as without any variation"),
    RecordField::new("alpha_interval", IntervalOrNull, ""),
    RecordField::optional("u_alpha", MeasureOrNull, "Krippendorff's uα of the passages; only by characters"),
];
/// What a row or column of counts is of: one of these.
const HEADER: &[RecordField] = &[
    RecordField::optional("tag", Text, ""),
    RecordField::optional("document", Text, "the file"),
    RecordField::optional("year", TextOrNull, "null for speeches without a date"),
    RecordField::optional("attribute", TextOrNull, "the value; null for speeches without one"),
    RecordField::optional("level", CountOrNull, "of the section; null before the first"),
    RecordField::new("total", Count, ""),
];
const PLACE: &[RecordField] = &[
    RecordField::new("section", TextOrNull, "path of the section"),
    RecordField::new("start", CountOrNull, "in Unicode scalar values of the source text; null without a place"),
    RecordField::new("end", CountOrNull, "excluded"),
];
const BASKET_ENTRY: &[RecordField] = &[
    RecordField::new("id", Text, ""),
    RecordField::new("kind", Choice(&["passage", "section", "speech", "heading", "words"]), ""),
    RecordField::new("level", CountOrNull, "of a heading"),
    RecordField::new("text", Text, "as it was put in"),
    RecordField::new("state", TextOrNull, "whether the passage stands as it was, has moved or changed, or is gone"),
    RecordField::new("document", TextOrNull, ""),
    RecordField::new("document_title", TextOrNull, ""),
    RecordField::new("document_date", TextOrNull, "YYYY-MM-DD"),
];
const CHANGE: &[RecordField] = &[
    RecordField::new("id", Text, "of the annotation"),
    RecordField::new("change", Text, "added, changed, deleted, …"),
    RecordField::new("quote", Text, ""),
    RecordField::new("tags_added", Texts, ""),
    RecordField::new("tags_removed", Texts, ""),
    RecordField::optional("note", Text, "the new note, if it changed"),
    RecordField::new("attached", Flag, "whether the annotation was attached to other text"),
    RecordField::optional("outline", Text, "the change of the outline, if it is one"),
];
const STATE: &[RecordField] = &[
    RecordField::new("number", Count, "what --restore takes"),
    RecordField::new("id", Text, ""),
    RecordField::new("at", Text, "RFC 3339, in UTC"),
    RecordField::new("author", Text, ""),
    RecordField::new("kind", Text, "edit, undo, redo, restore, …"),
    RecordField::optional("of", Text, "the entry that was undone, redone or restored"),
    RecordField::new("changes", List("change"), ""),
    RecordField::optional("attributes", List("attribute_change"), ""),
];
const IMPORTED: &[RecordField] = &[
    RecordField::new("created", Count, "annotations that are new"),
    RecordField::new("merged", Count, "annotations that were there"),
    RecordField::new("review", Count, "of these, annotations whose place is uncertain"),
    RecordField::new("tags", Texts, "the new tags"),
    RecordField::new("to_review", List("imported_entry"), ""),
    RecordField::new("failed", List("failed_entry"), ""),
    RecordField::new("texts", Texts, "files that texts of the project were written to"),
    RecordField::new("records", Count, "attributes and other records of speeches that were set"),
    RecordField::new("project", Count, "memos, types and other records of the project that were added"),
    RecordField::new("lost", CountsByName, "what the file holds and was not kept, by kind"),
];
const ENTRY: &[RecordField] = &[RecordField::new("entry", Count, "its number in the file, from 1"), RecordField::new("document", Text, "")];
const TERMINAL: &[RecordField] = &[
    RecordField::new("terminal", Flag, "whether a terminal could be asked"),
    RecordField::new("term", Text, "the variable TERM"),
    RecordField::new("program", Text, ""),
    RecordField::new("multiplexer", TextOrNull, "tmux and the like"),
    RecordField::new("colors", Text, ""),
    RecordField::new("remembered", CountOrNull, "cells of an ambiguous character, as remembered for this terminal"),
    RecordField::new("measured", CountOrNull, "the same, measured now"),
    RecordField::new("emoji_selector", CountOrNull, "cells of ❤ with the emoji variation selector"),
    RecordField::new("synchronised_output", FieldType::FlagOrNull, ""),
    RecordField::new("background", TextOrNull, "light or dark"),
    RecordField::new("clipboard_announced", Flag, ""),
];
const TAG: &[RecordField] = &[
    RecordField::new("id", Text, ""),
    RecordField::new("name", Text, ""),
    RecordField::new("path", Text, "with those above it, joined by /"),
    RecordField::new("parent", TextOrNull, "name of the one above"),
    RecordField::new("color", Text, ""),
    RecordField::new("definition", Text, ""),
    RecordField::new("keywords", Texts, ""),
    RecordField::new("english", Text, ""),
    RecordField::new("memo", Text, ""),
    RecordField::new("key", Text, "what sets it in the reader; empty for none"),
];
const MENDED: &[RecordField] = &[
    RecordField::new("id", Text, ""),
    RecordField::new("change", Choice(&["promote", "demote", "no-heading", "heading", "title"]), ""),
    RecordField::new("level", CountOrNull, "the level asked for, of a heading"),
    RecordField::new("quote", Text, ""),
    RecordField::new("author", Text, ""),
    RecordField::new("anchor", ANCHOR, "how the heading was found in the text"),
];

/// Objects that schemas refer to.
pub(super) const REPORT_DEFINITIONS: &[(&str, &[&[RecordField]])] = &[
    ("mended", &[MENDED, PLACE]),
    ("codebook_tag", &[TAG]),
    (
        "known_attribute",
        &[&[
            RecordField::new("key", Text, ""),
            RecordField::new("type", Choice(&["text", "number", "date"]), ""),
            RecordField::new("speeches", Count, "that have a value"),
            RecordField::new("set", Count, "of these, speeches in which a user has set it"),
            RecordField::new("distinct", Count, "different values"),
        ]],
    ),
    (
        "attributes",
        &[&[
            RecordField::new("document", Text, ""),
            RecordField::new("title", TextOrNull, ""),
            RecordField::new("attributes", List("attribute"), ""),
        ]],
    ),
    (
        "attribute",
        &[&[
            RecordField::new("key", Text, ""),
            RecordField::new("value", Text, "empty if a user says that there is none"),
            RecordField::new("source", Choice(&["found", "set"]), "found in the text, or set by a user"),
            RecordField::optional("author", Text, "who set it"),
        ]],
    ),
    (
        "failed_row",
        &[&[
            RecordField::new("row", Count, "its number in the table, from 1, that of the header"),
            RecordField::new("document", Text, ""),
            RecordField::new("reason", Text, "for people"),
        ]],
    ),
    (
        "basket",
        &[&[RecordField::new("id", Text, ""), RecordField::new("name", Text, ""), RecordField::new("entries", List("basket_entry"), "")]],
    ),
    ("basket_entry", &[BASKET_ENTRY, PLACE]),
    ("done", &[&[RecordField::new("document", Text, ""), RecordField::new("done", Texts, "the authors who are done with it")]]),
    ("column", &[HEADER]),
    (
        "row",
        &[
            HEADER,
            &[RecordField::optional("title", TextOrNull, "of the speech")],
            &[RecordField::new("counts", CountsOrNulls, "a figure for each column; null if the row and column have none")],
            &[RecordField::optional("percent", NumbersOrNulls, "shares from 0 to 100; only with --percent")],
        ],
    ),
    ("agreement", &[AGREEMENT]),
    ("pair_agreement", &[&[RecordField::new("coders", Texts, "two")], AGREEMENT]),
    ("tag_agreement", &[&[RecordField::new("tag", Text, "")], AGREEMENT]),
    ("not_done", &[&[RecordField::new("coder", Text, ""), RecordField::new("documents", Texts, "")]]),
    (
        "disagreement",
        &[&[
            RecordField::new("tag", Text, ""),
            RecordField::new("document", Text, ""),
            RecordField::new("section", Texts, "steps of the path"),
            RecordField::new("start", Count, ""),
            RecordField::new("end", Count, "excluded"),
            RecordField::new("with", Texts, "coders who gave the tag"),
            RecordField::new("without", Texts, "coders of the speech who did not"),
        ]],
    ),
    ("state", &[STATE]),
    ("change", &[CHANGE]),
    (
        "attribute_change",
        &[&[RecordField::new("key", Text, ""), RecordField::new("before", TextOrNull, ""), RecordField::new("after", TextOrNull, "")]],
    ),
    ("imported_entry", &[ENTRY, &[RecordField::new("id", Text, ""), RecordField::new("quote", Text, "")]]),
    ("failed_entry", &[ENTRY, &[RecordField::new("reason", Text, "")]]),
    (
        "speech_pair",
        &[&[
            RecordField::new("a", Defined("pair_side"), ""),
            RecordField::new("b", Defined("pair_side"), ""),
            RecordField::new("older", TextOrNull, "the file of the older speech; null if a date is missing or both are equal"),
        ]],
    ),
    (
        "pair_side",
        &[&[
            RecordField::new("document", Text, ""),
            RecordField::new("date", TextOrNull, "YYYY-MM-DD"),
            RecordField::new("share", Number, "of its letters and digits that stand in the common passages, from 0 to 1"),
        ]],
    ),
    (
        "passage_pair",
        &[&[
            RecordField::new("a", Defined("passage"), ""),
            RecordField::new("b", Defined("passage"), ""),
            RecordField::new("similarity", Number, "from 0 to 1"),
        ]],
    ),
    (
        "passage",
        &[&[RecordField::new("document", Text, ""), RecordField::new("start", Count, ""), RecordField::new("end", Count, "excluded")]],
    ),
];

/// All of these schemas, in the order they are listed.
pub(super) const REPORTS: &[Schema] = &[
    Schema { name: "tag-report", about: "What tag --format json writes.", alternatives: &[&[VERSION, IDS]] },
    Schema { name: "note-report", about: "What note --format json writes.", alternatives: &[&[VERSION, IDS]] },
    Schema { name: "untag-report", about: "What untag --format json writes.", alternatives: &[&[VERSION, IDS]] },
    Schema {
        name: "tags-report",
        about: "The codebook, as tags list --format json writes it.",
        alternatives: &[&[VERSION, &[RecordField::new("tags", List("codebook_tag"), "parents first")]]],
    },
    Schema {
        name: "tags-import-report",
        about: "What the import of a codebook did, as tags import --format json writes it.",
        alternatives: &[&[
            VERSION,
            &[
                RecordField::new("created", Count, ""),
                RecordField::new("merged", Count, ""),
                RecordField::new("tags", Texts, "names of the new tags"),
                RecordField::new("changed", Texts, "names of the tags that were there and have changed"),
                RecordField::new("deleted", Texts, "names of the tags that were deleted"),
                RecordField::new("into", Texts, "names of the tags that were merged into another"),
            ],
        ]],
    },
    Schema {
        name: "attr-report",
        about: "The attributes in use, as attr list --format json writes them.",
        alternatives: &[&[VERSION, &[RecordField::new("attributes", List("known_attribute"), "")]]],
    },
    Schema {
        name: "attr-get-report",
        about: "The attributes of speeches, as attr get --format json writes them.",
        alternatives: &[&[VERSION, &[RecordField::new("speeches", List("attributes"), "")]]],
    },
    Schema {
        name: "attr-import-report",
        about: "What the import of a table did, as attr import --format json writes it.",
        alternatives: &[&[
            VERSION,
            &[
                RecordField::new("speeches", Count, "that were changed"),
                RecordField::new("set", Count, "values that were set"),
                RecordField::new("unchanged", Count, "values that the speeches had"),
                RecordField::new("failed", List("failed_row"), ""),
            ],
        ]],
    },
    Schema {
        name: "section-report",
        about: "The headings mended by hand, as section --format json writes them.",
        alternatives: &[&[VERSION, &[RecordField::new("edits", List("mended"), "")]]],
    },
    Schema {
        name: "basket-report",
        about: "The baskets, as basket list --format json writes them; or what was put in, as basket add does.",
        alternatives: &[
            &[VERSION, &[RecordField::new("baskets", List("basket"), "")]],
            &[VERSION, &[RecordField::new("basket", Text, "its name"), RecordField::new("entries", FieldType::Counts, "numbers in it")]],
        ],
    },
    Schema {
        name: "count-report",
        about: "A table of counts, as count --format json writes it.",
        alternatives: &[&[
            VERSION,
            &[
                RecordField::new("by", Text, "what the columns are"),
                RecordField::new("unit", Choice(&["passages", "chars"]), "what is counted"),
                RecordField::new("columns", List("column"), ""),
                RecordField::new("rows", List("row"), ""),
            ],
        ]],
    },
    Schema {
        name: "reuse-report",
        about: "Passages that speeches share, as reuse --format json writes them.",
        alternatives: &[&[
            VERSION,
            &[RecordField::new("pairs", List("speech_pair"), ""), RecordField::new("passages", List("passage_pair"), "")],
        ]],
    },
    Schema {
        name: "import-report",
        about: "What an import did, as import --format json writes it.",
        alternatives: &[&[VERSION, IMPORTED]],
    },
    Schema {
        name: "history-report",
        about: "The states of a speech's annotations, as history --format json writes them; or what --restore did.",
        alternatives: &[
            &[VERSION, &[RecordField::new("states", List("state"), "")]],
            &[
                VERSION,
                &[
                    RecordField::new("restored", Count, ""),
                    RecordField::new("kept", Count, "annotations that only others have added or changed since"),
                ],
            ],
        ],
    },
    Schema {
        name: "agree-report",
        about: "The agreement of coders, as agree --format json writes it; with --disagreements without the figures.",
        alternatives: &[
            &[
                VERSION,
                UNIT,
                &[
                    RecordField::new("coded_only", Flag, "whether units without any of the tags were left out"),
                    RecordField::new("overall", Defined("agreement"), "each pair of tag and unit is a unit"),
                    RecordField::new("pairs", List("pair_agreement"), "of every two coders"),
                    RecordField::new("tags", List("tag_agreement"), ""),
                ],
            ],
            &[VERSION, UNIT],
        ],
    },
    Schema {
        name: "done-report",
        about: "Who is done with which speech, as done --list --format json writes it.",
        alternatives: &[&[VERSION, &[RecordField::new("speeches", List("done"), "")]]],
    },
    Schema {
        name: "store-init-report",
        about: "The store that was made, as store init --format json writes it.",
        alternatives: &[&[
            VERSION,
            &[
                RecordField::new("store", Text, "its folder"),
                RecordField::new("git", Flag, "whether git merges its files"),
                RecordField::new("driver", Flag, "whether git's settings have the merge driver"),
                RecordField::new("adopted", Count, "speeches whose annotations were taken over"),
            ],
        ]],
    },
    Schema { name: "doctor-report", about: "What doctor --format json writes.", alternatives: &[&[VERSION, TERMINAL]] },
];
