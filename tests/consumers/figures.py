#!/usr/bin/env python3
"""Compares the figures of `count` and `agree` with pandas, krippendorff, scikit-learn and scipy.

    tests/consumers/figures.py PIZHU [ANNOTATIONS] [SEED]

Makes a random project of ANNOTATIONS (default 2000) overlapping and nested passages by five coders on
invented speeches in a temporary folder. Needs numpy, pandas, scipy, krippendorff and scikit-learn.
Run manually, not in CI. Exit status 1 if a figure differs."""
import collections
import itertools
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import krippendorff
import numpy
import pandas
import scipy.stats
from sklearn.metrics import cohen_kappa_score

PIZHU = os.path.realpath(sys.argv[1])
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
random.seed(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
CODERS, TAGS, PLACES = list("甲乙丙丁戊"), ["人才工作", "基层党建", "作风建设", "干部队伍"], ["如皋", "南通", "如东"]
failures = 0


def speech(number):
    words = ["要抓好人才工作", "要把支部建强", "作风要实", "干部要担当", "说到底是为群众", "从严从实", "一件一件落实"]
    lines = [f"在青禾县第{number}次会议上的讲话", f"（{2018 + number % 5}年3月{number % 27 + 1}日）", "同志们："]
    for section in "一二三四":
        lines.append(f"{section}、第{number}场第{section}件事")
        for part in "一二":
            lines.append(f"（{part}）这是第{part}点")
            for _ in range(3):
                lines.append("，".join(random.sample(words, 4)) + "。" + "，".join(random.sample(words, 3)) + "！")
    return "\n".join(lines) + "\n"


def run(*words):
    done = subprocess.run([PIZHU, *words], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or done.stderr:
        sys.exit(f"{words}: {done.stderr}")
    return json.loads(done.stdout)


def check(name, ours, theirs, tolerance=1e-9):
    global failures
    same = (ours is None and (theirs is None or numpy.isnan(theirs))) or (
        ours is not None and theirs is not None and abs(ours - theirs) <= tolerance)
    if not same:
        failures += 1
        print(f"DIFFERS {name}: {ours} {theirs}")


folder = pathlib.Path(tempfile.mkdtemp())
os.chdir(folder)
os.environ["HOME"] = os.environ["XDG_STATE_HOME"] = os.environ["XDG_DATA_HOME"] = os.environ["XDG_CACHE_HOME"] = str(folder / "home")
os.environ["PIZHU_STORE"] = str(folder / ".pizhu")
names = [f"{number:02}.txt" for number in range(8)]
texts = {name: speech(number) for number, name in enumerate(names)}
for name, text in texts.items():
    pathlib.Path(name).write_text(text)
entries = []
for number in range(COUNT):
    name = random.choice(names)
    start = random.randrange(len(texts[name]) - 2)
    end = min(len(texts[name]), start + random.choice([3, 8, 20, 60, 200]))
    tags = random.sample(TAGS, random.choice([1, 1, 1, 2]))
    entries.append({"document": name, "start": start, "end": end, "quote": texts[name][start:end], "tags": tags, "author": random.choice(CODERS)})
pathlib.Path("all.json").write_text(json.dumps(entries, ensure_ascii=False))
report = run("import", "all.json", ".", "--format", "json")
print(f"{report['created']} annotations made, {report['merged']} merged, {len(report['failed'])} failed")
for number, name in enumerate(names):
    subprocess.run([PIZHU, "attr", "set", name, f"place={PLACES[number % 3]}", f"人数={10 * (number % 4)}"], check=True)
annotations = run("export", "--format", "json")["annotations"]
rows = pandas.DataFrame([
    {**entry, "tag": tag, "place": entry["attributes"]["place"], "people": entry["attributes"]["人数"], "year": entry["document_date"][:4]}
    for entry in annotations for tag in entry["tags"]])


def compare_table(by, column, words, frame, values="count"):
    table = run("count", "--by", by, *words, "--format", "json")
    key = by.split(".")[0].replace("attr", "attribute").replace("speech", "document")
    cells = 0
    head = [next(value for field, value in head.items() if field != "total") for head in table["columns"]]
    for row in table["rows"]:
        for name, cell in zip(head, row["counts"]):
            part = frame[(frame["tag"] == row["tag"]) & (frame[column] == name)]
            if values == "chars":
                theirs = len({(d, x) for d, a, b in zip(part["document"], part["start"], part["end"]) for x in range(int(a), int(b))})
            else:
                theirs = len(part)
            check(f"count --by {by} {words} {row['tag']} {name}", cell, theirs)
            cells += 1
    print(f"count --by {by} {' '.join(words)}: {cells} cells")


placed = rows[rows["start"].notna()]
compare_table("year", "year", [], rows)
compare_table("attr.place", "place", [], rows)
compare_table("attr.人数", "people", ["--author", "甲"], rows[rows["author"] == "甲"])
compare_table("attr.place", "place", ["--unit", "chars"], placed, "chars")
compare_table("year", "year", ["--since", "2020"], rows[rows["year"] >= "2020"])
overlapped = {entry["id"] for entry in annotations if any(
    other["document"] == entry["document"] and "人才工作" in other["tags"] and other["start"] < entry["end"] and entry["start"] < other["end"]
    for other in annotations)}
compare_table("year", "year", ["--where", "人才工作"], rows[rows["id"].isin(overlapped)])


def together(kind, one, other, across):
    total = 0
    for name in names:
        for author in ([None] if across else CODERS):
            mine = [entry for entry in annotations if entry["document"] == name and author in (None, entry["author"])]
            a, b = ({(e["start"], e["end"]) for e in mine if tag in e["tags"]} for tag in (one, other))
            if kind == "overlap":
                total += len({(max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b if max(x[0], y[0]) < min(x[1], y[1])})
            else:
                total += sum(max(y[0] - x[1], x[0] - y[1]) <= 15 for x in a for y in b)
    return total


for kind, words, across in [("overlap", [], False), ("overlap", ["--across-authors"], True), ("near", ["--together", "near:15"], False)]:
    table = run("count", "--by", "together", *words, "--format", "json")
    tags = [row["tag"] for row in table["rows"]]
    for row in table["rows"]:
        for other, cell in zip(tags, row["counts"]):
            if other != row["tag"]:
                check(f"together {words} {row['tag']} {other}", cell, together(kind, row["tag"], other, across))
    print(f"count --by together {' '.join(words)}: {len(tags) ** 2 - len(tags)} cells")

# Units: paragraphs as `text` gives them, their chars, sections up to the next.
units = collections.defaultdict(list)
for name in names:
    paragraphs = run("text", name, "--page", "--format", "json")["paragraphs"]
    units["paragraph"] += [(name, one["start"], one["end"]) for one in paragraphs if one.get("kind") != "boilerplate"]

    def starts(sections):
        return [start for section in sections for start in [section["span"]["start"], *starts(section["children"])]]

    cuts = [0, *starts(run("outline", name, "--format", "json")["sections"]), len(texts[name])]
    units["section"] += [(name, start, end) for start, end in zip(cuts, cuts[1:])]
units["char"] = [(name, x, x + 1) for name, start, end in units["paragraph"] for x in range(start, end)]


def ratings(kind, tag, coders):
    spans = {(c, n): [(e["start"], e["end"]) for e in annotations if e["author"] == c and e["document"] == n and tag in e["tags"]] for c in coders for n in names}
    return numpy.array([[float(any(a < end and start < b for a, b in spans[c, n])) for n, start, end in units[kind]] for c in coders])


def alpha(matrix):
    return krippendorff.alpha(matrix, level_of_measurement="nominal") if len(numpy.unique(matrix)) > 1 else None


# What units are drawn anew with: chars with their paragraph.
clusters = {kind: [index for index, _ in enumerate(units[kind])] for kind in ["section", "paragraph"]}
clusters["char"] = [index for index, (_, start, end) in enumerate(units["paragraph"]) for _ in range(end - start)]
RESAMPLES = 100_000


def bootstrap(kind, matrices):
    """scipy's percentile interval of α, and the noise of its ends. α of a resample comes from sums over the units
    drawn, which are held against krippendorff's α of the resample's matrix."""
    coders = matrices[0].shape[0]
    ones = numpy.array([matrix.sum(axis=0) for matrix in matrices])
    of_cluster = numpy.zeros((3, max(clusters[kind]) + 1))
    for row, sums in enumerate([ones.sum(axis=0), (2 * ones * (coders - ones) / (coders - 1)).sum(axis=0), numpy.full(ones.shape[1], coders * len(matrices))]):
        numpy.add.at(of_cluster[row], clusters[kind], sums)

    def statistic(index, axis=-1):
        with_tag, disagreement, ratings = (sums[index].sum(axis=axis) for sums in of_cluster)
        return 1 - disagreement * (ratings - 1) / (2 * with_tag * (ratings - with_tag))

    count = of_cluster.shape[1]
    members = [numpy.flatnonzero(numpy.array(clusters[kind]) == cluster) for cluster in range(count)]
    draws = numpy.random.default_rng(7)
    for _ in range(3):
        index = draws.integers(0, count, count)
        columns = numpy.concatenate([members[cluster] for cluster in index])
        check(f"α of a resample by {kind}", statistic(index), alpha(numpy.hstack([matrix[:, columns] for matrix in matrices])))
    found = scipy.stats.bootstrap((numpy.arange(count),), statistic, vectorized=True, method="percentile", n_resamples=RESAMPLES, batch=2000, rng=1)
    ends = found.confidence_interval
    # The standard error of a quantile: √(p(1−p)/n) over the density there.
    noise = []
    for end, share in [(ends.low, 0.025), (ends.high, 0.975)]:
        reach = 0.02 * (ends.high - ends.low)
        density = (abs(found.bootstrap_distribution - end) < reach).mean() / (2 * reach)
        noise.append((share * (1 - share) / RESAMPLES) ** 0.5 / density / (ends.high - ends.low))
    return ends, max(noise)


for kind in ["section", "paragraph", "char"]:
    # The number of draws is the one that users get.
    found = run("agree", "--unit", kind, "--format", "json")
    coders = found["coders"]
    all_tags = {tag: ratings(kind, tag, coders) for tag in TAGS}
    whole = numpy.hstack([all_tags[tag] for tag in sorted(TAGS)])
    check(f"α by {kind}", found["overall"]["alpha"], alpha(whole))
    for one in found["tags"]:
        check(f"α of {one['tag']} by {kind}", one["alpha"], alpha(all_tags[one["tag"]]))
    for pair in found["pairs"]:
        two = whole[[coders.index(name) for name in pair["coders"]]]
        check(f"κ of {pair['coders']} by {kind}", pair["kappa"], cohen_kappa_score(two[0], two[1]))
        check(f"α of {pair['coders']} by {kind}", pair["alpha"], alpha(two))
        check(f"percent of {pair['coders']} by {kind}", pair["percent"], 100 * (two[0] == two[1]).mean())
    pairs = list(itertools.combinations(range(len(coders)), 2))
    check(f"percent by {kind}", found["overall"]["percent"], 100 * numpy.mean([(whole[a] == whole[b]).mean() for a, b in pairs]))
    coded = run("agree", "--unit", kind, "--coded-only", "--format", "json", "--draws", "0")
    kept = numpy.logical_or.reduce([all_tags[tag].any(axis=0) for tag in TAGS])
    check(f"α of coded {kind}s", coded["overall"]["alpha"], alpha(numpy.hstack([all_tags[tag][:, kept] for tag in sorted(TAGS)])))
    print(f"agree --unit {kind}: α {found['overall']['alpha']:.4f}, {len(found['pairs'])} pairs, {len(found['tags'])} tags, {whole.shape[1]} ratings a coder")
    sets = [("overall", found["overall"], [all_tags[tag] for tag in sorted(TAGS)])]
    sets += [(one["tag"], one, [all_tags[one["tag"]]]) for one in found["tags"][:2]]
    for name, one, matrices in sets:
        theirs, noise = bootstrap(kind, matrices)
        low, high = one["alpha_interval"]
        width = theirs.high - theirs.low
        off = 100 * max(abs(low - theirs.low), abs(high - theirs.high)) / width
        print(f"  {name}: {low:.4f}–{high:.4f}, scipy {theirs.low:.4f}–{theirs.high:.4f}; off by {off:.2f} % of the width, scipy's own noise {100 * noise:.2f} %")
        for end, ours, other in [("low", low, theirs.low), ("high", high, theirs.high)]:
            check(f"{end} end of {name} by {kind}", ours, other, 0.02 * width)


def unitized(coders, tags):
    """Krippendorff's uα (2016) of these tags over all texts, from the published formula, char by char: observed
    coincidences over every ordered pair of coders, expected ones less those of a unit with itself."""
    observed, own = numpy.zeros((2, 2)), numpy.zeros(2)
    for name in names:
        for tag in tags:
            rows = []
            for coder in coders:
                spans = sorted((e["start"], e["end"]) for e in annotations if e["author"] == coder and e["document"] == name and tag in e["tags"])
                unit, row = 0, numpy.zeros(len(texts[name]), dtype=int)
                for number, (start, end) in enumerate(spans):
                    # Overlapping passages of a coder are one unit; 0 is a gap.
                    unit = unit if number and row[start] else unit + 1
                    row[start:end] = unit
                rows.append(row)
                own[1] += sum(int(length) ** 2 for length in numpy.bincount(row)[1:])
                own[0] += (row == 0).sum()
            for one, other in itertools.permutations(rows, 2):
                for c in (0, 1):
                    for k in (0, 1):
                        observed[c, k] += (((one > 0) == c) & ((other > 0) == k)).sum() / (len(rows) - 1)
    marginal = observed.sum(axis=1)
    total = marginal.sum()
    expected = total * (numpy.outer(marginal, marginal) - numpy.diag(own)) / (total**2 - own.sum())
    return 1 - (total - numpy.trace(observed)) / (total - numpy.trace(expected))


# A coder who has marked nothing in a text has not coded it; here all have coded all.
assert all(any(e["author"] == c and e["document"] == n for e in annotations) for c in CODERS for n in names), "more annotations"
found = run("agree", "--unit", "char", "--format", "json", "--draws", "0")
check("uα", found["overall"]["u_alpha"], unitized(found["coders"], TAGS))
for one in found["tags"]:
    check(f"uα of {one['tag']}", one["u_alpha"], unitized(found["coders"], [one["tag"]]))
for pair in found["pairs"]:
    check(f"uα of {pair['coders']}", pair["u_alpha"], unitized(pair["coders"], TAGS))
print(f"uα {found['overall']['u_alpha']:.4f}, {len(found['tags'])} tags and {len(found['pairs'])} pairs")
print(f"{failures} figures differ")
sys.exit(bool(failures))
