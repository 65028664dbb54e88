#!/usr/bin/env python3
"""Commands over many speeches: `benches/many.py PIZHU [--growth] [--speeches N] [--rounds N]`.

Times `outline` over N speeches of 16 KB (2,000 by default) as files, as JSON lines, and as one file
with the same text, in turn; the least time of each counts. Says the peak memory of each.
`--growth` takes the processor time of each command over many with 1,000, 2,000 and 4,000 annotated
speeches instead, which other programs on the machine hardly change, and the time that passed with
4,000; `--only NAME` of one command. Writes its files to target/many.
"""

import argparse
import json
import os
import shutil
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SPEECH_BYTES = 16_000
SAMPLES = []
for sample in sorted((ROOT / "sample-data").glob("*.txt")):
    try:
        SAMPLES.append(sample.read_text("utf-8").replace("\r\n", "\n").rstrip())
    except UnicodeDecodeError:
        continue


def speech(number, size=SPEECH_BYTES):
    """A speech of its own: samples from the number-th on, with the number in every paragraph."""
    text, index = "", number
    while len(text.encode()) < size:
        text += SAMPLES[index % len(SAMPLES)].replace("。\n", f"，这是第{number}次。\n") + "\n\n"
        index += 1
    return text.encode()[:size].decode("utf-8", "ignore") + f"\n\n以上是第{number}次会议的讲话。\n"


def run(command, folder, environment):
    """Seconds that passed, peak memory in MB, status, seconds of processor time."""
    start = time.perf_counter()
    with open(os.devnull, "wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, cwd=folder, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - start, usage.ru_maxrss / 1024, process.returncode, usage.ru_utime + usage.ru_stime


def make(folder, count):
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "speeches").mkdir(parents=True)
    with (folder / "all.jsonl").open("w", encoding="utf-8") as records, (folder / "one.txt").open("w", encoding="utf-8") as whole:
        for number in range(count):
            text = speech(number)
            (folder / "speeches" / f"{number:06}.txt").write_text(text, "utf-8")
            records.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")
            whole.write(text)


def annotate(pizhu, folder, count, environment):
    """Two annotations in each speech."""
    entries = []
    for number in range(count):
        text = (folder / "speeches" / f"{number:06}.txt").read_text("utf-8")
        for start, tag in ((len(text) // 3, "人才工作"), (len(text) // 2, "基层党建")):
            name = f"{number:06}.txt"
            entries.append({"document": name, "start": start, "end": start + 20, "quote": text[start : start + 20], "tags": [tag]})
    (folder / "annotations.json").write_text(json.dumps({"annotations": entries}, ensure_ascii=False), "utf-8")
    subprocess.run([pizhu, "store", "init", "."], cwd=folder / "speeches", env=environment, check=True, stdout=subprocess.DEVNULL)
    seconds, memory, status, processor = run([pizhu, "--store", ".", "import", "../annotations.json"], folder / "speeches", environment)
    assert status == 0, "the annotations are imported"
    return processor, seconds, memory


def outlines(pizhu, folder, count, rounds, environment):
    make(folder, count)
    commands = {
        "one file": ["outline", "--format", "jsonl", "one.txt"],
        "files": ["outline", "--format", "jsonl", "speeches"],
        "JSON lines": ["outline", "--input", "jsonl", "--format", "jsonl", "all.jsonl"],
    }
    times = {name: [] for name in commands}
    memory = dict.fromkeys(commands, 0)
    for _ in range(rounds):
        for name, command in commands.items():
            seconds, peak, status, _ = run([pizhu, *command], folder, environment)
            assert status == 0, name
            times[name].append(seconds)
            memory[name] = max(memory[name], peak)
    least = min(times["one file"])
    for name in commands:
        print(f"{name:12} {min(times[name]):6.2f} s  {min(times[name]) / least:5.2f} x  {memory[name]:6.1f} MB")


def growth(pizhu, folder, rounds, environment, only):
    commands = {
        "outline": ["outline", "--format", "jsonl", "."],
        "text": ["text", "--format", "jsonl", "."],
        "search": ["search", "人才工作", "--format", "jsonl", "."],
        "search --tag": ["search", "人才", "--tag", "人才工作", "--format", "jsonl", "."],
        "suggest": ["suggest", "--format", "jsonl", "."],
        "export jsonl": ["export", "--format", "jsonl", "."],
        "export csv": ["export", "--format", "csv", "."],
        "review": ["review", "--format", "jsonl", "."],
        "count": ["count", ".", "--by", "year"],
        "reuse": ["reuse", ".", "--format", "json"],
    }
    if only:
        commands = {only: commands[only]}
    table = {"import": []} | {name: [] for name in commands}
    for count in (1000, 2000, 4000):
        make(folder, count)
        table["import"].append(annotate(pizhu, folder, count, environment))
        for name, command in commands.items():
            measured = [run([pizhu, *command], folder / "speeches", environment) for _ in range(rounds)]
            assert all(status in (0, 1) for _, _, status, _ in measured), name
            seconds, peaks, _, processor = zip(*measured)
            table[name].append((min(processor), min(seconds), max(peaks)))
    print(f"{'':14}" + "".join(f"{count:>9}" for count in (1000, 2000, 4000)) + "   x      x     passed  MB at 4,000")
    for name, cells in table.items():
        one, two, four = (cell[0] for cell in cells)
        _, passed, peak = cells[-1]
        print(f"{name:14}{one:8.2f}s{two:8.2f}s{four:8.2f}s  {two / one:5.2f}  {four / two:5.2f} {passed:8.2f}s {peak:8.1f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pizhu", type=Path)
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--only", metavar="NAME")
    parser.add_argument("--speeches", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    folder = ROOT / "target/many"
    home = folder / "home"
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    pizhu = arguments.pizhu.resolve()
    if arguments.growth:
        growth(pizhu, folder, arguments.rounds, environment, arguments.only)
    else:
        outlines(pizhu, folder, arguments.speeches, arguments.rounds, environment)


main()
