"""Whether annotated passages are in the text of a document for reading."""
import json, re
from pathlib import Path


def solid(text):
    return re.sub(r"\s+", "", text)


def damaged_titles(outlines):
    """The titles that were damaged, each with its restored form, from `pizhu outline --format json`."""

    def walk(sections):
        for section in sections:
            if section.get("restored"):
                yield solid(section["title"]), solid(section["restored"])
            yield from walk(section["children"])

    for document in json.loads(Path(outlines).read_text())["documents"]:
        yield from walk(document["sections"])


def missing(annotations, text, outlines):
    """The annotations whose text is not in the document's, white space aside. A damaged heading is restored,
    with the source beside it, unless an annotation begins or ends in it: then it is as in the source."""
    pairs = list(damaged_titles(outlines))

    def restored(text):
        text = re.sub("［原文：.*?］", "", solid(text))
        for title, repaired in pairs:
            text = text.replace(title, repaired)
        return text

    texts = [solid(text), restored(text)]
    words = lambda a: [form(a[field]) for form in (solid, restored) for field in ("text", "quote")]
    return [a for a in annotations if not any(one in text for text in texts for one in words(a))]
