#!/usr/bin/env python3
"""Search over a large library, from the shell: `benches/library_search.py FOLDER [PIZHU] [--speeches N] [--rounds N]`.

Writes N speeches of 30 KB to FOLDER, if it does not exist, and times `pizhu search` over them: the
first 4 KB of output (a screenful), the whole answer, processor time. Beside it `rg --count` for the
same words. Each speech is made of sentences of the sample speeches and, every third, of one with
invented words, whose frequencies follow Zipf's law, so that the number of different character pairs
grows as in real texts. The home folder is FOLDER.home; deleting it deletes all caches.
"""

import argparse
import os
import random
import re
import shutil
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SPEECH_BYTES = 30_000
#: Planted in three speeches: one whose characters stand together nowhere else, one of frequent pairs.
RARE, RARE_OF_FREQUENT = "珊瑚礁普查", "组织工作会议讲话精神组织部"
QUERIES = {
    "frequent word": ["人才工作"],
    "two characters": ["组织"],
    "in traditional script": ["組織工作"],
    "in three speeches": [RARE],
    "in three, of frequent pairs": [RARE_OF_FREQUENT],
    "absent": ["量子芯片"],
    "absent, of frequent pairs": ["工作人才工作会议"],
    "pattern, frequent": ["组织.{1,6}建设", "--mode", "regex"],
    "pattern, absent": ["量子.{1,6}芯片", "--mode", "regex"],
    "pinyin, in three": ["shanhujiao", "--mode", "pinyin"],
}


def sentences():
    """Sentences of the samples, and some with invented words."""
    texts = []
    for sample in sorted((ROOT / "sample-data").glob("*")):
        try:
            texts.append(sample.read_text("utf-8"))
        except UnicodeDecodeError:
            continue
    known = [sentence.strip() + "。" for text in texts for sentence in re.split(r"[。\n]", text) if len(sentence.strip()) > 8]
    chance = random.Random(1)
    chars = [chr(code) for code in range(0x4E00, 0x9000) if chance.random() < 0.25]
    vocabulary = ["".join(chance.choices(chars, k=chance.choice((2, 2, 2, 3, 4)))) for _ in range(50_000)]
    weights = [1 / rank for rank in range(3, len(vocabulary) + 3)]
    words = iter(chance.choices(vocabulary, weights, k=2_000_000))
    invented = [f"在{next(words)}抓{next(words)}和{next(words)}，把{next(words)}同{next(words)}结合起来。" for _ in range(200_000)]
    return [one.encode() for one in known], [one.encode() for one in invented]


def make(folder, count):
    known, invented = sentences()
    numerals = "一二三四五六七八九"
    for number in range(count):
        chance = random.Random(number)
        parts = [f"在第{number}次会议上的讲话\n（{1980 + number % 45}年{1 + number % 12}月{1 + number % 28}日）\n\n同志们：\n".encode()]
        length = 0
        for index, numeral in enumerate(numerals):
            parts.append(f"{numeral}、抓好第{index + 1}件事\n".encode())
            for _ in range(6):
                paragraph = chance.choices(known, k=4) + chance.choices(invented, k=2)
                parts += [*paragraph, b"\n"]
                length += sum(map(len, paragraph))
            if length > SPEECH_BYTES:
                break
        if number % (count // 3) == count // 6:
            parts.append(f"去年做了{RARE}，印发了{RARE_OF_FREQUENT}的材料。\n".encode())
        path = folder / f"{number // 1000:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(parts))


def run(command, environment, folder):
    """Seconds to the first 4 KB of output and to its end, of processor time; bytes of output."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, cwd=folder)
    first, length = None, 0
    while block := os.read(process.stdout.fileno(), 1 << 16):
        length += len(block)
        if first is None and length >= 4096:
            first = time.perf_counter() - start
    _, status, usage = os.wait4(process.pid, 0)
    whole = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (0, 1), command
    return first if first is not None else whole, whole, usage.ru_utime + usage.ru_stime, length


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("pizhu", type=Path, nargs="?")
    parser.add_argument("--speeches", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-cache", action="store_true", help="an empty home folder for each run")
    arguments = parser.parse_args()
    if not arguments.folder.exists():
        make(arguments.folder, arguments.speeches)
    if not arguments.pizhu:
        return
    home = arguments.folder.with_name(arguments.folder.name + ".home")
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    pizhu = arguments.pizhu.resolve()
    print(f"{'':30}{'screenful':>10}{'whole':>9}{'CPU':>9}{'output':>11}")
    for name, query in QUERIES.items():
        commands = {name: [str(pizhu), "search", *query, "."]}
        if "--mode" not in query or "regex" in query:
            commands["  rg --count"] = ["rg", "--count", query[0], "."]
        for label, command in commands.items():
            measured = []
            for _ in range(arguments.rounds):
                if arguments.no_cache:
                    shutil.rmtree(home, ignore_errors=True)
                measured.append(run(command, environment, arguments.folder))
            first, whole, cpu, length = (min(column) for column in zip(*measured))
            print(f"{label:30}{first:9.3f}s{whole:8.3f}s{cpu:8.3f}s{length / 1e6:9.2f}MB", flush=True)


main()
