"""Tests of the package as installed, on texts made up for them and on the project's sample speeches."""

import copy
import json
import os
import pickle
import subprocess
import threading
from pathlib import Path

import pizhu
import pytest

TEXT = "在青禾县会议上的讲话\n\n（2031年3月1日）\n\n同志们：\n\n一、总体要求\n\n（一）把方向\n\n要稳。\n\n（二）抓落实\n\n要实。\n\n二、保障措施\n\n要严。\n"
ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "sample-data"
PROGRAMS = [os.environ.get("PIZHU_PROGRAM"), ROOT / "target/debug/pizhu", ROOT / "target/release/pizhu"]
PROGRAM = next((str(path) for path in PROGRAMS if path and Path(path).is_file()), None)


def test_outline_gives_the_tree():
    speech = pizhu.outline(TEXT)
    assert (speech.title, speech.date, speech.boilerplate, len(speech)) == ("在青禾县会议上的讲话", "2031-03-01", [], 4)
    assert [(s.path, s.level, s.kind, s.number, s.title) for s in speech.sections] == [
        ("一、", 1, "pause", 1, "总体要求"),
        ("一、/（一）", 2, "paren", 1, "把方向"),
        ("一、/（二）", 2, "paren", 2, "抓落实"),
        ("二、", 1, "pause", 2, "保障措施"),
    ]
    assert [s.path for s in speech.children] == ["一、", "二、"]
    first = speech.children[0]
    assert first.parent is None and [s.title for s in first.children] == ["把方向", "抓落实"]
    assert first.children[1].parent.path == "一、"
    assert speech.find("一/(二)").title == "抓落实"
    with pytest.raises(KeyError):
        speech.find("九、")


def test_offsets_are_those_of_slices():
    speech = pizhu.outline(TEXT)
    assert speech.text is TEXT
    for section in speech.sections:
        assert speech.text[section.start :].startswith(section.marker)
        start, end = section.heading
        assert speech.text[start:end] == section.marker + section.title
    assert TEXT[speech.find("一、").end :].startswith("二、")


@pytest.mark.parametrize("change", [lambda text: text.replace("\n", "\r\n"), lambda text: text.replace("\n", "\r"), lambda text: "\ufeff" + text])
def test_line_ends_and_marks_are_normalized(change):
    speech = pizhu.outline(change(TEXT))
    assert speech.text == TEXT
    assert [s.path for s in speech.sections] == [s.path for s in pizhu.outline(TEXT).sections]


def test_what_is_no_text_is_taken_or_refused():
    assert len(pizhu.outline("")) == 0
    speech = pizhu.outline("\ud800" + TEXT)
    assert len(speech.text) == len(TEXT) + 1 and len(speech) == 4
    assert "\U00020000" in pizhu.clean("𠀀字。\n")
    with pytest.raises(TypeError):
        pizhu.outline(TEXT.encode())


@pytest.mark.parametrize("middle", ["", "\uFEFF", "\U00020000", "甲\r\n乙", "\ud800"])
def test_long_texts_are_the_same_as_their_pieces_in_one(middle):
    """Texts are converted in pieces of 16,384 characters; whatever stands at their ends stays the same."""
    lead = "一、抓落实\n"
    text = lead + "要" * (16_384 - len(lead)) + middle + "好。\n二、抓组织\n" + "干" * 40_000 + "。\n"
    whole = text.replace("\r\n", "\n").replace("\ud800", "\ufffd")
    found = pizhu.outline(text)
    assert found.text == whole
    assert [(section.marker, whole[section.heading[0] : section.heading[1]]) for section in found.sections] == [
        ("一、", "一、抓落实"),
        ("二、", "二、抓组织"),
    ]
    assert found.sections[-1].end == len(whole.rstrip()) or found.sections[-1].end == len(whole)


def test_clean_is_a_paragraph_a_line():
    line = "今年的任务比往年更重，时间也比往年更紧，各镇各部门要把责任扛在肩上，把"
    broken = f"同志们：\n{line}\n{line}\n措施落到实处。\n"
    assert pizhu.clean(broken) == f"同志们：\n{line}{line}措施落到实处。\n"
    start = len("同志们：\n")
    assert pizhu.outline(broken).clean(start, start + len(line) + 3) == line + line[:2]


def test_markdown_only_where_it_is_said():
    text = "# 讲话\n\n## 总体要求\n\n要稳。\n\n## 保障措施\n\n要实。\n"
    assert [s.title for s in pizhu.outline(text, markdown=True).sections] == ["总体要求", "保障措施"]
    assert len(pizhu.outline(text + "\n正文。\n", markdown=False)) in (0, 2)


def test_sections_of_many_speeches_in_one_table():
    table = pizhu.sections([TEXT, "", TEXT], ids=["甲", "乙", "丙"])
    columns = table.columns()
    assert len(table) == 8 and columns["document"] == ["甲"] * 4 + ["丙"] * 4
    assert columns["parent"] == [None, "一、", "一、", None] * 2
    assert list(table.rows())[1]["path"] == "一、/（一）"
    assert pizhu.sections([TEXT]).columns()["document"] == ["0"] * 4
    for ids in (["甲"], ["甲", "乙", "丙"]):
        with pytest.raises(ValueError):
            pizhu.sections([TEXT, TEXT], ids=ids)


def test_pandas_and_arrow_hold_the_same_rows():
    pandas, pyarrow = pytest.importorskip("pandas"), pytest.importorskip("pyarrow")
    table = pizhu.sections([TEXT, TEXT.replace("要稳。", "要稳𠀀。")], ids=[1, 2])
    arrow = table.to_arrow()
    arrow.validate(full=True)
    assert arrow.to_pydict() == table.columns()
    frame = table.to_pandas()
    assert isinstance(frame, pandas.DataFrame) and frame.shape == (8, len(table.columns()))
    assert list(frame["title"]) == arrow["title"].to_pylist()
    assert isinstance(arrow, pyarrow.Table) and pizhu.sections([]).to_arrow().num_rows == 0


def test_samples_in_threads_as_one_after_the_other():
    texts = [path.read_text("utf-8") for path in sorted(SAMPLES.rglob("*.txt")) if not is_other_encoding(path)]
    assert texts, "the project's samples"
    alone = [[(s.path, s.start, s.end) for s in pizhu.outline(text).sections] for text in texts]
    together = [None] * len(texts)

    def work(index):
        together[index] = [(s.path, s.start, s.end) for s in pizhu.outline(texts[index]).sections]

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone and any(alone)
    for text, sections in zip(texts, alone):
        assert all(0 <= start < end <= len(text) for _, start, end in sections)


def is_other_encoding(path):
    try:
        path.read_text("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def test_dict_has_the_shape_of_the_commands_json():
    report = pizhu.outline(TEXT).to_dict()
    assert list(report) == ["version", "title", "date", "front", "boilerplate", "sections"]
    first, second = report["sections"]
    assert (first["path"], [child["path"] for child in first["children"]]) == ("一、", ["一、/（一）", "一、/（二）"])
    assert (second["span"], second["children"]) == ({"start": TEXT.index("二、"), "end": len(TEXT)}, [])
    assert "restored" not in first and 0 < first["confidence"] <= 1


def test_front_matter_and_confidence():
    speech = pizhu.outline("在青禾县会议上的讲话\n\n县长  李青禾\n\n（2031年3月1日）\n\n同志们：\n\n一、总体要求\n\n要稳。\n\n二、保障措施\n\n要实。\n")
    assert speech.front["subtitle"] is None and set(speech.front) >= {"speaker", "office", "place", "signature"}
    speaker = speech.front["speaker"]
    assert speaker["text"] == "李青禾" == speech.text[speaker["start"] : speaker["end"]]
    chances = [section.confidence for section in speech.sections]
    assert all(isinstance(chance, float) and 0 < chance <= 1 for chance in chances)
    assert pizhu.SectionTable.of(speech).columns()["confidence"] == chances


@pytest.mark.skipif(PROGRAM is None, reason="the program is not built")
def test_dict_equals_the_commands_json():
    compared = 0
    for path in [path for path in sorted(SAMPLES.glob("*.txt")) + sorted(SAMPLES.glob("*.md")) if not is_other_encoding(path)]:
        run = subprocess.run([PROGRAM, "outline", path, "--format", "json", "--state", "none"], capture_output=True, check=True)
        outline = pizhu.outline(path.read_bytes().decode("utf-8"), markdown=path.suffix == ".md")
        assert outline.to_dict() == json.loads(run.stdout), path
        compared += 1
    assert compared >= 5


def test_lone_surrogates_are_one_replacement_character_each():
    speech = pizhu.outline("一、甲\ud83d\n话。\n二、\udc00乙\n话。\n")
    assert [section.title for section in speech.sections] == ["甲\ufffd", "\ufffd乙"]
    assert speech.text[speech.sections[1].start :] == "二、\ufffd乙\n话。\n"
    # Two halves that were decoded apart are one character.
    assert pizhu.clean("好\ud83d\ude00。") == "好\U0001f600。\n"


def test_a_text_that_is_none_is_named():
    with pytest.raises(TypeError, match=r"texts\[1\] must be str, not .*NoneType"):
        pizhu.sections([TEXT, None])


@pytest.mark.parametrize("markdown", [False, True])
def test_outlines_travel_between_processes(markdown):
    speech = pizhu.outline(TEXT + "# 三\n", markdown=markdown)
    again = pickle.loads(pickle.dumps(speech))
    assert again.to_dict() == speech.to_dict()
    assert copy.deepcopy(speech).text == speech.text
