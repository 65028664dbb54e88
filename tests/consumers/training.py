#!/usr/bin/env python3
"""Reads the formats for training with spaCy and Hugging Face datasets: training.py SPANS.jsonl FILE.conll ANNOTATIONS.json"""
import json, sys, tempfile
from collections import Counter
from pathlib import Path

import datasets, spacy
from spacy.tokens import DocBin, SpanGroup

want = [a for a in json.loads(Path(sys.argv[3]).read_text())["annotations"] if a["start"] is not None]
tagged = Counter((path, a["quote"]) for a in want for path in a["tag_paths"])
records = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
# A Chinese text is cut into characters.
nlp = spacy.blank("zh")
store = DocBin(attrs=["ORTH"], store_user_data=False)
for record in records:
    text = record["text"]
    words, spaces = list(text), [False] * len(text)
    document = spacy.tokens.Doc(nlp.vocab, words=words, spaces=spaces)
    assert document.text == text
    spans = [document.char_span(span["start"], span["end"], label=span["label"]) for span in record["spans"] if span["label"]]
    assert all(span is not None for span in spans)
    document.spans["pizhu"] = SpanGroup(document, name="pizhu", spans=spans)
    store.add(document)
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "all.spacy"
    store.to_disk(path)
    read = list(DocBin().from_disk(path).get_docs(nlp.vocab))
found = Counter((span.label_, span.text) for document in read for span in document.spans["pizhu"])
print(f"spaCy {spacy.__version__} DocBin: {len(read)} documents, {sum(found.values())} spans, {sum((tagged - found).values())} lost, {sum((found - tagged).values())} more")
with tempfile.TemporaryDirectory() as cache:
    copy = Path(cache) / "all.jsonl"
    copy.write_bytes(Path(sys.argv[1]).read_bytes())
    table = datasets.load_dataset("json", data_files=str(copy), split="train", cache_dir=cache)
    cut = Counter((span["label"], row["text"][span["start"]:span["end"]]) for row in table for span in row["spans"] if span["label"])
print(f"Hugging Face datasets {datasets.__version__}: {len(table)} rows, {sum(cut.values())} spans, {sum((tagged - cut).values())} lost, {sum((cut - tagged).values())} more")
begun = sum(cell.startswith("B-") for line in Path(sys.argv[2]).read_text().splitlines() if "\t" in line for cell in line.split("\t")[1:])
print(f"CoNLL: {begun} passages begin")
sys.exit(found != tagged or cut != tagged)
