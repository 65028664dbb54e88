#!/usr/bin/env python3
"""Generates a library of speeches for benchmarks; the same seed gives the same library.

    library.py FOLDER [--count 10000] [--bytes 30000] [--seed 1] [--mixed]

The speeches consist of shuffled clauses of the built-in ones (sample-data/) with invented places and
figures, under titles, dates and headings of three levels. They are in folders by year; one file in 50
is in traditional characters. --mixed writes one in five in another encoding (GB18030, Big5 for
traditional characters, UTF-16), and breaks the lines of one in ten at a fixed width, with page marks,
like texts extracted from PDF.
"""
import argparse
import pathlib
import random
import re

HERE = pathlib.Path(__file__).resolve().parent
NUMBERS = "一二三四五六七八九十"
# Level 1 characters of GB 2312, for invented names.
COMMON = [bytes([row, cell]).decode("gb2312") for row in range(0xB0, 0xD7) for cell in range(0xA1, 0xFF) if (row, cell) < (0xD7, 0xFA)]
TOPICS = ["组织工作", "人才工作", "干部教育", "基层党建", "乡村振兴", "作风建设", "产业发展", "民生保障", "生态保护", "安全生产"]


def decoded(data, traditional):
    """The decoded text of a sample; the samples are in several encodings."""
    for encoding in ["utf-16"] if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "big5" if traditional else "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def clauses():
    """The clauses of the samples: simplified, traditional."""
    kinds = ([], [])
    for path in sorted((HERE.parent / "sample-data").iterdir()):
        text = decoded(path.read_bytes(), "臨江" in path.name)
        kind = kinds["臨江" in path.name]
        kind += [clause for clause in re.split(r"[，。；！？：\s、（）“”]+", text) if 4 <= len(clause) <= 30]
    return kinds


def speech(draw, pool, size):
    """Title, year and text of one speech of about `size` bytes."""
    place = lambda: "".join(draw.choices(COMMON, k=2)) + draw.choice("县市区镇乡村")
    home = place()
    topic = draw.choice(TOPICS)
    title = f"在{home}{topic}会议上的讲话"
    year = draw.randint(2001, 2026)
    lines = [title, f"（{year}年{draw.randint(1, 12)}月{draw.randint(1, 28)}日）", "", "同志们：", ""]

    def sentence():
        said = [draw.choice(pool) for _ in range(draw.randint(2, 5))]
        if draw.random() < 0.3:
            said.insert(draw.randrange(len(said)), f"{place()}的{draw.choice(TOPICS)}比去年提高了{draw.randint(1, 999) / 10}%")
        return "，".join(said) + "。"

    left = size - 200
    top = 0
    while left > 0 and top < 10:
        top += 1
        lines.append(f"{NUMBERS[top - 1]}、{draw.choice(pool)}")
        for second in range(draw.randint(1, 5)):
            if left <= 0:
                break
            lines.append(f"（{NUMBERS[second]}）{draw.choice(pool)}。")
            for _ in range(draw.randint(1, 3)):
                said = "".join(sentence() for _ in range(draw.randint(2, max(3, size // 3000))))
                if draw.random() < 0.3:
                    said = "".join(f"{n}是{sentence()}" for n in NUMBERS[: draw.randint(2, 4)])
                lines.append(said)
                left -= 3 * len(said)
    while left > 0:
        said = "".join(sentence() for _ in range(8))
        lines.append(said)
        left -= 3 * len(said)
    lines.append("谢谢大家。")
    return title, year, lines


def paged(lines):
    """The lines broken at 38 characters, with a page mark after every 30 lines."""
    rows = [line[at : at + 38] for line in lines for at in range(0, max(len(line), 1), 38)]
    pages = -(-len(rows) // 30)
    marked = []
    for page in range(pages):
        marked += rows[page * 30 : page * 30 + 30] + [f"第 {page + 1} 页 共 {pages} 页"]
    return marked


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--bytes", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mixed", action="store_true")
    given = parser.parse_args()
    simplified, traditional = clauses()
    total = 0
    for index in range(given.count):
        draw = random.Random(f"{given.seed}/{index}")
        old = index % 50 == 49
        title, year, lines = speech(draw, traditional if old else simplified, given.bytes)
        encoding = "utf-8"
        if given.mixed:
            if index % 10 == 3:
                lines = paged(lines)
            if index % 5 == 4:
                encoding = "big5" if old else draw.choice(["gb18030", "utf-16", "utf-16-le"])
        text = "\n".join(lines) + "\n"
        data = text.encode(encoding, "ignore")
        folder = given.folder / str(year)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{index:06} {title}.txt").write_bytes(data)
        total += len(data)
    print(f"{given.count} speeches, {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
