#!/usr/bin/env python3
"""Imports a .qdpx, or a .qdc, with QualCoder's own code, without its windows, and compares what it holds then.

    qualcoder.py QUALCODER PROJECT.qdpx ANNOTATIONS.json [CODEBOOK.qdc] [BACK.qdpx]

BACK.qdpx is written by QualCoder's own export of what it has imported.

QUALCODER is a checkout of github.com/ccbogel/QualCoder (or its .git folder). Only Python's own library is
needed: the windows are replaced by objects that do nothing.
"""
import builtins, json, os, re, shutil, sqlite3, subprocess, sys, tempfile, types
from collections import Counter
from pathlib import Path


class Nothing:
    """Stands for a class of Qt: it can be made, called and asked for anything."""

    def __init__(self, *_, **__):
        pass

    def __call__(self, *_, **__):
        return Nothing()

    def __getattr__(self, _):
        return Nothing()

    def __iter__(self):
        return iter(())

    def __bool__(self):
        return False

    def __and__(self, _):
        return self

    __or__ = __and__

    def __invert__(self):
        return self


class NothingType(type):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Nothing()


class Windows(types.ModuleType):
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return NothingType(name, (Nothing,), {}) if name[0].isupper() else Nothing()


class Told(Nothing):
    """QualCoder's message boxes: their words are kept."""

    words = []

    def __init__(self, _, title, text, *__):
        self.words.append(f"{title}: {text}")


def load(source):
    work = Path(tempfile.mkdtemp())
    if (source / "src").is_dir():
        shutil.copytree(source / "src", work / "src")
    else:
        archive = subprocess.run(["git", "--git-dir", source, "archive", "HEAD", "src"], check=True, stdout=subprocess.PIPE).stdout
        subprocess.run(["tar", "-x", "-C", work], input=archive, check=True)
    for name in ["PyQt6", "PyQt6.QtWidgets", "PyQt6.QtCore", "PyQt6.QtGui"]:
        sys.modules[name] = Windows(name)
    for name in ["QtWidgets", "QtCore", "QtGui"]:
        setattr(sys.modules["PyQt6"], name, sys.modules[f"PyQt6.{name}"])
    package = types.ModuleType("qualcoder")
    package.__path__ = [str(work / "src/qualcoder")]
    sys.modules["qualcoder"] = package
    for name in ["GUI", "GUI.ui_dialog_refi_export_endings", "GUI.ui_dialog_colour_selector", "helpers"]:
        sys.modules[f"qualcoder.{name}"] = Windows(f"qualcoder.{name}")
    sys.modules["qualcoder.helpers"].Message = Told
    builtins._ = lambda text: text
    import qualcoder.refi

    return work, qualcoder.refi


def new_project(work):
    """An empty project: the tables that QualCoder makes for one."""
    main = (work / "src/qualcoder/__main__.py").read_text()
    database = sqlite3.connect(":memory:")
    start = main.index("CREATE TABLE project (")
    for found in re.finditer(r'cur\.execute\(\s*((?:"[^"]*"\s*)+)\)', main[start - 60:start + 9000]):
        statement = "".join(re.findall(r'"([^"]*)"', found.group(1)))
        if statement.startswith("CREATE TABLE"):
            database.execute(statement.replace("CREATE TABLE", "CREATE TABLE IF NOT EXISTS"))
    database.execute("insert into project(date, memo) values ('2026-01-01 00:00:00', '')")
    return database


class Log(Nothing):
    def append(self, *_):
        pass


def run(refi, work, path, kind):
    app = types.SimpleNamespace(
        conn=new_project(work), settings={"codername": "default", "directory": "", "ai_enable": "False"}, ai_models=[],
        project_path=tempfile.mkdtemp(), write_config_ini=lambda *_: None, project_events=Nothing(), version="-", project_name="back.qda",
    )
    app.settings |= {"fontsize": 10, "font": ""}
    keys = ["anid", "fid", "pos0", "pos1", "memo", "owner", "date"]
    app.get_annotations = lambda: [dict(zip(keys, row)) for row in app.conn.execute("select anid, fid, pos0, pos1, memo, owner, date from annotation")]
    (Path(app.project_path) / "documents").mkdir()
    importer = refi.RefiImport.__new__(refi.RefiImport)
    dialog = sys.modules["PyQt6"].QtWidgets
    copy = Path(tempfile.mkdtemp()) / Path(path).name
    shutil.copy(path, copy)
    dialog.QFileDialog = type("QFileDialog", (), {"getOpenFileName": staticmethod(lambda *_, **__: (str(copy), True)), "Option": Nothing()})
    refi.RefiImport.__init__(importer, app, Log(), kind)
    return app


source, project, annotations, *codebook = map(Path, sys.argv[1:])
work, refi = load(source)
app = run(refi, work, project, "qdpx")
rows = lambda query: app.conn.execute(query).fetchall()
want = [a for a in json.loads(annotations.read_text())["annotations"] if a["start"] is not None]
failures = []


def compare(what, wanted, found):
    wanted, found = Counter(wanted), Counter(found)
    lost, added = sum((wanted - found).values()), sum((found - wanted).values())
    print(f"QualCoder: {sum(found.values())} {what}, {lost} lost, {added} more")
    if lost or added:
        failures.append(f"{what}: first lost {next(iter(wanted - found), None)!r}, first more {next(iter(found - wanted), None)!r}")


texts = dict(rows("select id, fulltext from source"))
coded = rows("select code_name.name, fid, pos0, pos1, seltext, code_text.owner, code_text.memo from code_text left join code_name using (cid)")
# QualCoder keeps one coding of a place by a code and a coder.
tagged = {(tag, a["quote"], a["author"], a["document"], a["start"]): a["note"] for a in want for tag in a["tags"]}
compare("codings", [key[:3] for key in tagged], [(name, quote, owner) for name, _, _, _, quote, owner, _ in coded])
assert all(texts[fid][start:end] == quote for _, fid, start, end, quote, _, _ in coded)
noted = [(a["quote"], a["note"], a["author"]) for a in want if a["note"] and not a["tags"]]
found = rows("select fid, pos0, pos1, memo, owner from annotation")
compare("notes without a code", noted, [(texts[fid][int(start):int(end)], memo, owner) for fid, start, end, memo, owner in found])
print(f"QualCoder: {len(texts)} texts")
files = list((Path(app.project_path) / "documents").iterdir())
if len(files) != len(texts):
    failures.append(f"{len(files)} files for {len(texts)} texts")
codes = rows("select name, color, memo, supercid, catid from code_name")
print(f"QualCoder: {len(codes)} codes, {sum(code[3] is not None for code in codes)} below others, {len(set(code[1] for code in codes))} colours,",
      f"{len(rows('select * from journal'))} journal entries, {len(rows('select * from attribute'))} attributes, {len(rows('select * from cases'))} cases")
back = [path for path in codebook if path.suffix == ".qdpx"]
codebook = [path for path in codebook if path.suffix == ".qdc"]
if back:
    home, folder = tempfile.mkdtemp(), tempfile.mkdtemp()
    (Path(home) / ".qualcoder").mkdir()
    os.environ["HOME"] = home
    sys.modules["PyQt6"].QtWidgets.QFileDialog = type("QFileDialog", (), {"getExistingDirectory": staticmethod(lambda *_, **__: folder), "Option": Nothing()})
    refi.RefiExport(app, Log(), "project")
    shutil.copy(Path(folder) / "back.qdpx", back[0])
    print(f"QualCoder: exported {len(coded)} codings again")
if codebook:
    app = run(refi, work, codebook[0], "qdc")
    alone = app.conn.execute("select name, supercid is null from code_name").fetchall()
    compare("codes of the .qdc", [(name, above is None) for name, _, _, above, _ in codes], [(name, bool(top)) for name, top in alone])
for words in Told.words:
    if "error" in words.lower() or "exists" in words.lower():
        failures.append(words)
for failure in failures:
    print("  ", failure)
sys.exit(bool(failures))
