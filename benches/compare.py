#!/usr/bin/env python3
"""compare.py - compares the speed of pizhu with less, vim and ripgrep, as ratios.

    benches/compare.py [--quick] [--runs 21] [--only WORD] [--pizhu target/release/pizhu] [--write]

Each figure is the median of --runs rounds (21; --quick: 3, with fewer keys). In each round every
session is a new process in a pseudo-terminal, and the programs alternate, so that other load of the
machine affects all of them. The terminal is emulated by termbench.py in the shared folder (or
--termbench). The texts are repeated real speeches if available, else the samples. --write writes the
table to docs/src/speed.md. Needs Python 3.8 and less, vim and ripgrep (packages of Debian). Run it on
an idle machine: ratios tolerate moderate load, but not starved processes.
"""
import argparse, importlib.util, os, pathlib, shutil, statistics, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
SIZE, SMALLER = "160x50", "100x40"
# The last line, and one after about 1 MB; each occurs once. The first part is the query; the second
# part appears on the screen only when the line is shown.
LAST, NEAR = ("末行记号甲乙丙", "此处为篇尾"), ("近行记号丁戊己", "此处为近处")
LARGE = 100_000_000

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--pizhu", default=str(ROOT / "target/release/pizhu"))
parser.add_argument("--termbench", default=str(SHARED / "termbench.py"))
parser.add_argument("--runs", type=int)
parser.add_argument("--quick", action="store_true", help="3 rounds, fewer keys")
parser.add_argument("--only", default="", help="rows whose name contains this")
parser.add_argument("--write", action="store_true", help="write docs/src/speed.md")
options = parser.parse_args()
runs = options.runs or (3 if options.quick else 21)
KEYS = 40 if options.quick else 100

missing = [name for name, program in (("less", "less"), ("vim", "vim"), ("ripgrep", "rg")) if not shutil.which(program)]
if missing:
    sys.exit(f"not installed: {', '.join(missing)}; apt-get install {' '.join(missing)}")
for path in (options.pizhu, options.termbench):
    if not os.path.exists(path):
        sys.exit(f"no such file: {path}")
spec = importlib.util.spec_from_file_location("termbench", options.termbench)
sys.dont_write_bytecode = True
termbench = importlib.util.module_from_spec(spec)
spec.loader.exec_module(termbench)
for name in [name for name in os.environ if name.startswith("XDG_") or name.startswith("PIZHU")]:
    del os.environ[name]


def write_text(path, size):
    """Writes a text of at least `size` bytes; returns the first two characters of its first line."""
    speeches = sorted((SHARED / "real-speeches").glob("*.txt")) or sorted((ROOT / "sample-data").glob("*.txt"))
    whole = "\n".join(file.read_text("utf-8", "ignore") for file in speeches) + "\n"
    lines, data, near = whole.splitlines(keepends=True), bytearray(), size > 2_000_000
    while len(data) < size:
        for line in lines:
            data += line.encode()
            if near and len(data) > 1_000_000:
                data += "".join(NEAR).encode() + b"\n"
                near = False
            if len(data) >= size:
                break
    path.write_bytes(data + "".join(LAST).encode() + b"\n")
    return lines[0].strip()[:2]


class Bench:
    """The texts, and how the programs are started."""

    def __init__(self, folder):
        self.folder, self.count = folder, 0
        self.texts = {"small": folder / "55k.txt", "large": folder / "100m.txt"}
        self.wait = write_text(self.texts["small"], 55_000)
        write_text(self.texts["large"], LARGE)
        # Starts pizhu once, so that it knows the terminal's character widths in later runs.
        self.known = folder / "known"
        self.known.mkdir()
        self.run("pizhu", "small", {"idle": True}, home=self.known)

    def options(self, home, more):
        given = dict(size=SIZE, wait=self.wait, pre="", pre_wait="", keys="", resize="", resize_quiet=60.0, quiet=30.0, key_timeout=250.0,
                     max_wait=20000.0, timeout=60.0, idle=False, fresh_home=False, term="xterm-256color", ambiguous="narrow", no_kitty=False,
                     dump=None, raw=None, env=["LESSCHARSET=utf-8", f"HOME={home}"])
        return argparse.Namespace(**{**given, **more})

    def command(self, program, text):
        commands = {"pizhu": [options.pizhu], "less": ["less"], "vim": ["vim", "-u", "NONE", "-n", "-R"]}
        return commands[program] + [str(self.texts[text])]

    def home(self):
        """A new home folder for each process, so that no reading position is remembered."""
        self.count += 1
        home = self.folder / f"home{self.count}"
        shutil.copytree(self.known, home)
        return home

    def run(self, program, text, more, home=None):
        """Runs one process from start to end; returns the result of termbench."""
        own = home or self.home()
        result = termbench.one_run(self.options(own, more), self.command(program, text))
        if home is None:
            shutil.rmtree(own)
        if result["error"]:
            sys.exit(f"{program} on {text}: {result['error']}")
        for key in result.get("keys", []):
            if key["silent"] or key["capped"]:
                print(f"! {program} on {text}: {key['silent']} of {key['n']} presses of {key['key']} without output, {key['capped']} cut off by the timeout")
        return result

    def first_hit(self, program, text, typed, seen):
        """Time from sending a whole query until its first hit is on the screen, in ms."""
        home = self.home()
        columns, rows = map(int, SIZE.split("x"))
        env = dict(os.environ, TERM="xterm-256color", COLORTERM="truecolor", LANG="C.UTF-8", LC_ALL="C.UTF-8", HOME=str(home))
        term = termbench.Term(self.command(program, text), columns, rows, env, self.options(home, {}))
        try:
            term.wait_text(self.wait, 60)
            term.settle(time.perf_counter(), 0, 30, 60000)
            term.text, term.t0 = "", time.perf_counter()
            term.send(termbench.encode(typed, term.kitty[-1]))
            _, found = term.wait_text(seen, 20)
        finally:
            term.close()
            shutil.rmtree(home)
        if found is None:
            sys.exit(f"{program} did not find {typed}")
        return found


def timed(command):
    """Run time of a command in ms."""
    begun = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begun) * 1000


# Sessions of a round, by name: program, text, options of termbench.
line = f"j*60 j*{KEYS}"
search = f"gg /{LAST[0]}<Enter> <Esc> gg /<C-t>{LAST[0]}<Enter>"
SESSIONS = {
    "pizhu small": ("pizhu", "small", dict(idle=True, keys=line)),
    "less small": ("less", "small", dict(keys=f"j*{KEYS}")),
    "vim small": ("vim", "small", dict(keys="j*5", resize=f"{SMALLER},{SIZE}")),
    "pizhu large": ("pizhu", "large", dict(keys=f"{line} PgDn*{KEYS // 2} burst:j*200 gg G {search}", resize=f"{SMALLER},{SIZE}")),
    "less large": ("less", "large", dict(keys=f"j*{KEYS} burst:j*200")),
    "vim large": ("vim", "large", dict(keys=f"j*5 PgDn*{KEYS // 2} gg G")),
    "pizhu without outline": ("pizhu", "small", dict(keys=f"o {line} PgDn*6")),
    "pizhu glanced at": ("pizhu", "small", dict(keys="j*20")),
    "less glanced at": ("less", "small", dict(keys="j*20")),
}


def begun(result):
    return result["startup"]["text_ms"]


def key(name, what="last_ms", part="median", nth=-1):
    """Returns a getter for a figure of the n-th group of presses of this key."""
    return lambda result: [group for group in result["keys"] if group["key"] == name][nth][what][part]


def resized(result):
    return statistics.median(step["last_ms"] for step in result["resize"])


def peak(result):
    return result["rss"]["peak_kb"] / 1024


def tree(result):
    """MB/s from the start until the outline of the whole text is on the screen."""
    return LARGE / 1000 / result["startup"]["settled_ms"]


FOUND = f"/{LAST[0]}<Enter>"
FOUND_LITERAL = f"/<C-t>{LAST[0]}<Enter>"

# Name; target: maximum (minimum for rates) as a multiple of the other program's figure, or in the
# unit; unit; session and figure of pizhu; those of the other program.
ROWS = [
    ("first frame, 55 KB", 2, "ms", ("pizhu small", begun), ("less small", begun)),
    ("first frame, 100 MB", 2, "ms", ("pizhu large", begun), ("less large", begun)),
    ("line key that scrolls, 55 KB", 2, "ms", ("pizhu small", key("j")), ("less small", key("j"))),
    ("line key that scrolls, 100 MB", 2, "ms", ("pizhu large", key("j")), ("less large", key("j", nth=0))),
    ("line key that scrolls, 55 KB, no side pane", 2, "ms", ("pizhu without outline", key("j")), ("less small", key("j"))),
    ("line key, 99th percentile, 55 KB", 2, "ms", ("pizhu small", key("j", part="p99")), None),
    ("line key, 99th percentile, 100 MB", 2, "ms", ("pizhu large", key("j", part="p99")), None),
    ("line key, bytes, no side pane", 600, "bytes", ("pizhu without outline", key("j", "bytes")), None),
    ("line key, bytes, with the outline", 4096, "bytes", ("pizhu small", key("j", "bytes")), None),
    ("page key, 100 MB", 1.2, "ms", ("pizhu large", key("PgDn")), ("vim large", key("PgDn"))),
    ("page key, bytes, with the outline", 9216, "bytes", ("pizhu large", key("PgDn", "bytes")), None),
    ("page key, bytes, no side pane", 9216, "bytes", ("pizhu without outline", key("PgDn", "bytes")), None),
    ("resize at 100 MB, beside 55 KB", 2, "ms", ("pizhu large", resized), ("vim small", resized)),
    ("to the end of 100 MB, once loaded", 2, "ms", ("pizhu large", key("G")), ("vim large", key("G"))),
    ("whole tree of 100 MB", 150, "MB/s", ("pizhu large", tree), None),
    ("search to the last line, literal", 2, "ms", ("pizhu large", key(FOUND_LITERAL)), ("ripgrep", float)),
    ("search to the last line, folded", 10, "ms", ("pizhu large", key(FOUND)), ("ripgrep", float)),
    ("first hit, folded, 1 MB on", 50, "ms", ("pizhu first hit", float), None),
    ("200 line keys in one burst", 2, "ms", ("pizhu large", key("burst:j")), ("less large", key("burst:j"))),
    ("memory, 55 KB", 12, "MB", ("pizhu glanced at", peak), None),
    ("memory, 100 MB, after all of this", 220, "MB", ("pizhu large", peak), None),
    ("idle, output in a second", 0, "bytes", ("pizhu small", lambda result: result["idle"]["bytes_per_s"]), None),
    ("idle, processor time in a second", 0, "ms", ("pizhu small", lambda result: result["idle"]["cpu_ms_per_s"]), None),
]


def figure(value):
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def report(row, results):
    """A row of the table: name, target, measured, the other program's, ratio, whether it is reached."""
    name, limit, unit, (session, take), other = row
    ours = statistics.median(take(result) for result in results[session])
    asked = f"at most {limit:g} × {other[0].split()[0]}" if other else f"{'at least' if unit == 'MB/s' else 'at most'} {limit:g} {unit}"
    if other is None:
        reached = ours >= limit if unit == "MB/s" else ours <= limit
        return name, asked, f"{figure(ours)} {unit}", "", "", reached
    theirs = statistics.median(other[1](result) for result in results[other[0]])
    return name, asked, f"{figure(ours)} {unit}", f"{figure(theirs)} {unit}", f"{ours / theirs:.2f}", ours <= limit * theirs


HEAD = """# How fast it is

pizhu compared with Debian's less, vim and ripgrep by `benches/compare.py --write`: a terminal of
{size} cells, {cores} cores, warm cache, medians of {runs} rounds. In each round every program is
started again, in turn. Times are from the key to the last byte of its answer. They differ between
machines; the ratios matter. The texts are repeated speeches; the search is for a line at the very
end.

| | target | pizhu | the other | ratio | |
|---|---|---|---|---|---|
"""


def main():
    wanted = [row for row in ROWS if options.only in row[0]]
    needed = {place[0] for row in wanted for place in row[3:] if place}
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(pathlib.Path(folder))
        results = {name: [] for name in needed}
        for round_number in range(runs):
            for name in [name for name in SESSIONS if name in needed]:
                results[name].append(bench.run(*SESSIONS[name]))
            if "ripgrep" in needed:
                results["ripgrep"].append(timed(["rg", "-c", "-F", LAST[0], str(bench.texts["large"])]))
            if "pizhu first hit" in needed:
                results["pizhu first hit"].append(bench.first_hit("pizhu", "large", f"/{NEAR[0]}<Enter>", NEAR[1]))
            print(f"round {round_number + 1} of {runs}", file=sys.stderr)
    table = [report(row, results) for row in wanted]
    for name, asked, ours, theirs, ratio, reached in table:
        print(f"{'  ' if reached else '! '}{name:36} {ours:>12} {theirs:>12} {ratio:>7}   {asked}")
    if options.write:
        lines = (f"| {name} | {asked} | {ours} | {theirs} | {ratio} | {'✓' if reached else ''} |\n" for name, asked, ours, theirs, ratio, reached in table)
        head = HEAD.format(size=SIZE.replace("x", "×"), cores=os.cpu_count(), runs=runs)
        (ROOT / "docs/src/speed.md").write_text(head + "".join(lines))


main()
