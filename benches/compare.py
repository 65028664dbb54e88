#!/usr/bin/env python3
"""compare.py - pizhu beside less, vim and ripgrep, in one run, as ratios.

    benches/compare.py [--pizhu target/release/pizhu] [--runs 21] [--write]

Each figure is the median of --runs fresh processes, the programs taking turns. The terminal is
played by termbench.py of the shared folder (or --termbench). The text is made of the real
speeches where they are there, else of the samples; its last line can be searched for. --write
puts the table into docs/speed.md. Needs Python 3.8, less, vim and ripgrep. Run it on an idle
machine: ratios bear load, medians of a starved process do not.
"""
import argparse, json, os, pathlib, statistics, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
MARK = "末行记号甲乙丙"
SIZE = "160x50"
arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("--pizhu", default=str(ROOT / "target/release/pizhu"))
arguments.add_argument("--termbench", default=str(SHARED / "termbench.py"))
arguments.add_argument("--runs", type=int, default=21)
arguments.add_argument("--only", help="rows whose name contains this")
arguments.add_argument("--write", action="store_true")
options = arguments.parse_args()


def text_of(size, path):
    """A text of `size` bytes or a little more, cut at a line's end, with MARK as its last line."""
    speeches = sorted((SHARED / "real-speeches").glob("*.txt")) or sorted((ROOT / "sample-data").glob("*.txt"))
    whole = "\n".join(file.read_text("utf-8", "ignore") for file in speeches) + "\n"
    data, lines = bytearray(), whole.splitlines(keepends=True)
    while len(data) < size:
        for line in lines:
            data += line.encode()
            if len(data) >= size:
                break
    path.write_bytes(bytes(data) + (MARK + "\n").encode())
    return lines[0].strip()[:2]


def measure(command, wait, home, **more):
    call = [sys.executable, options.termbench, "--size", SIZE, "--runs", "1", "--json", "--wait", wait]
    call += ["--env", "LESSCHARSET=utf-8", "--env", f"HOME={home}"]
    for name, value in more.items():
        call += [f"--{name.replace('_', '-')}"] + ([] if value is True else [str(value)])
    done = subprocess.run(call + ["--"] + command, capture_output=True, text=True)
    try:
        return json.loads(done.stdout)
    except ValueError:
        sys.exit(f"termbench failed: {' '.join(command)}\n{done.stderr}")


def key(result, which="last_ms", part="median"):
    found = result["keys"][-1][which]
    return found[part] if isinstance(found, dict) else found


def timed(command):
    begun = time.monotonic()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=False)
    return (time.monotonic() - begun) * 1000


rows = []


def row(name, reach, ours, others, unit="ms", ratio_to=None):
    """Runs the measurements in turns; `ours` and `others` give one figure for each call."""
    if options.only and options.only not in name:
        return
    programs = {"pizhu": ours, **others}
    seen = {program: [] for program in programs}
    for _ in range(options.runs):
        for program, run in programs.items():
            seen[program].append(run())
    medians = {program: statistics.median(figures) for program, figures in seen.items()}
    to = ratio_to or next(iter(others), None)
    ratio = f"{medians['pizhu'] / medians[to]:.2f} × {to}" if to and medians[to] else ""
    shown = ", ".join(f"{program} {figure:.2f}" for program, figure in medians.items())
    rows.append((name, reach, shown + f" {unit}", ratio))
    print(f"{name:44} {shown} {unit}  {ratio}  (asked: {reach})", flush=True)


with tempfile.TemporaryDirectory() as folder:
    folder = pathlib.Path(folder)
    small, large = folder / "55k.txt", folder / "100m.txt"
    head = text_of(55_000, small)
    text_of(100_000_000, large)
    homes = {name: folder / name for name in ("pizhu", "less", "vim")}
    for home in homes.values():
        home.mkdir()

    def program(name, text):
        return {"pizhu": [options.pizhu], "less": ["less"], "vim": ["vim", "-u", "NONE", "-n", "-R"]}[name] + [str(text)]

    def run(name, text, take, **more):
        return lambda: take(measure(program(name, text), more.pop("wait", head), homes[name], **dict(more)))

    # The terminal is known from here on.
    measure(program("pizhu", small), head, homes["pizhu"])

    first = lambda result: result["startup"]["text_ms"]
    for label, text, reach in (("55 KB", small, "1.2 × less"), ("100 MB", large, "3 × less")):
        row(f"first frame, {label}", reach, run("pizhu", text, first), {n: run(n, text, first) for n in ("less", "vim")})
    for label, text in (("55 KB", small), ("100 MB", large)):
        line = dict(pre="j*60", keys="j*100")
        row(f"line key that scrolls, {label}", "2 × less", run("pizhu", text, key, **line), {"less": run("less", text, key, keys="j*100")})
    p99 = lambda result: key(result, part="p99")
    row("line key, 99th percentile", "2 ms", run("pizhu", small, p99, pre="j*60", keys="j*100"), {"less": run("less", small, p99, keys="j*100")})
    size = lambda result: key(result, "bytes")
    row("bytes a line key, with the outline", "4096", run("pizhu", small, size, pre="j*60", keys="j*60"), {}, "bytes")
    row("bytes a line key, without", "600", run("pizhu", small, size, pre="o j*60", keys="j*60"), {"less": run("less", small, size, keys="j*60")}, "bytes")
    row("page key", "1.2 × vim", run("pizhu", large, key, keys="PgDn*40"), {"vim": run("vim", large, key, keys="PgDn*40")})
    row("bytes a page key", "9216", run("pizhu", large, size, pre="o", keys="PgDn*40"), {"vim": run("vim", large, size, keys="PgDn*40")}, "bytes")
    resized = lambda result: result["resize"][-1]["last_ms"]
    row("resize, 100 MB beside vim at 55 KB", "2 × vim", run("pizhu", large, resized, resize="100x40,160x50"), {"vim": run("vim", small, resized, resize="100x40,160x50")})
    to_end = dict(pre="G gg", keys="G")
    row("to the end of 100 MB, once loaded", "2 × vim", run("pizhu", large, key, **to_end), {"vim": run("vim", large, key, **to_end)})
    search = dict(pre="G gg", keys=f"/{MARK}<Enter>", key_timeout=20000, max_wait=20000)
    row("search to the last line of 100 MB", "10 × ripgrep", run("pizhu", large, key, **search), {"ripgrep": lambda: timed(["rg", "-c", MARK, str(large)])})
    burst = dict(pre="j*60", keys="burst:j*200")
    row("200 line keys in one burst", "2 × less", run("pizhu", small, key, **burst), {"less": run("less", small, key, keys="burst:j*200")})
    peak = lambda result: result["rss"]["peak_kb"] / 1024
    row("memory, 55 KB", "12 MB", run("pizhu", small, peak, keys="j*20"), {"less": run("less", small, peak, keys="j*20")}, "MB")
    row("memory, 100 MB", "220 MB", run("pizhu", large, peak, pre="G", keys="gg"), {"vim": run("vim", large, peak, pre="G", keys="gg")}, "MB")
    row("idle, bytes a second", "0", run("pizhu", small, lambda r: r["idle"]["bytes_per_s"], idle=True), {}, "bytes")
    row("idle, processor time a second", "0", run("pizhu", small, lambda r: r["idle"]["cpu_ms_per_s"], idle=True), {})
    outline = lambda: 100_000 / timed([options.pizhu, "outline", "--format", "json", str(large)])
    row("whole tree of 100 MB, as JSON", "150 MB/s", outline, {}, "MB/s")

if options.write:
    cores = os.cpu_count()
    table = "\n".join(f"| {name} | {reach} | {shown} | {ratio} |" for name, reach, shown, ratio in rows)
    (ROOT / "docs/speed.md").write_text(
        f"""# Speed

Made by `benches/compare.py --write`: {SIZE}, {cores} cores, medians of {options.runs} fresh processes taking turns.
Times move from machine to machine; the ratios are what counts.

| | asked | measured | ratio |
|---|---|---|---|
{table}
"""
    )
