#!/usr/bin/env python3
"""Agreement of two readings of the same texts.

    agreement.py [--show N] [--tsv FILE] [FIRST [SECOND]]

Holds two folders of outlines together (default: `outlines/` and `second/`), over the texts that stand in
both: F1 of the nodes (a node agrees where marker, markers of all its ancestors and one of its keys agree),
whether title and date agree, F1 of the page lines. Prints a text a line and the means; --show lists where
the two differ, as marker paths and offsets (no words). --tsv writes the table there.

The readings are by two readers, each from the text and OUTLINE-FORMAT alone. `agreement.tsv` is the table
as it stood before the two were brought together: the outlines were corrected afterwards, where the format
says which of the two is right, so that a run today shows more agreement.
"""
import argparse
import json
from pathlib import Path

from score import HERE, expected_nodes, f1


def pairs(first, second):
    """Nodes of the first reading and of the second that agree, and what is left of each."""
    left = expected_nodes(second)
    agreed, alone = 0, []
    for path, keys in expected_nodes(first):
        found = next((node for node in left if node[0] == path and set(node[1]) & set(keys)), None)
        if found:
            left.remove(found)
            agreed += 1
        else:
            alone.append((path, keys))
    return agreed, alone, left


def page_agreement(first, second):
    """F1 of the page lines, by their keys."""
    left = [line["key"] for line in second.get("boilerplate", [])]
    want = [line["key"] for line in first.get("boilerplate", [])]
    total, hits = len(left) + len(want), 0
    for line in want:
        if line in left:
            left.remove(line)
            hits += 1
    return 1.0 if not total else 2 * hits / total


def whole(outline):
    """Hash of the whole title, or None."""
    return outline["title"]["whole"] if outline.get("title") else None


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("first", nargs="?", type=Path, default=HERE / "outlines")
    args.add_argument("second", nargs="?", type=Path, default=HERE / "second")
    args.add_argument("--show", type=int, default=0, help="differences shown a text and reading")
    args.add_argument("--tsv", type=Path, help="write the table there")
    args = args.parse_args()
    names = sorted(f.stem for f in args.second.glob("*.json") if (args.first / f.name).exists())
    rows = []
    for name in names:
        one, two = (json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for folder in (args.first, args.second))
        agreed, alone, left = pairs(one, two)
        nodes = f1(agreed, len(one["sections"]), len(two["sections"]))
        title, date = whole(one) == whole(two), one.get("date") == two.get("date")
        rows.append((name, len(one["sections"]), len(two["sections"]), nodes, title, date, page_agreement(one, two)))
        for label, nodes_of in (("only first", alone), ("only second", left)):
            for path, keys in nodes_of[: args.show]:
                print(f"    {name}, {label}: {'/'.join(path)} {keys[0]}")
    words = {True: "yes", False: "no"}
    lines = [f"{n}\t{a}\t{b}\t{f:.3f}\t{words[t]}\t{words[d]}\t{p:.2f}" for n, a, b, f, t, d, p in rows]
    table = "name\tfirst\tsecond\tF1\ttitle\tdate\tpage\n" + "\n".join(lines) + "\n"
    print(table, end="")
    if rows:
        mean = [sum(row[i] for row in rows) / len(rows) for i in (3, 4, 5, 6)]
        print(f"{len(rows)} texts: F1 {mean[0]:.3f}, title {mean[1]:.2f}, date {mean[2]:.2f}, page {mean[3]:.2f}")
    if args.tsv:
        args.tsv.write_text(table, encoding="utf-8")


if __name__ == "__main__":
    main()
