#!/usr/bin/env python3
"""Lay out the texts of the development corpus.

    fetch.py [--git OWNER+NAME=DIR ...] [--mirror FOLDER ...] [--out target/corpus] [NAME ...]

The texts are public files of other repositories and are not kept here. `recipe/NAME.json` says where
each stands (repository, path, commit), how it is cut out of the file, and the sha256 of what is cut;
`no_speech/NAME.json` says the same of the texts that are no speeches. All are laid out in one folder.
The repositories are read from local git directories, bare or not: either named one by one with --git,
or found under a folder as OWNER+NAME, OWNER+NAME.git, OWNER/NAME or with /repo or /.git behind it.
Exits 1 when a text cannot be had or its sha256 differs; what was laid out before is left alone.

"cut" is "whole", {"lines": [from, to]} (1-based, both included, lines end with LF) or
{"bytes": [from, to]} (0-based, end excluded).
"""
import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def git(directory, *arguments):
    """Output of a git command on a git directory that may belong to another user."""
    environment = dict(os.environ, GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="safe.directory", GIT_CONFIG_VALUE_0="*")
    command = ["git", f"--git-dir={directory}", *arguments]
    return subprocess.run(command, capture_output=True, env=environment, check=True).stdout


def find(repository, named, folders):
    """The git directory of OWNER/NAME, or None."""
    owner, name = repository.split("/", 1)
    if f"{owner}+{name}" in named:
        roots = [named[f"{owner}+{name}"]]
    else:
        roots = [Path(f) / r for f in folders for r in (f"{owner}+{name}", f"{owner}+{name}.git", f"{owner}/{name}", f"{owner}/{name}.git")]
    for root in roots:
        for directory in (root / "repo" / ".git", root / "repo", root / ".git", root):
            if (directory / "objects").is_dir():
                return directory
    return None


def cut_out(content, cut):
    """The part of a file that is the text."""
    if cut == "whole":
        return content
    if "bytes" in cut:
        start, end = cut["bytes"]
        return content[start:end]
    first, last = cut["lines"]
    return b"".join(line + b"\n" for line in content.split(b"\n")[first - 1 : last])


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--git", action="append", default=[], metavar="OWNER+NAME=DIR", help="a git directory")
    args.add_argument("--mirror", action="append", default=[], metavar="FOLDER", help="a folder that holds git directories")
    args.add_argument("--out", type=Path, default=Path("target/corpus"))
    args.add_argument("names", nargs="*", help="only these texts")
    args = args.parse_args()
    named = {key: Path(value) for key, _, value in (pair.partition("=") for pair in args.git)}
    args.out.mkdir(parents=True, exist_ok=True)
    missing = 0
    recipes = [path for folder in ("recipe", "no_speech") for path in sorted((HERE / folder).glob("*.json"))]
    recipes = [path for path in recipes if not args.names or path.stem in args.names]
    for recipe in recipes:
        what = json.loads(recipe.read_text(encoding="utf-8"))
        target = args.out / f"{what['name']}.{what['format']}"
        if target.exists() and hashlib.sha256(target.read_bytes()).hexdigest() == what["sha256"]:
            continue
        directory = find(what["repository"], named, args.mirror)
        if directory is None:
            print(f"{what['name']}: no git directory for {what['repository']}", file=sys.stderr)
            missing += 1
            continue
        try:
            text = cut_out(git(directory, "cat-file", "blob", f"{what['commit']}:{what['path']}"), what["cut"])
        except subprocess.CalledProcessError as error:
            print(f"{what['name']}: {error.stderr.decode(errors='replace').strip()}", file=sys.stderr)
            missing += 1
            continue
        if hashlib.sha256(text).hexdigest() != what["sha256"]:
            print(f"{what['name']}: sha256 differs", file=sys.stderr)
            missing += 1
            continue
        target.write_bytes(text)
    print(f"{len(recipes)} texts, {missing} missing")
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
