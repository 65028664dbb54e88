"""Makes many speeches out of the samples: `engine_data.py SAMPLES WORK COUNT`.

Writes WORK/data/part-N.jsonl (records {"id", "text", "year"}), a tenth of them as files in
WORK/library, and WORK/annotations.json for `pizhu import` (a tag on each section at the top).
"""

import json
import sys
from pathlib import Path

PARTS = 8
TAGS = ["人才工作", "基层党建", "干部队伍"]


def main():
    samples, work, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    texts = []
    for path in sorted(samples.rglob("*.txt")):
        try:
            texts.append(path.read_text("utf-8").replace("\r\n", "\n"))
        except UnicodeDecodeError:
            continue
    parts = [(work / "data" / f"part-{number}.jsonl").open("w", encoding="utf-8") for number in range(PARTS)]
    annotations = []
    for number in range(count):
        year = 2020 + number % 12
        text = f"{texts[number % len(texts)].rstrip()}\n\n以上是第{number}次会议的讲话。\n"
        record = {"id": f"{number:06}", "text": text, "year": year}
        parts[number % PARTS].write(json.dumps(record, ensure_ascii=False) + "\n")
        if number % 10 == 0:
            name = f"{number:06}.txt"
            (work / "library" / name).write_text(text, "utf-8")
            start = len(text) // 2
            tag = TAGS[number // 10 % len(TAGS)]
            annotations.append({"document": name, "start": start, "end": start + 12, "quote": text[start : start + 12], "tags": [tag]})
    for part in parts:
        part.close()
    (work / "annotations.json").write_text(json.dumps({"annotations": annotations}, ensure_ascii=False), "utf-8")


main()
