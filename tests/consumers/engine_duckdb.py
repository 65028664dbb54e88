"""DuckDB over JSON lines: `engine_duckdb.py PIZHU WORK`.

Outlines by one process, counted by kind and year in DuckDB and in plain Python, joined with the
annotations by the hash of the text, and written as Parquet and read again.
"""

import collections
import json
import subprocess
import sys
import time
from pathlib import Path

import duckdb

pizhu, work = sys.argv[1], Path(sys.argv[2])
parts = sorted(str(part) for part in (work / "data").glob("*.jsonl"))
outlines = work / "outlines.jsonl"
start = time.perf_counter()
with outlines.open("wb") as out:
    command = [pizhu, "outline", "--input", "jsonl", "--format", "jsonl", "--state", "none", *parts]
    subprocess.run(command, stdout=out, check=True)
one_process = time.perf_counter() - start
records = [json.loads(line) for line in outlines.open(encoding="utf-8")]
years = {}
for part in parts:
    for line in open(part, encoding="utf-8"):
        record = json.loads(line)
        years[record["id"]] = record["year"]

database = duckdb.connect()


def json_view(name, files, columns="*"):
    """A view over JSON lines. Views take no parameters, so the names are quoted."""
    names = ", ".join("'" + str(file).replace("'", "''") + "'" for file in files)
    database.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM read_json([{names}], format = 'newline_delimited')")


json_view("sections", [outlines])
json_view("speeches", parts, "id, year")
counted = database.execute("SELECT year, kind, count(*) FROM sections JOIN speeches USING (id) GROUP BY ALL").fetchall()
expected = collections.Counter((years[record["id"]], record["kind"]) for record in records)
assert {(year, kind): count for year, kind, count in counted} == dict(expected), "sections by year and kind"

json_view("annotations", [work / "annotations.jsonl"])
by_tag = database.execute("""
    SELECT year, tag, count(DISTINCT annotation)
    FROM (SELECT document_hash, id AS annotation, unnest(tags) AS tag FROM annotations)
    JOIN (SELECT DISTINCT document_hash, id AS speech FROM sections) USING (document_hash)
    JOIN speeches ON speeches.id = speech GROUP BY ALL ORDER BY ALL
""").fetchall()
assert sum(count for _, _, count in by_tag) == sum(1 for _ in open(work / "annotations.jsonl", encoding="utf-8")), "annotations by tag and year"
(work / "by_tag.json").write_text(json.dumps(by_tag, ensure_ascii=False), "utf-8")

parquet = work / "sections.parquet"
database.execute(f"COPY (SELECT sections.*, year FROM sections JOIN speeches USING (id)) TO '{parquet}' (FORMAT parquet)")
again = database.execute(f"SELECT year, kind, count(*) FROM '{parquet}' GROUP BY ALL").fetchall()
assert sorted(again) == sorted(counted), "Parquet"
print(f"one process          {one_process:7.2f} s  {1000 * one_process / len(years):7.2f} ms a speech")
print(f"DuckDB               {len(records)} sections, {len(by_tag)} cells of tag and year, {parquet.stat().st_size} bytes of Parquet: right")
