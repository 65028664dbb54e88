#!/usr/bin/env python3
"""Kinds of ordinal in the corpus: how many texts and nodes each has.

    kinds.py [--few N] [--write]

Counts the markers of `outlines/` by the kinds that the format names. Prints a kind a line: the number of
texts, the number of nodes. --few N only the kinds that stand in fewer than N texts (1 where there are any).
--write puts the kinds of each text into its recipe.
"""
import argparse
import json
import re
import sys
from collections import Counter, defaultdict

from score import HERE

HAN = "[一二三四五六七八九十百零〇○]+"
STEM = "[甲乙丙丁戊己庚辛壬癸]"

# The kind as its first member is written, and its markers. A mark of one bracket may be half-width and the
# other full-width.
KINDS = [
    ("一、", f"{HAN}、"),
    ("一．", f"{HAN}[．.]"),
    ("一丶", f"{HAN}丶"),
    ("一，", f"{HAN}[，,]"),
    ("壹、", "[壹贰貮貳叁參肆伍陆陸柒捌玖拾]+、"),
    ("（一）", rf"（{HAN}[）)]|\({HAN}）"),
    ("(一)", rf"\({HAN}\)"),
    ("㈠", "[㈠-㈩]"),
    ("〔一〕", f"〔{HAN}〕"),
    ("【一】", f"【{HAN}】"),
    ("[一]", rf"[\[［]{HAN}[\]］]"),
    ("一）", f"{HAN}[）)]"),
    ("1.", r"\d+\."),
    ("1、", r"\d+、"),
    ("1．", r"\d+．"),
    ("⒈", "[⒈-⒛]"),
    ("（1）", r"（\d+[）)]|\(\d+）"),
    ("(1)", r"\(\d+\)"),
    ("⑴", "[⑴-⒇]"),
    ("1)", r"\d+\)"),
    ("1）", r"\d+）"),
    ("①", "[①-⑳]"),
    ("❶", "[❶-❿]"),
    ("1.1", r"\d+[.．]\d+"),
    ("1.1.1", r"\d+([.．]\d+){2,}"),
    ("第一章", f"第{HAN}章"),
    ("第一节", f"第{HAN}[节節]"),
    ("第一条", f"第{HAN}[条條](之{HAN})?"),
    ("第一部分", f"第{HAN}部分"),
    ("第一编", f"第{HAN}[编編]"),
    ("第一篇", f"第{HAN}篇"),
    ("甲、", f"{STEM}、"),
    ("A.", "[A-H][.．]"),
    ("A、", "[A-H]、"),
    ("(A)", "[(（][A-H][)）]"),
    ("a)", "[a-hA-H][)）]"),
    ("(a)", "[(（][a-h][)）]"),
    ("I.", "[IVX]+[.．]"),
    ("Ⅰ、", "[Ⅰ-Ⅻ][、.．]"),
    ("(i)", "[(（][ivx]+[)）]"),
    ("（甲）", f"[（(]{STEM}[）)]"),
    ("第一，", f"第{HAN}[，,]"),
    ("第一、", f"第{HAN}、"),
    ("第一是", f"第{HAN}是"),
    ("第一", f"第{HAN}"),
    ("第一点", f"第{HAN}[点點]"),
    ("第一步", f"第{HAN}步"),
    ("第一个方面", f"第{HAN}[个個]方面"),
    ("一是", f"{HAN}是"),
    ("一要", f"{HAN}要"),
    ("首先", "首先|其次|再次|最[后後]"),
    ("其一", f"其{HAN}"),
    ("一来", f"{HAN}[来來]"),
    ("一靠", f"{HAN}[^是要来來、，,.．丶）)]"),
    ("Markdown heading", ""),
]


def kind(marker):
    """The kind of a marker, or None. A mark behind it that the kind does not ask for is left out."""
    marker = re.sub(r"\s", "", marker)
    for tried in (marker, marker.rstrip("，,、：:.．是")):
        for name, pattern in KINDS:
            if (tried or not marker) and re.fullmatch(pattern, tried):
                return name
    return None


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--few", type=int, help="only the kinds in fewer texts than this")
    args.add_argument("--write", action="store_true", help="write the kinds into the recipes")
    args = args.parse_args()
    texts, nodes, unknown = defaultdict(set), Counter(), Counter()
    for path in sorted((HERE / "outlines").glob("*.json")):
        here = []
        for section in json.loads(path.read_text(encoding="utf-8"))["sections"]:
            name = kind(section["marker"])
            if name is None:
                unknown[section["marker"]] += 1
                continue
            texts[name].add(path.stem)
            nodes[name] += 1
            if name not in here:
                here.append(name)
        if args.write:
            recipe = HERE / "recipe" / path.name
            what = json.loads(recipe.read_text(encoding="utf-8"))
            what["kinds"] = here
            recipe.write_text(json.dumps(what, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    few = [name for name, _ in KINDS if len(texts[name]) < (args.few or 0)]
    for name, _ in KINDS:
        if args.few is None or name in few:
            print(f"{name}\t{len(texts[name])}\t{nodes[name]}")
    if args.few is None:
        print("no kind: " + " ".join(sorted(unknown)))
    sys.exit(1 if few else 0)


if __name__ == "__main__":
    main()
