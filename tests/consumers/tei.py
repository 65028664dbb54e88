#!/usr/bin/env python3
"""Validates a TEI export against TEI's RelaxNG, and resolves its pointers: tei.py tei_all.rng EXPORT.xml ANNOTATIONS.json"""
import json, re, sys
from collections import Counter
from pathlib import Path

from lxml import etree

TEI = "{http://www.tei-c.org/ns/1.0}"
ID = "{http://www.w3.org/XML/1998/namespace}id"
schema = etree.RelaxNG(etree.parse(sys.argv[1]))
corpus = etree.parse(sys.argv[2])
valid = schema.validate(corpus)
for error in list(schema.error_log)[:5]:
    print("  ", error.line, error.message)
want = [a for a in json.loads(Path(sys.argv[3]).read_text())["annotations"] if a["start"] is not None]
elements = {element.get(ID): element for element in corpus.iter() if element.get(ID)}
words = lambda element: "".join(element.itertext())
terms = {element.get(ID): element.findtext(f"{TEI}catDesc/{TEI}term") for element in corpus.iter(f"{TEI}category")}
solid = lambda text: text.replace("\n", "")
found, dangling = Counter(), 0
for annotation in corpus.iter(f"{TEI}annotation"):
    target = annotation.get("target")
    part = re.fullmatch(r"#string-range\(([^,]+),(\d+),(\d+)\)", target)
    if part:
        start, length = int(part[2]), int(part[3])
        quote = words(elements[part[1]])[start:start + length]
    else:
        quote = words(elements[target[1:]])
    for reference in annotation.iter(f"{TEI}ref"):
        dangling += terms.get(reference.get("target")[1:]) != reference.text
    tags = tuple(sorted(reference.text for reference in annotation.iter(f"{TEI}ref")))
    note = annotation.findtext(f"{TEI}note") or ""
    author = annotation.findtext(f"{TEI}respStmt/{TEI}name") or ""
    found[(quote, tags, note, author)] += 1
wanted = Counter((solid(a["quote"]), tuple(sorted(a["tags"])), a["note"], a["author"]) for a in want)
lost, more = wanted - found, found - wanted
print(f"TEI: {'valid' if valid else 'INVALID'}, {sum(found.values())} annotations, {sum(lost.values())} lost, {sum(more.values())} more,",
      f"{len(terms)} categories, {dangling} references that lead nowhere")
for entry in [*lost, *more][:3]:
    print("  ", entry)
sys.exit(not valid or bool(lost or more) or dangling > 0)
