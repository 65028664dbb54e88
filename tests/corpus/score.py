#!/usr/bin/env python3
"""Score a pizhu binary on the development corpus.

    score.py [--half seen|scored] [--front] [--show N] [--tsv FILE] [--texts target/corpus] PROGRAM [NAME ...]

Runs `PROGRAM outline --format json TEXT` over the texts that fetch.py laid out and holds what it prints
against `outlines/NAME.json`. Prints a text a line: F1 of the nodes, title right, date right, F1 of the
page lines; then the means, for each half and for both, and how many of the texts that are no speeches
(`no_speech/`) get nodes, of which there should be none. --front adds the other fields of the front matter
(speaker, office, occasion, place, number, addressees, signature), over the texts that have them.

The outlines hold no words. A node is found by its marker, the markers of all its ancestors, and the first
eight letters and digits of its title (after NFKC, without punctuation, symbols and spaces); of these the
outline keeps "key", the first eight hex digits of their sha256 ("also" a second one, where a damaged
heading may be given as it stands or as restored, or a colon inside a line may end the title or not). "whole" is the same over the whole line, for titles and
front matter. Offsets are chars of the source text (decoded, without BOM, line ends as LF), for reading;
Word files and web pages have none. In a Word file the number that Word prints before a paragraph is its
marker, as printed. A lone date at the end counts as the signature's, Markdown headings without an ordinal
have an empty marker, and "signature" is the name or office that signs, without its date.
"""
import argparse
import bisect
import hashlib
import json
import subprocess
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
FRONT = ("speaker", "office", "occasion", "place", "number", "addressees", "signature")


def bare(text):
    """NFKC, without punctuation, symbols and spaces."""
    text = unicodedata.normalize("NFKC", text or "")
    return "".join(c for c in text if unicodedata.category(c)[0] in "LN")


def digest(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:8]


def key(title):
    """What an outline keeps of a title: a hash of its first eight letters."""
    return digest(bare(title)[:8])


def marker_key(marker):
    """The ordinal with its kind: （一） is not 一、, nor ① 1."""
    marker = marker or ""
    enclosed = any(unicodedata.category(c) in ("Ps", "Pe", "No") for c in marker)
    return bare(marker) + ("*" if enclosed else "")


def f1(hits, got, want):
    if not got and not want:
        return 1.0
    return 2 * hits / (got + want)


def expected_nodes(outline):
    """(markers from the root down, the keys that count) of each node, in reading order."""
    nodes, stack = [], []
    for section in outline["sections"]:
        stack = stack[: section["depth"]] + [marker_key(section["marker"])]
        nodes.append((tuple(stack), [section["key"]] + ([section["also"]] if "also" in section else [])))
    return nodes


def actual_nodes(sections, above=()):
    for section in sections:
        here = above + (marker_key(section.get("marker")),)
        yield here, key(section.get("title")), section.get("title") or ""
        yield from actual_nodes(section.get("children", []), here)


def node_score(outline, document):
    """F1 of the nodes, what was missed (markers, key) and what is too much (markers, title)."""
    want, got = expected_nodes(outline), list(actual_nodes(document.get("sections", [])))
    left = {}
    for path, hashed, title in got:
        left.setdefault((path, hashed), []).append(title)
    missed = []
    for path, keys in want:
        found = next((left[path, k] for k in keys if left.get((path, k))), None)
        if found:
            found.pop()
        else:
            missed.append(("/".join(path), keys[0]))
    extra = [("/".join(path), title) for (path, _), titles in left.items() for title in titles]
    return f1(len(want) - len(missed), len(got), len(want)), missed, extra


def page_score(outline, document):
    """F1 of the page lines, by their first letters."""
    got = [key(line) for line in document.get("boilerplate") or [] if bare(line)]
    want = [line["key"] for line in outline.get("boilerplate", [])]
    left = list(got)
    hits = 0
    for line in want:
        if line in left:
            left.remove(line)
            hits += 1
    return f1(hits, len(got), len(want))


def outline_of(program, text):
    """What the program prints for a text, as JSON; {} where it prints none."""
    run = subprocess.run([program, "outline", "--format", "json", str(text)], capture_output=True, timeout=120)
    try:
        return json.loads(run.stdout)
    except ValueError:  # no outline at all counts as an empty one
        print(f"{text.name}: no JSON (exit {run.returncode})", file=sys.stderr)
        return {}


def count_made_up(args):
    """Prints the texts that are no speeches and get nodes all the same; of the scored half only how many."""
    for half in ("seen", "scored"):
        found, total = [], 0
        for recipe in sorted((HERE / "no_speech").glob("*.json")):
            what = json.loads(recipe.read_text(encoding="utf-8"))
            text = args.texts / f"{what['name']}.{what['format']}"
            if what["half"] != half or (args.half and half != args.half):
                continue
            if not text.exists():
                print(f"{what['name']}: not laid out", file=sys.stderr)
                continue
            total += 1
            nodes = sum(1 for _ in actual_nodes(outline_of(args.program, text).get("sections", [])))
            if nodes:
                found.append((what["name"], nodes))
        if total:
            print(f"no speech, {half}: {len(found)} of {total} texts get nodes")
            for name, nodes in found if half == "seen" else ():
                print(f"    {name}: {nodes} nodes")


def sections_of(sections):
    """The sections in reading order."""
    for section in sections:
        yield section
        yield from sections_of(section.get("children", []))


def confidences(outline, document):
    """(confidence, whether it is right) of each section, in reading order."""
    want = {}
    for path, keys in expected_nodes(outline):
        for hashed in keys:
            want[path, hashed] = want.get((path, hashed), 0) + 1
    found = zip(sections_of(document.get("sections", [])), actual_nodes(document.get("sections", [])))
    for section, (path, hashed, _) in found:
        right = want.get((path, hashed), 0) > 0
        if right:
            want[path, hashed] -= 1
        yield section.get("confidence", 1.0), right


def area(pairs):
    """Area under the ROC curve: how often a right section has more confidence than a wrong one."""
    right = sorted(confidence for confidence, good in pairs if good)
    wrong = [confidence for confidence, good in pairs if not good]
    if not right or not wrong:
        return None
    sum_of = sum(len(right) - bisect.bisect_right(right, c) + 0.5 * (bisect.bisect_right(right, c) - bisect.bisect_left(right, c)) for c in wrong)
    return sum_of / len(right) / len(wrong)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--half", choices=("seen", "scored"), help="only the texts of this half")
    args.add_argument("--front", action="store_true", help="the other fields of the front matter, too")
    args.add_argument("--show", type=int, default=0, help="differences shown a text (never of the scored half)")
    args.add_argument("--tsv", type=Path, help="write name, F1, title, date, page there")
    args.add_argument("--confidence", action="store_true", help="how well the confidence tells wrong sections from right ones")
    args.add_argument("--texts", type=Path, default=Path("target/corpus"))
    args.add_argument("program")
    args.add_argument("names", nargs="*")
    args = args.parse_args()
    rows, fields = [], {field: [] for field in FRONT}
    sure = {"seen": [], "scored": []}
    for recipe in sorted((HERE / "recipe").glob("*.json")):
        what = json.loads(recipe.read_text(encoding="utf-8"))
        name, half = what["name"], what["half"]
        if (args.half and half != args.half) or (args.names and name not in args.names):
            continue
        outline = json.loads((HERE / "outlines" / f"{name}.json").read_text(encoding="utf-8"))
        text = args.texts / f"{name}.{what['format']}"
        if not text.exists():
            print(f"{name}: not laid out", file=sys.stderr)
            continue
        document = outline_of(args.program, text)
        nodes, missed, extra = node_score(outline, document)
        sure[half] += confidences(outline, document)
        wanted = outline["title"]["whole"] if outline.get("title") else None
        title = (digest(bare(document["title"])) if document.get("title") else None) == wanted
        date = document.get("date") == outline.get("date")
        page = page_score(outline, document)
        rows.append((name, half, nodes, title, date, page))
        print(f"{name}\t{half}\tF1 {nodes:.3f} of {len(outline['sections'])}\ttitle {'yes' if title else 'no'}\tdate {'yes' if date else 'no'}\tpage {page:.2f}")
        if half == "seen":
            for label, what in (("missed", missed), ("extra", extra)):
                for path, node in what[: args.show]:
                    print(f"    {label}: {path} {node}")
        front = document.get("front") or {}
        for field in FRONT:
            if outline.get(field):
                value = front.get(field) or ""
                text = value.get("text") if isinstance(value, dict) else value
                fields[field].append(digest(bare(text)) == outline[field]["whole"])
    for half in ("seen", "scored", None):
        part = [row for row in rows if half in (None, row[1])]
        if part and (half or not args.half):
            mean = [sum(row[i] for row in part) / len(part) for i in (2, 3, 4, 5)]
            print(f"{half or 'both'}: {len(part)} texts, F1 {mean[0]:.3f}, title {mean[1]:.2f}, date {mean[2]:.2f}, page {mean[3]:.2f}")
    if not args.names:
        count_made_up(args)
    if args.front:
        for field, right in fields.items():
            if right:
                print(f"{field}: {sum(right)} of {len(right)}")
    if args.confidence:
        for half, pairs in sure.items():
            if area(pairs) is not None:
                print(f"{half}: {len(pairs)} sections, {sum(not good for _, good in pairs)} wrong, area under the curve {area(pairs):.3f}")
    if args.tsv:
        lines = [f"{n}\t{f:.3f}\t{'yes' if t else 'no'}\t{'yes' if d else 'no'}" for n, _, f, t, d, _ in rows]
        args.tsv.write_text("name\tF1\ttitle\tdate\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
