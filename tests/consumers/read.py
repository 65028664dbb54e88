#!/usr/bin/env python3
"""Reads the exports in a folder with independent programs and compares them with the JSON."""
import io, json, re, sys, tempfile, zipfile
from collections import Counter
from pathlib import Path

from quoted import missing


def report(name, annotations, text):
    """Whether all annotated passages are in a text."""
    lost = missing(annotations, text, Path(name).parent / "outlines.json")
    print(f"{name}: {len(annotations)} quotations, {len(lost)} missing")
    for one in lost[:3]:
        print("   ", one["text"][:60].replace("\n", "⏎"))
    sys.exit(bool(lost))


if sys.argv[1] == "--same":
    # The codings and notes of two exports.
    one, other = ([a for a in json.loads(Path(name).read_text())["annotations"]] for name in sys.argv[2:4])
    lost = 0
    for what, parts in [("codings", lambda a: [(a["quote"], tag, a["author"]) for tag in a["tags"]]), ("notes", lambda a: [(a["quote"], a["note"])] if a["note"] else [])]:
        before, after = (Counter(part for a in export for part in parts(a)) for export in (one, other))
        print(f"{sys.argv[3]}: {sum(after.values())} {what}, {sum((before - after).values())} lost, {sum((after - before).values())} more")
        lost += sum((before - after).values())
    sys.exit(bool(lost))

if sys.argv[1] == "--sheet":
    # The workbook's first sheet, as LibreOffice reads it, against the table.
    import pandas

    theirs, ours = (pandas.read_csv(name, dtype=str, keep_default_na=False) for name in sys.argv[2:4])
    clean = lambda text: re.sub(r"\r\n?", "\n", text)
    columns = [name for name in ours.columns if name in theirs.columns and name not in ("created", "modified", "document_date")]
    differing = sum(clean(a).lstrip("'") != clean(b).lstrip("'") for name in columns for a, b in zip(theirs[name], ours[name]))
    print(f"   {len(theirs)} rows for {len(ours)}, {len(columns)} columns compared, {differing} cells differ")
    sys.exit(len(theirs) != len(ours) or differing > 0 or len(columns) < 10)

if sys.argv[1].startswith("--"):
    want = json.loads(Path(sys.argv[3]).read_text())["annotations"]
    if sys.argv[1] == "--words":
        report(sys.argv[2], want, Path(sys.argv[2]).read_text(encoding="utf-8-sig"))
    # One comment per annotation with a position.
    content = zipfile.ZipFile(sys.argv[2]).read("content.xml").decode()
    count = len(re.findall(r"<office:annotation ", content))
    placed = sum(a["start"] is not None for a in want)
    print(f"LibreOffice: {count} comments for {placed} annotations")
    sys.exit(count != placed)

import openpyxl, pandas

out = Path(sys.argv[1])
want = json.loads((out / "all.json").read_text())["annotations"]
rows = sum(max(1, len(a["tags"])) for a in want)
per_speech = Counter(a["document"] for a in want)
print(f"{len(want)} annotations on {len(per_speech)} speeches, at least {min(per_speech.values())} on each,",
      f"{sum(len(a['tags']) > 1 for a in want)} with several tags, {sum(bool(a['note']) for a in want)} with notes,",
      f"{sum(chr(10) in a['quote'] for a in want)} across lines, {sum(any(ord(c) > 0xFFFF for c in a['quote']) for a in want)} outside the BMP,",
      f"{sum(a['scope'] == 'section' for a in want)} on sections")

table = pandas.read_csv(out / "all.csv", parse_dates=["created", "modified", "document_date"])
assert len(table) == rows and all(table[name].dtype.kind == "i" for name in ["start", "end"]), table.dtypes
assert all(table[name].dtype.kind == "M" for name in ["created", "modified"]), table.dtypes
assert list(table["quote"]) == [a["quote"] for a in want for _ in range(max(1, len(a["tags"])))]
lines = pandas.read_json(out / "all.jsonl", lines=True)
lines["created"] = pandas.to_datetime(lines["created"], format="ISO8601")
assert len(lines) == len(want) and all(lines[name].dtype.kind == "i" for name in ["start", "end"]), lines.dtypes
assert lines["created"].dtype.kind == "M" and isinstance(lines["tags"][0], list) and list(lines["note"]) == [a["note"] for a in want]
print(f"pandas: CSV {rows} rows, JSON Lines {len(lines)} rows; offsets are integers, times are times")

(out / "all.xlsx.xlsx").write_bytes((out / "all.xlsx").read_bytes())
book = openpyxl.load_workbook(out / "all.xlsx.xlsx")
sheet = book["annotations"]
assert sheet.max_row == rows + 1
assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)
names = [cell.value for cell in sheet[1]]
assert all(isinstance(row[names.index("start")].value, int) for row in sheet.iter_rows(min_row=2))
print(f"openpyxl: {sheet.max_row - 1} rows, {book['codebook'].max_row - 1} tags, no formula")

# The texts that offsets refer to, from the REFI-QDA project.
project = zipfile.ZipFile(out / "all.qdpx")
sources = [project.read(name).decode() for name in project.namelist() if name.endswith(".txt")]
page = json.loads((out / "all.web-annotation").read_text())
for item in page["items"]:
    selectors = {selector["type"]: selector for selector in item["target"]["selector"]}
    quote, position = selectors["TextQuoteSelector"], selectors["TextPositionSelector"]
    by_position = [s for s in sources if s[position["start"]:position["end"]] == quote["exact"]]
    around = quote["prefix"] + quote["exact"] + quote["suffix"]
    by_quote = {(s, s.find(around) + len(quote["prefix"])) for s in sources if around in s}
    assert any((s, position["start"]) in by_quote for s in by_position), quote
assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld" and len(page["items"]) == len(want)
print(f"Web Annotation: {len(page['items'])} items, all selectors resolve to the quoted text")

from bratly import AnnotationCollection, AttributeAnnotation, Document, EntityAnnotation, NoteAnnotation

bound = notes = signed = 0
with tempfile.TemporaryDirectory() as folder:
    zipfile.ZipFile(out / "all.brat").extractall(folder)
    for path in sorted(Path(folder).glob("*.ann")):
        entities, remarks, authors = {}, [], []
        for line in path.read_text().splitlines():
            if line.startswith("T"):
                entity = EntityAnnotation.from_line(line)
                entities[entity.id] = entity
            elif line.startswith("A"):
                authors.append(AttributeAnnotation.from_line(line, entities))
            else:
                remarks.append(NoteAnnotation.from_line(line, entities))
        text = Document(fullpath=str(path.with_suffix(".txt")))
        text.add_annotation_collection(AnnotationCollection(annotations=[*entities.values(), *remarks]))
        assert text.check_ann_compatibility_with_txt(), path
        assert all(remark.component in entities.values() for remark in remarks)
        bound, notes, signed = bound + len(entities), notes + len(remarks), signed + len(authors)
assert bound == rows, (bound, rows)
print(f"bratly: {bound} entities, {signed} authors and {notes} notes match the text")

from taguette.import_codebook import list_tags

tags = list_tags(io.BytesIO((out / "all.taguette").read_bytes()))
paths = [tag["path"] for tag in tags]
assert "测试上级/测试下级" in paths and "测试上级/测试下级/@下级 <𠮷>" in paths and len(set(paths)) == len(paths)
assert next(tag for tag in tags if tag["path"] == "测试上级")["description"] == "'=只为测试, \"甲\""
print(f"Taguette's importer: {len(tags)} tags, {sum(bool(tag['description']) for tag in tags)} with descriptions")
