"""Reading checklists: the shipped one, faulty ones with all their faults at once, real forms of other people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pyxform import xls2xform

from barrierfree import paths
from barrierfree.checklists import checklist_hash, read_checklist
from barrierfree.errors import DefinitionError
from barrierfree.model.definition import Checklist
from barrierfree.model.words import Force, SourceMark
from tests.checklists.workbooks import good_choices, good_survey, question, rule, write

SHIPPED = paths.definitions() / "shuangjing-sample" / "checklist.xlsx"


def _refused(path: Path) -> list[str]:
    with pytest.raises(DefinitionError) as error:
        read_checklist(path)
    assert error.value.advice
    return error.value.message.splitlines()[1:]


def test_the_shipped_checklist_converts_with_pyxform() -> None:
    converted = xls2xform.convert(str(SHIPPED), validate=False)
    assert converted.warnings == []
    assert "element_wheelchair_ramp" in converted.xform


def test_the_shipped_checklist() -> None:
    checklist = read_checklist(SHIPPED)
    assert len(checklist.elements) == 18
    for element in checklist.elements:
        assert element.label.en
        first = element.questions[0]
        assert (first.name, first.kind, first.required, first.core) == ("present", "select_one", True, True)
        assert [c.name for c in first.choices] == ["yes", "no", "na"]
        assert 1 <= sum(q.core for q in element.questions) <= 6
        for asked in element.questions:
            assert asked.name.replace("_", "a").isalnum()
            assert asked.name == asked.name.lower()
            assert asked.label.en
            if asked.quantity == "slope":
                assert (asked.kind, asked.unit) == ("text", "")
    assert len({r.id for r in checklist.rules}) == len(checklist.rules) >= 190


def test_every_row_of_the_domain_facts_has_a_rule() -> None:
    ids = {r.id for r in read_checklist(SHIPPED).rules}
    rows = {"CR": 12, "TP": 10, "WR": 12, "EN": 8, "DR": 13, "RT": 8, "HR": 8, "ST": 7, "LF": 9, "WC": 12,
            "PK": 8, "LC": 6, "SE": 3, "SG": 7, "AS": 3, "BS": 2, "FB": 3, "CW": 1}  # fmt: skip
    missing = [f"{k}-{n:02d}" for k, most in rows.items() for n in range(1, most + 1) if f"{k}-{n:02d}" not in ids]
    assert missing == []


def test_a_good_checklist(tmp_path: Path) -> None:
    checklist = read_checklist(write(tmp_path / "a.xlsx"))
    (door,) = checklist.elements
    assert (door.code, door.label.zh) == ("door", "题 element_door")
    assert [q.name for q in door.questions] == ["present", "width", "bevel", "count", "marks", "twice"]
    width, bevel = door.questions[1], door.questions[2]
    assert width.relevant == "(${present} = 'yes')"
    assert (width.quantity, width.unit, width.resolution) == ("length_mm", "mm", 5.0)
    assert bevel.relevant == "(${present} = 'yes') and (${width} > 100)"
    assert door.questions[0].required
    assert door.questions[0].core
    (only,) = checklist.rules
    assert (only.value, only.force, only.mark) == (900.0, Force.MANDATORY, SourceMark.SECONDARY)
    assert checklist.title.zh == "试"


def test_slopes_in_rules(tmp_path: Path) -> None:
    rules = [
        rule(id="A", question="bevel", comparison="<=", value="1:12", unit=""),
        rule(id="B", question="bevel", value=0.1, unit=""),
    ]
    checklist = read_checklist(write(tmp_path / "a.xlsx", rules=rules))
    assert [r.value for r in checklist.rules] == [1 / 12, 0.1]


def test_the_hash_hangs_on_the_content_alone(tmp_path: Path) -> None:
    first = read_checklist(write(tmp_path / "a.xlsx"))
    again = read_checklist(write(tmp_path / "b.xlsx"))
    other = read_checklist(write(tmp_path / "c.xlsx", rules=[rule(value=901)]))
    assert checklist_hash(first) == checklist_hash(again) != checklist_hash(other)
    assert len(checklist_hash(first)) == 64
    assert checklist_hash(Checklist.model_validate_json(first.model_dump_json())) == checklist_hash(first)


SURVEY_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    (question("select_one nowhere", "q1"), "type", "nowhere"),
    (question("decimal", "door__width"), "name", "width"),
    (question("decimal", "q2", relevant="${present} = "), "relevant", "结束"),
    (question("decimal", "q3", constraint="look-up('a')"), "constraint", "look-up"),
    (question("calculate", "q4", calculation="${nobody} + 1"), "calculation", "nobody"),
    (question("matrix", "q5"), "type", "matrix"),
    (question("range", "q6", parameters="start=5 end=1"), "parameters", "start=1"),
    (question("select_one_from_file a.csv", "q7"), "type", "a.csv"),
    (question("text", "宽度"), "name", "宽度"),
    (question("decimal", "q8", bf_quantity="weight"), "bf_quantity", "weight"),
    (question("decimal", "q9", bf_quantity="length_m", bf_unit="cm"), "bf_unit", "cm"),
    (question("text", "q10", bf_quantity="length_m"), "bf_quantity", "decimal"),
    (question("decimal", "q11", bf_soft_min="wide"), "bf_soft_min", "wide"),
    (question("decimal", "q12", bf_level="half"), "bf_level", "half"),
    (question("decimal", "q13", required="maybe"), "required", "maybe"),
    (question("decimal", "q21", required="${nobody} = 'yes'"), "required", "nobody"),
    (question("integer", "q14", default="many"), "default", "many"),
    (question("select_one presence", "q15", default="sometimes"), "default", "sometimes"),
    (question("select_one presence", "q16", choice_filter="a = 1"), "choice_filter", "没有“a”列"),
    (question("select_one presence", "q19", choice_filter="name = ${nobody}"), "choice_filter", "nobody"),
    (question("select_one presence", "q20", choice_filter="name = pick("), "choice_filter", "pick"),
    ({"type": "text", "name": "q17"}, "label", "q17"),
    ({"name": "q18", "label::中文 (zh)": "题"}, "type", "题型"),
    (question("begin_repeat", "element_inner"), "name", "element_inner"),
]


def test_all_faults_of_the_survey_at_once(tmp_path: Path) -> None:
    inside = good_survey()[:-1]
    bad = [dict(row) for row, _, _ in SURVEY_FAULTS]
    path = write(tmp_path / "a.xlsx", survey=[*inside, *bad, {"type": "end_repeat"}, {"type": "end_repeat"}])
    lines = _refused(path)
    assert len(lines) == len(SURVEY_FAULTS)
    for number, (_, column, words) in enumerate(SURVEY_FAULTS, start=2 + len(inside)):
        found = [line for line in lines if f"第 {number} 行" in line]
        assert len(found) == 1, (number, column, lines)
        assert "工作表 survey" in found[0]
        assert f"“{column}”列" in found[0]
        assert words in found[0]
        assert "改法：" in found[0]


RULE_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"element": "gate"}, "element", "gate"),
    ({"question": "height"}, "question", "height"),
    ({"unit": "cm"}, "unit", "cm"),
    ({"question": "present", "comparison": "is", "choice": "perhaps"}, "choice", "yes、no"),
    ({"question": "present", "comparison": "is"}, "choice", "没有填写"),
    ({"question": "present", "unit": None}, "comparison", "选择题"),
    ({"comparison": "is", "choice": "wide"}, "comparison", "数字题"),
    ({"problem": "ugly"}, "problem", "ugly"),
    ({"comparison": "about"}, "comparison", "about"),
    ({"value": "wide"}, "value", "wide"),
    ({"value": None}, "value", "没有填写"),
    ({"comparison": "between"}, "upper", "没有填写"),
    ({"comparison": "between", "upper": 800}, "upper", "上限"),
    ({"applies_when": "${nobody} = 1"}, "applies_when", "nobody"),
    ({"exception_when": "sometimes()"}, "exception_when", "sometimes"),
    ({"scope": "old"}, "scope", "old"),
    ({"concerns": "wheelchair dogs"}, "concerns", "dogs"),
    ({"force": "must"}, "force", "must"),
    ({"mark": "sure"}, "mark", "sure"),
    ({"clause": None}, "clause", "没有填写"),
    ({"label::中文 (zh)": None}, "label", "没有填写"),
    ({"id": "GOOD"}, "id", "GOOD"),
]


def test_all_faults_of_the_rules_at_once(tmp_path: Path) -> None:
    rules = [rule(id="GOOD"), *(rule(**{"id": f"R-{n}", **bad}) for n, (bad, _, _) in enumerate(RULE_FAULTS))]
    lines = _refused(write(tmp_path / "a.xlsx", rules=rules))
    assert len(lines) == len(RULE_FAULTS)
    for line, (number, (_, column, words)) in zip(lines, enumerate(RULE_FAULTS, start=3), strict=True):
        assert f"工作表 rules 第 {number} 行 “{column}”列" in line
        assert words in line


def test_faults_of_all_sheets_come_together(tmp_path: Path) -> None:
    choices = [
        *good_choices(),
        {"list_name": "marks", "name": "a", "label::中文 (zh)": "又"},
        {"list_name": "marks", "name": "c"},
    ]
    survey = [
        *good_survey()[:-1],
        question("decimal", "q", relevant="${r} = 1"),
        question("decimal", "r", relevant="${q} = 1"),
    ]
    lines = _refused(
        write(
            tmp_path / "a.xlsx", survey=survey, choices=choices, rules=[rule(force="?")], settings=[],
            leave_out=("rules.note", "choices.label::English (en)"),
        )
    )  # fmt: skip
    text = "\n".join(lines)
    for words in (
        "“note”列",
        "没有写标题",
        "已有“a”",
        "choices 第 7 行 “label”列",
        "没有结束",
        "互相依赖：q → r → q",
        "“force”列",
    ):
        assert words in text
    assert len(lines) == 7


@pytest.mark.parametrize("sheet", ["survey", "choices", "settings", "rules"])
def test_a_missing_sheet(tmp_path: Path, sheet: str) -> None:
    assert any(
        f"工作表 {sheet}：没有这张工作表" in line for line in _refused(write(tmp_path / "a.xlsx", leave_out=(sheet,)))
    )


def test_what_is_no_workbook(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    for content in (b"", b"PK\x03\x04 not a zip", b"type,name,label\n", SHIPPED.read_bytes()[:20_000]):
        broken.write_bytes(content)
        with pytest.raises(DefinitionError) as error:
            read_checklist(broken)
        assert "broken.xlsx" in error.value.message
    with pytest.raises(DefinitionError) as error:
        read_checklist(tmp_path / "absent.xlsx")
    assert "没有检查表文件" in error.value.message
    with pytest.raises(DefinitionError):
        read_checklist(tmp_path)
