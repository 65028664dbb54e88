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

On the texts that the parser was built on nearly all sections are right, so they say little about a text
of a kind that it does not know. So each text is also read with the markers of one of its levels made
unreadable (UNREADABLE): the sections below then stand at the wrong depth, as they do in a text whose
markers are not known. These readings count as much as STRANGE says.
"""
import argparse
import json
import math
import random
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
    "Bias": 2.0, "Margin": 0.8, "MarginAbove": 0.6, "WholeLine": 0.4, "RunIn": -0.2, "FullCount": 0.8,
    "LoneHeading": -1.2, "Word": -0.5, "Heading": -0.2, "BelowParagraph": -0.4,
}
# The signs of the text as a whole.
PRIOR |= {
    "Restarted": -1.0, "Broken": -0.8, "TextRestarts": -2.5, "TextGaps": -2.0, "TextLeftOut": -2.5, "TextHeadings": -1.0,
    "TextTopKinds": -0.4, "TextLowTop": -0.6, "TextMargin": 0.8,
    "Elsewhere": -0.5, "Inverted": -0.5, "MixedLines": -0.5, "Pair": -0.2, "BelowHeading": -0.2, "TextInverted": -1.0,
    "TextSections": 0.1, "TextDisputed": -2.3, "TextLongest": -2.6, "TextSingles": -1.1,
}
PULLS = (1.0, 3.0, 10.0, 30.0, 100.0)
# What takes the place of a marker that is made unreadable, and the weight of all such readings of a text
# against that of the text as it stands.
UNREADABLE = "◇"
STRANGE = 0.1
# Each text is read with weights of the decoder that are off by chance, too: how many times, and by how much (a
# standard deviation of the logarithm). Such readings differ from the right one as a whole, and are sure of it.
SHAKEN = 8
SHAKE = 0.8


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


def begin(text, offset):
    """Where a section begins, without the signs of its heading: the outlines of some texts count these in."""
    while offset < len(text) and text[offset] in "#* \t\u3000":
        offset += 1
    return offset


def corpus(texts):
    """(text, format, sections) of the half that is looked at."""
    for recipe in sorted((HERE / "recipe").glob("*.json")):
        what = json.loads(recipe.read_text(encoding="utf-8"))
        path = texts / f"{what['name']}.{what['format']}"
        if what["half"] != "seen" or what["format"] not in ("txt", "md") or not path.exists():
            continue
        outline = json.loads((HERE / "outlines" / f"{what['name']}.json").read_text(encoding="utf-8"))
        text = decode(path.read_bytes())
        sections = [(begin(text, s["start"]), s["depth"]) for s in outline["sections"] if "start" in s]
        yield what["repository"], text, what["format"], sections


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


def unreadable(text, sections):
    """The text with the markers of one of its levels made unreadable, for each level that has others below."""
    depths = sorted({depth for _, depth in sections})
    for depth in depths[:-1]:
        chars = list(text)
        for start, _ in (section for section in sections if section[1] == depth):
            line = text.rfind("\n", 0, start) + 1
            # The signs of a heading before the marker, too.
            start = line if not text[line:start].strip("# >*-\u3000\t") else start
            marker = re.match(r"[#\s>*-]*(?:第\s?[^\s章节節条條编編篇部]{1,6}\s?(?:部分|.)|[（(\[【〔]?[\w.]{1,5}[)）\]】〕]?[、.．，]?)", text[start:])
            if marker:
                chars[start : start + marker.end()] = UNREADABLE * marker.end()
        yield "".join(chars), depth


def solve(matrix, vector):
    """The solution of a system of linear equations, by elimination."""
    size = len(vector)
    rows = [list(row) + [value] for row, value in zip(matrix, vector)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            if factor:
                rows[r] = [x - factor * y for x, y in zip(rows[r], rows[i])]
    result = [0.0] * size
    for i in reversed(range(size)):
        result[i] = (rows[i][size] - sum(rows[i][j] * result[j] for j in range(i + 1, size))) / rows[i][i]
    return result


def logistic(rows, prior, pull, rounds=7):
    """Weights that tell the right sections from the wrong ones, by Newton's method."""
    weights, size = list(prior), len(prior)
    for _ in range(rounds):
        slope = [pull * (p - w) for w, p in zip(weights, prior)]
        curve = [[pull * (i == j) for j in range(size)] for i in range(size)]
        for right, signs, mass in rows:
            held = [(i, sign) for i, sign in enumerate(signs) if sign]
            chance = 1 / (1 + math.exp(-sum(weights[i] * sign for i, sign in held)))
            error, bend = mass * (right - chance), mass * chance * (1 - chance)
            for nth, (i, sign) in enumerate(held):
                slope[i] += error * sign
                for j, other in held[nth:]:
                    curve[i][j] += bend * sign * other
        for i in range(size):
            for j in range(i):
                curve[i][j] = curve[j][i]
        weights = [w + step for w, step in zip(weights, solve(curve, slope))]
    return weights


def calibration(pairs):
    """How sure the sections are and how many of them are right, in five classes of confidence."""
    for low, high in ((0, 0.5), (0.5, 0.8), (0.8, 0.95), (0.95, 0.99), (0.99, 1.01)):
        part = [(chance, right) for chance, right in pairs if low <= chance < high]
        if part:
            yield f"{low}-{min(high, 1)}: {len(part)} sections, {sum(c for c, _ in part) / len(part):.3f} said, {sum(r for _, r in part) / len(part):.3f} right"


def fit_confidence(program, examples, write):
    """Fits the weights of the signs of confidence."""
    texts = []
    for number, (group, text, form, sections) in enumerate(examples):
        texts.append((group, text, form, sections, number, False))
        texts += [(group, variant, form, sections, number, True) for variant, _ in unreadable(text, sections)]
    plain = [nth for nth, example in enumerate(texts) if not example[5]]
    shown = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    weights = dict(re.findall(r"    (\w+) = ([0-9.]+) from", TABLE.read_text(encoding="utf-8")))
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as scratch:
        job = []
        for number, (_, text, form, sections, *_) in enumerate(texts):
            path = Path(scratch) / f"{number}.{form}"
            path.write_text(text, encoding="utf-8", newline="")
            job.append(f"{path}\t{form}\t{','.join(f'{start}:{depth}' for start, depth in sections)}")
        run = subprocess.run([program, "--signs"], input="\n".join(job), capture_output=True, text=True, check=True)
        names, *lines = run.stdout.rstrip("\n").split("\n")
        lines += [""] * (len(texts) - len(lines))
        table = Path(scratch) / "weights"
        for _ in range(SHAKEN):
            off = {line.split("\t")[0]: float(weights[line.split("\t")[0]]) * math.exp(dice.gauss(0, SHAKE)) for line in shown.splitlines()}
            table.write_text("".join(f"{name}\t{weight}\n" for name, weight in off.items()), encoding="utf-8")
            run = subprocess.run([program, "--signs", str(table)], input="\n".join(job[nth] for nth in plain), capture_output=True, text=True, check=True)
            found = run.stdout.rstrip("\n").split("\n")[1:]
            for nth, line in zip(plain, found):
                texts.append((*texts[nth][:5], True))
                lines.append(line)
    names = names.split("\t")
    prior = [PRIOR[name] for name in names]
    groups, variants = {}, {}
    for example in texts:
        variants[example[4]] = variants.get(example[4], 0) + 1
    for (group, _, _, _, number, strange), line in zip(texts, lines):
        found = [tuple(float(value) for value in section.split(",")) for section in filter(None, line.split("\t"))]
        # A long text counts for more than a short one, but not in proportion.
        mass = (STRANGE / (variants[number] - 1) if strange else 1.0) / max(1.0, len(found)) ** 0.5
        for right, *signs in found:
            groups.setdefault(group, []).append((right, signs, mass, strange))
    rows = lambda names: [row[:3] for name in names for row in groups[name]]
    everything = rows(groups)
    dot = lambda weights, signs: sum(w * s for w, s in zip(weights, signs))
    chance = lambda weights, signs: 1 / (1 + math.exp(-dot(weights, signs)))
    for strange in (False, True):
        part = [row for group in groups.values() for row in group if row[3] == strange]
        prior_area = area([(dot(prior, row[1]), row[0] == 1) for row in part]) or 0.0
        print(f"{'unreadable' if strange else 'as it stands'}: {len(part)} sections, {sum(row[0] == 0 for row in part)} wrong; prior alone: area {prior_area:.3f}")
    best = (0.0, None)
    folds = sorted(groups)
    for pull in PULLS:
        said = {False: [], True: []}
        for fold in range(12):
            left_out = [group for nth, group in enumerate(folds) if nth % 12 == fold]
            weights = logistic(rows(group for group in folds if group not in left_out), prior, pull)
            for group in left_out:
                for right, signs, _, strange in groups[group]:
                    said[strange].append((chance(weights, signs), right == 1))
        areas = [area(pairs) or 0.0 for pairs in (said[False], said[True], said[False] + said[True])]
        print(f"pull {pull}: area of left out texts {areas[0]:.3f} as they stand, {areas[1]:.3f} unreadable, {areas[2]:.3f} both")
        # Both kinds of texts count alike.
        if areas[0] + areas[1] > best[0]:
            best = (areas[0] + areas[1], pull, said)
    for name, pairs in (("as they stand", best[2][False]), ("unreadable", best[2][True])):
        print(f"calibration on left out texts, {name}:", *calibration(pairs), sep="\n    ")
    weights = logistic(everything, prior, best[1])
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
