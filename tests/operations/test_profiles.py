"""Profiles as files, in the survey and as live rows; the command about them."""

from __future__ import annotations

import base64
import json
import zipfile
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from barrierfree import paths
from barrierfree.cli import main
from barrierfree.errors import BarrierFreeError
from barrierfree.gui.profile_editor.field_words import NAMES, groups_of
from barrierfree.operations import profiles, template_looks
from barrierfree.operations.profile_drafts import of_profile, of_template, on_template
from barrierfree.operations.profile_samples import SAMPLE_VALUES
from barrierfree.operations.surveys import definition_named
from barrierfree.settings import Settings
from barrierfree.store import Store
from barrierfree.workbook import FIELDS, Profile, RowKind, fields_of, profile_text, read_profile
from tests.builders import Clock, inspection, new_site, survey, visit

TITLES = ["点位编号", "名称", "经度", "问题类型", "备注"]


def workbook(path: Path, titles: list[str] = TITLES) -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "表"
    book.active.append(titles)
    book.save(path)
    return path.read_bytes()


def profile(**changes: object) -> Profile:
    columns = [
        {"header": "点位编号", "field": "site_code", "required": True},
        {"header": "名称", "field": "site_name", "max_length": 4},
        {"header": "经度", "field": "lon", "decimals": 4},
        {"header": "问题类型", "field": "problem", "code_table": "问题"},
        {"header": "备注", "expression": "concat(${street}, '（', ${note}, '）')"},
    ]
    given = {
        "name": "t", "title": '题"目\\', "template": "市 模板.xlsx", "sheets": [{"name": "表", "columns": columns}],
        "code_tables": {"问题": {"损坏": "03"}}, "answer": {"code": "编号", "state": "状态", "accepted": ["是"]},
    }  # fmt: skip
    return Profile.model_validate(given | changes)


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    made = survey(tmp_path / "s.gpkg", clock)
    site = made.add_sites([new_site("a")], person="p").ids[0]
    made.submit_visit(visit(site, inspection(0.9)), person="p")
    made.review_visit(made.visits()[0].id, accept=True, person="q")
    return made


def test_every_field_has_a_name_and_an_example() -> None:
    assert set(NAMES) == set(FIELDS) == set(SAMPLE_VALUES)
    for kind in get_args(RowKind):
        assert {field for _, fields in groups_of(kind) for field, _ in fields} == set(fields_of(kind))


@pytest.mark.parametrize("target", ["out", "out.zip"])
def test_out_and_in_again(tmp_path: Path, target: str) -> None:
    template = workbook(tmp_path / "x.xlsx")
    files = profiles.export_profile(profile(), template, tmp_path / target)
    again, found = profiles.import_profile(files[0])
    assert (again, found) == (profile(), template)
    assert profile_text(again) == profile_text(profile())
    if target == "out":
        with pytest.raises(BarrierFreeError, match="已经有"):
            profiles.export_profile(profile(), b"other", tmp_path / target)
        assert (tmp_path / "out" / "市 模板.xlsx").read_bytes() == template
    else:
        profiles.export_profile(profile(title="b"), template, tmp_path / target)
        assert profiles.import_profile(files[0])[0].title == "b"
    assert not list(tmp_path.rglob("*.part"))


def test_what_cannot_be_imported_says_why(tmp_path: Path) -> None:
    text = profile_text(profile())
    bad = {
        "none.toml": None, "encoding.toml": text.encode("gb18030"), "faulty.toml": b"name = ",
        "alone.toml": text.encode(),
        "broken.zip": b"PK\x03\x04", "field.toml": text.replace("site_code", "site_cod").encode(),
    }  # fmt: skip
    for name, content in bad.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(BarrierFreeError) as caught:
            profiles.import_profile(tmp_path / name)
        assert caught.value.advice, name
    for names in ((), ("a.toml", "b.toml"), ("a.toml",)):
        with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
            packed.writestr("note.txt", "")
            for name in names:
                packed.writestr(name, text)
        with pytest.raises(BarrierFreeError, match=r"x\.zip"):
            profiles.import_profile(tmp_path / "x.zip")


def test_live_rows_are_what_a_batch_writes(store: Store, tmp_path: Path) -> None:
    template = workbook(tmp_path / "x.xlsx")
    (sheet,) = profiles.live_rows(store, profile(), template)
    (row,) = sheet.rows
    site = store.sites()[0]
    assert [cell.text for cell in row[:3]] == [site.code, site.name, "116.4600"]
    assert [bool(cell.fault) for cell in row] == [False, True, False, True, False]
    assert row[4].text == "双井街道（）"


def test_two_columns_of_one_title_are_told_apart(store: Store, tmp_path: Path) -> None:
    columns = [{"header": "备注", "field": "grid", "required": True}, {"header": "备注", "field": "site_name"}]
    twice = profile(sheets=[{"columns": columns}], code_tables={})
    (sheet,) = profiles.live_rows(store, twice, workbook(tmp_path / "x.xlsx", ["备注", "备注"]))
    assert [bool(cell.fault) for cell in sheet.rows[0]] == [True, False]


def test_without_accepted_work_values_are_invented(tmp_path: Path, clock: Clock) -> None:
    with survey(tmp_path / "s.gpkg", clock) as bare:
        for kind in get_args(RowKind):
            sheets = [{"rows": kind, "columns": [{"header": "点位编号", "field": "site_code"}]}]
            live = profiles.first_rows(bare, profile(sheets=sheets, code_tables={}))
            assert live.sample == {kind}
            assert {row.code for row in live.rows[kind]} == {"示例"}


def test_only_the_main_file_adopts_and_only_what_can_be_filled(store: Store, tmp_path: Path, clock: Clock) -> None:
    template = workbook(tmp_path / "x.xlsx")
    moved = workbook(tmp_path / "y.xlsx", [*TITLES[1:], TITLES[0]])
    with pytest.raises(BarrierFreeError, match="点位编号"):
        profiles.adopt_profile(store, profile(), moved, person="p")
    store.close()
    with Store.open(tmp_path / "s.gpkg", device="other", clock=clock) as other:
        with pytest.raises(BarrierFreeError, match="总库"):
            profiles.adopt_profile(other, profile(), template, person="p")
        assert other.profiles()[1:] == []


def test_a_draft_gives_the_profile_back(tmp_path: Path) -> None:
    assert of_profile(profile(), workbook(tmp_path / "x.xlsx")).profile() == profile_with_letters(profile())
    shipped = definition_named("shuangjing-sample")
    own = read_profile(shipped.profile)
    assert of_profile(own, base64.b64decode(shipped.template)).profile() == profile_with_letters(own)


def profile_with_letters(given: Profile) -> Profile:
    """The editor always says which letter a column has."""
    sheets = [
        sheet.model_copy(update={"columns": tuple(
            column.model_copy(update={"letter": chr(64 + at) if at <= 26 else "A" + chr(64 + at - 26)})
            for at, column in zip(sheet.places, sheet.columns, strict=True)
        )})
        for sheet in given.sheets
    ]  # fmt: skip
    return given.model_copy(update={"sheets": tuple(sheets)})


def test_another_edition_of_the_template(tmp_path: Path) -> None:
    """A moved column is found by its title, a new one proposed, one that is gone named and not lost."""
    template = workbook(tmp_path / "y.xlsx", ["序号", "名称", "点位编号", "经度", "问题类型"])
    draft = on_template(profile(), template, lambda _field: ())
    told = {c.title: (c.letter, c.source, c.missing) for c in draft.sheets[0].columns}
    assert told == {
        "序号": ("A", "field", False), "名称": ("B", "field", False), "点位编号": ("C", "field", False),
        "经度": ("D", "field", False), "问题类型": ("E", "field", False), "备注": ("E", "expression", True),
    }  # fmt: skip
    assert [fault for _, column, fault in draft.faults() if column and column.missing]
    assert len(list(draft.faults())) == 1


def test_nothing_recognised_is_paired_by_hand(tmp_path: Path) -> None:
    draft = of_template(workbook(tmp_path / "x.xlsx", ["甲甲甲", "乙乙乙"]), "t", lambda _field: ())
    assert [sheet.filled for sheet in draft.sheets] == [True]
    assert [fault for _, _, fault in draft.faults()] == ["还没有一列配上我们的字段。"]


def test_words_meet_their_codes() -> None:
    ours = ("有", "无", "不适用", "应建未建（缺失）", "损坏")
    theirs = ("1-有", "2-无", "3 不适用", "01-应建未建", "其他")
    assert template_looks.proposed_codes(ours, theirs) == {
        "有": "1-有", "无": "2-无", "不适用": "3 不适用", "应建未建（缺失）": "01-应建未建",
    }  # fmt: skip
    assert template_looks.proposed_codes(("达标", "不达标"), ("不达标",)) == {"不达标": "不达标"}


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "s.gpkg")
    with survey(Path(file), device=Settings(paths.user_folders().settings).choices.device) as made_here:
        made_here.add_sites([new_site("a")], person="p")
    workbook(tmp_path / "市.xlsx", ["点位编号", "点位名称", "经度", "网格*"])

    def run(*arguments: str, code: int = 0) -> dict[str, object]:
        capsys.readouterr()
        assert main(["profile", file, *arguments, "--json"]) == code
        out, err = capsys.readouterr()
        return dict(json.loads(out if out.strip() else err))

    assert "没有" in str(run(code=1)["message"])
    made = run("--from-template", str(tmp_path / "市.xlsx"), "--out", str(tmp_path / "new"))
    assert made["sheets"] == [{"name": "表", "rows": "site", "columns": 4}]
    source = str(tmp_path / "new" / "profile.toml")
    assert run("--import", source, "--check")["faults"] == []
    held = workbook(tmp_path / "new" / "市.xlsx", ["点位名称", "点位编号", "经度", "网格*"])
    assert "点位编号" in str(run("--import", source, "--check", code=1)["faults"])
    assert run("--import", source, "--by", "示例甲", code=1)["advice"]
    assert held != workbook(tmp_path / "new" / "市.xlsx", ["点位编号", "点位名称", "经度", "网格*"])
    assert run("--import", source, code=1)["advice"]
    assert run("--import", source, "--by", "示例甲")["adopted"]
    assert run()["title"] == "市"
    assert run("--export", str(tmp_path / "o.zip"))["files"] == [str(tmp_path / "o.zip")]
    assert profiles.import_profile(tmp_path / "o.zip")[0] == read_profile(Path(source).read_text(encoding="utf-8"))


def test_proposal_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As the editor proposes: the list's words as codes of ours, no sheet of codes."""
    file = str(tmp_path / "s.gpkg")
    with survey(Path(file)):
        pass
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "问题"
    sheet.append(["问题编号", "判定", "问题描述", "天气"])
    rule = DataValidation(type="list", formula1='"1-达标,2-不达标,3-其他"', sqref="B2:B99")
    sheet.add_data_validation(rule)
    codes = book.create_sheet("代码表")
    for row in (("代码", "名称"), ("1", "缺失"), ("2", "损坏")):
        codes.append(row)
    book.save(tmp_path / "市.xlsx")
    command = ["profile", file, "--json", "--out", str(tmp_path / "new"), "--from-template"]
    capsys.readouterr()
    assert main([*command, str(tmp_path / "市.xlsx")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["name"] for one in told["sheets"]] == ["问题"]
    assert told["unpaired"] == ["天气"]
    made = read_profile((tmp_path / "new" / "profile.toml").read_text(encoding="utf-8"))
    assert made.sheets[0].columns[1].codes == {"达标": "1-达标", "不达标": "2-不达标"}
    workbook(tmp_path / "别的.xlsx", ["甲乙", "丙丁"])
    assert main([*command, str(tmp_path / "别的.xlsx")]) == 1
    assert "甲乙" in capsys.readouterr().err
