#!/usr/bin/env python3
"""Reads the exports in a folder with independent readers and holds them against the JSON."""
import json, re, sys, zipfile
from pathlib import Path


def solid(text):
    return re.sub(r"\s+", "", text)


if sys.argv[1] == "--words":
    # Every quotation's words are in the text, white space aside.
    text = solid(Path(sys.argv[2]).read_text(encoding="utf-8-sig"))
    quotes = [a["text"] for a in json.loads(Path(sys.argv[3]).read_text())["annotations"]]
    missing = [quote for quote in quotes if solid(quote) not in text]
    print(f"{sys.argv[2]}: {len(quotes)} quotations, {len(missing)} missing")
    sys.exit(bool(missing))

import openpyxl, pandas

out, library = map(Path, sys.argv[1:3])
want = json.loads((out / "all.json").read_text())["annotations"]
rows = sum(max(1, len(a["tags"])) for a in want)
texts = {a["document"]: (library / a["document"]) for a in want}

table = pandas.read_csv(out / "all.csv")
assert len(table) == rows and table["start"].dtype.kind == "i", table.dtypes
lines = pandas.read_json(out / "all.jsonl", lines=True)
assert len(lines) == len(want) and lines["end"].dtype.kind == "i"
(out / "all.xlsx.xlsx").write_bytes((out / "all.xlsx").read_bytes())
book = openpyxl.load_workbook(out / "all.xlsx.xlsx")
assert book["annotations"].max_row == rows + 1
assert not any(cell.data_type == "f" for row in book["annotations"].iter_rows() for cell in row)
print(f"pandas and openpyxl: {rows} rows")

# The text that positions count in, as any program can have it: from the REFI-QDA project.
project = zipfile.ZipFile(out / "all.qdpx")
sources = [project.read(name).decode() for name in project.namelist() if name.endswith(".txt")]
page = json.loads((out / "all.web-annotation").read_text())
for item in page["items"]:
    quote, position = item["target"]["selector"]
    places = [s for s in sources if s[position["start"]:position["end"]] == quote["exact"]
              and s[:position["start"]].endswith(quote["prefix"]) and s[position["end"]:].startswith(quote["suffix"])]
    assert places, quote
print(f"Web Annotation: {len(page['items'])} selectors resolve to the same words")

brat = zipfile.ZipFile(out / "all.brat")
bound = 0
for name in brat.namelist():
    if not name.endswith(".ann"):
        continue
    text = brat.read(name[:-4] + ".txt").decode()
    for line in brat.read(name).decode().splitlines():
        if line.startswith("T"):
            _, spans, words = line.split("\t")
            spans = [tuple(map(int, span.split())) for span in spans.split(" ", 1)[1].split(";")]
            assert " ".join(text[a:b] for a, b in spans) == words and "\n" not in words
            bound += 1
print(f"brat: {bound} text-bound annotations")
