#!/usr/bin/env python3
"""Fit the weights of the outline decoder to real texts.

    fit.py [--epochs N] [--rate R] [--hold H] [--write] [--confidence] PROGRAM [--texts target/corpus] [--speeches FOLDER ...]

PROGRAM is the example `outline_features` of pizhu-text (`cargo build -p pizhu-text --examples`). A
structured perceptron: for each text the program names the features that the right reading has more or
less often than the one it chose; the weights move against the difference, are kept from falling under
MIN, pulled back towards where they began (--hold), and averaged over all epochs. Trains on the half of the corpus that is looked
at (plain text and Markdown, which have offsets), and on the speeches with an .outline beside them in the
folders given, in several layouts. --write puts the result into the table in
crates/pizhu-text/src/document/weights.rs; without it the numbers are only shown.

--confidence fits the weights of the signs by which the confidence of a section is told, in
crates/pizhu-text/src/document/certainty.rs: a logistic regression over all sections of the same texts,
pulled towards PRIOR. How hard it is pulled is chosen by leaving out one repository after another.
"""
import argparse
import json
import math
import re
import subprocess
import tempfile
import unicodedata
from pathlib import Path

from score import area

HERE = Path(__file__).resolve().parent
TABLE = HERE.parents[1] / "crates/pizhu-text/src/document/weights.rs"
CERTAINTY = TABLE.with_name("certainty.rs")
MIN = 0.05
# What is believed of each sign before any text was seen. Few sections of the texts looked at are wrong, so
# this counts for much.
PRIOR = {
    "Bias": 1.0, "Margin": 0.8, "MarginAbove": 0.6, "WholeLine": 0.4, "RunIn": -0.2, "FullCount": 0.8,
    "LoneHeading": -1.2, "Word": -0.5, "Heading": -0.2, "BelowParagraph": -0.4,
}
PULLS = (0.3, 1.0, 3.0, 10.0, 30.0)


def decode(data):
    """A text as the program sees it."""
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "gb18030", "gb18030", "big5"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = data.decode("utf-8", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def corpus(texts):
    """(text, format, sections) of the half that is looked at."""
    for recipe in sorted((HERE / "recipe").glob("*.json")):
        what = json.loads(recipe.read_text(encoding="utf-8"))
        path = texts / f"{what['name']}.{what['format']}"
        if what["half"] != "seen" or what["format"] not in ("txt", "md") or not path.exists():
            continue
        outline = json.loads((HERE / "outlines" / f"{what['name']}.json").read_text(encoding="utf-8"))
        sections = [(s["start"], s["depth"]) for s in outline["sections"] if "start" in s]
        yield what["repository"], decode(path.read_bytes()), what["format"], sections


def letters(text):
    return [c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LN"]


def nodes(path):
    """(marker, title, depth) of the lines of an .outline."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("# "):
            fields = line.strip(" ").split("\t")
            yield fields[0], fields[1] if len(fields) > 1 else "", (len(line) - len(line.lstrip(" "))) // 2


def locate(text, outline):
    """The offset and depth of each node of an outline in its text; None unless all are found."""
    at, found = 0, []
    for marker, title, depth in outline:
        gap = r"[^\w]*?"
        wanted = gap.join(re.escape(c) for c in (list(marker.strip()) + letters(title)[:6]))
        match = re.compile(wanted).search(text, at)
        if match is None:
            return None
        found.append((match.start(), depth))
        at = match.start() + len(marker)
    return found


def layouts(text):
    """The text as it stands, with empty lines between its lines, and without empty lines."""
    yield text
    lines = [line for line in text.split("\n") if line.strip()]
    yield "\n\n".join(lines) + "\n"
    yield "\n".join(lines) + "\n"


def speeches(folder):
    for outline in sorted(folder.glob("*.outline")):
        path = outline.with_suffix(".txt")
        if path.exists():
            for number, text in enumerate(layouts(decode(path.read_bytes()))):
                sections = locate(text, list(nodes(outline)))
                if sections:
                    yield f"{outline.stem}#{number}", text, "txt", sections


def logistic(rows, prior, pull, rounds=200):
    """Weights that tell the right sections from the wrong ones, by gradient descent with momentum."""
    weights, speed = list(prior), [0.0] * len(prior)
    for _ in range(rounds):
        slope = [pull * (w - p) for w, p in zip(weights, prior)]
        for right, signs in rows:
            chance = 1 / (1 + math.exp(-sum(w * s for w, s in zip(weights, signs))))
            for i, sign in enumerate(signs):
                slope[i] += (chance - right) * sign
        speed = [0.9 * v - 0.5 * g / (len(rows) + pull) for v, g in zip(speed, slope)]
        weights = [w + v for w, v in zip(weights, speed)]
    return weights


def fit_confidence(program, examples, write):
    """Fits the weights of the signs of confidence."""
    with tempfile.TemporaryDirectory() as scratch:
        job = []
        for number, (_, text, form, sections) in enumerate(examples):
            path = Path(scratch) / f"{number}.{form}"
            path.write_text(text, encoding="utf-8", newline="")
            job.append(f"{path}\t{form}\t{','.join(f'{start}:{depth}' for start, depth in sections)}")
        run = subprocess.run([program, "--signs"], input="\n".join(job), capture_output=True, text=True, check=True)
    names, *lines = run.stdout.split("\n")
    names = names.split("\t")
    prior = [PRIOR[name] for name in names]
    groups = {}
    for (group, *_), line in zip(examples, lines):
        for section in filter(None, line.split("\t")):
            right, *signs = (float(value) for value in section.split(","))
            groups.setdefault(group, []).append((right, signs))
    everything = [row for rows in groups.values() for row in rows]
    dot = lambda weights, signs: sum(w * s for w, s in zip(weights, signs))
    best = (area([(dot(prior, signs), right == 1) for right, signs in everything]) or 0.0, None)
    print(f"{len(everything)} sections, {sum(right == 0 for right, _ in everything)} wrong; prior alone: area {best[0]:.3f}")
    wrong_in = [group for group, rows in groups.items() if any(right == 0 for right, _ in rows)]
    for pull in PULLS:
        pairs, others = [], logistic(everything, prior, pull)
        for group, rows in groups.items():
            # Where nothing is wrong, leaving the group out changes little.
            weights = logistic([row for g in groups if g != group for row in groups[g]], prior, pull) if group in wrong_in else others
            pairs += [(dot(weights, signs), right == 1) for right, signs in rows]
        found = area(pairs) or 0.0
        print(f"pull {pull}: area {found:.3f}")
        best = max(best, (found, pull), key=lambda pair: pair[0])
    weights = prior if best[1] is None else logistic(everything, prior, best[1])
    source = CERTAINTY.read_text(encoding="utf-8")
    for name, weight in zip(names, weights):
        print(f"{name}\t{weight:.2f}")
        source = re.sub(rf"(    {name} = )-?[0-9.]+,", rf"\g<1>{weight:.2f},", source)
    if write:
        CERTAINTY.write_text(source, encoding="utf-8")


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--epochs", type=int, default=30)
    args.add_argument("--rate", type=float, default=0.02)
    args.add_argument("--hold", type=float, default=0.1)
    args.add_argument("--write", action="store_true")
    args.add_argument("--texts", type=Path, default=Path("target/corpus"))
    args.add_argument("--speeches", type=Path, action="append", default=[])
    args.add_argument("--confidence", action="store_true")
    args.add_argument("program")
    args = args.parse_args()
    if args.confidence:
        examples = list(corpus(args.texts)) + [example for folder in args.speeches for example in speeches(folder)]
        fit_confidence(args.program, examples, args.write)
        return
    shown = subprocess.run([args.program], capture_output=True, text=True, check=True).stdout
    begin = {name: float(weight) for name, weight in (line.split("\t") for line in shown.splitlines())}
    weights, total = dict(begin), dict.fromkeys(begin, 0.0)
    examples = list(corpus(args.texts))
    for folder in args.speeches:
        examples += speeches(folder)
    with tempfile.TemporaryDirectory() as scratch:
        job, used = [], []
        for number, (name, text, form, sections) in enumerate(examples):
            path = Path(scratch) / f"{number}.{form}"
            path.write_text(text, encoding="utf-8", newline="")
            job.append(f"{path}\t{form}\t{','.join(f'{start}:{depth}' for start, depth in sections)}")
            used.append((name, len(sections)))
        table = Path(scratch) / "weights"
        for epoch in range(args.epochs):
            table.write_text("".join(f"{name}\t{weight}\n" for name, weight in weights.items()), encoding="utf-8")
            run = subprocess.run([args.program, str(table)], input="\n".join(job), capture_output=True, text=True, check=True)
            wrong, step = [], dict.fromkeys(weights, 0.0)
            for (name, count), line in zip(used, run.stdout.splitlines()):
                reachable, stray, *differences = line.split("\t")
                # Where the lines are read wrong, the weights are not to blame.
                if int(reachable) < count or int(stray):
                    if epoch == 0:
                        print(f"{name}: {reachable} of {count} sections can be found, {stray} headings are none: left out")
                    continue
                parsed = [(pair.partition("=")[0], float(pair.partition("=")[2])) for pair in differences]
                size = sum(abs(value) for _, value in parsed)
                if size:
                    wrong.append(name)
                for feature, value in parsed:
                    # A long text weighs no more than its share of the wrong actions.
                    step[feature] -= value / max(1.0, size / 8)
            for feature in weights:
                weights[feature] += args.rate * step[feature] - args.hold * (weights[feature] - begin[feature])
                weights[feature] = max(MIN, weights[feature])
                total[feature] += weights[feature]
            print(f"epoch {epoch}: {len(wrong)} of {len(used)} texts not read as they should: {' '.join(wrong[:12])}")
    result = {feature: round(value / args.epochs, 2) for feature, value in total.items()}
    for feature, value in result.items():
        if abs(value - begin[feature]) >= 0.01:
            print(f"{feature}\t{begin[feature]}\t{value}")
    if args.write:
        source = TABLE.read_text(encoding="utf-8")
        for feature, value in result.items():
            source = re.sub(rf"(    {feature} = )[0-9.]+ ", rf"\g<1>{value} ", source)
        TABLE.write_text(source, encoding="utf-8")


if __name__ == "__main__":
    main()
