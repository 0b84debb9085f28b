"""Printed checklists: what stands on them and in which order, the code, which sites; the paging script is in gui."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import segno

from barrierfree.errors import Cancelled, NotFoundError
from barrierfree.model.definition import Definition
from barrierfree.operations import paper_order, paper_sheets
from barrierfree.operations.paper_order import code_text, paper_mark, paper_parts, read_code
from barrierfree.operations.progress import Progress
from barrierfree.operations.surveys import definition_named, next_round
from barrierfree.report import paper as drawing
from barrierfree.store import SiteFilter, Store
from tests.builders import Clock, new_site


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store.new(tmp_path / "s.gpkg", definition_named("shuangjing-sample"), device="a", clock=Clock())
    made.add_sites([new_site(k, f"店<{k}>（示例）") for k in "abc"], person="p")
    return made


def _drawn(svg: str) -> list[list[bool]]:
    """The modules that a picture of a code shows, quiet zone and all."""
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])  # type: ignore[index]
    shown = [[False] * side for _ in range(side)]
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", svg):
        assert width == back
        for at in range(int(x), int(x) + int(width)):
            shown[int(y)][at] = True
    return shown


def test_the_code_is_drawn_as_the_library_makes_it_with_a_quiet_zone(store: Store) -> None:
    site = store.sites()[0]
    text = code_text(store, site, paper_parts(store.definition(), site, store.checkpoints(site.id)), full=False)
    assert re.fullmatch(r"BF1 [0-9A-Z]{6} 110105016\d{3}LS0001 C[0-9A-F]{4}", text)
    page = paper_sheets.paper_page(store, [site])
    (svg,) = re.findall(r"<svg class=\"qr\".*?</svg>", page, re.DOTALL)
    quiet = 4
    expected = [[bool(m) for m in row] for row in segno.make(text, error="q", micro=False).matrix_iter(border=quiet)]
    assert _drawn(svg) == expected
    assert not any(any(row) for row in expected[:quiet])
    assert quiet == drawing.QUIET_ZONE


def test_core_and_all_questions_in_order_with_the_same_numbers(store: Store) -> None:
    site = store.sites()[0]
    core = re.findall(r'class="number">([\d.]+)<', paper_sheets.paper_page(store, [site]))
    full = re.findall(r'class="number">([\d.]+)<', paper_sheets.paper_page(store, [site], full=True))
    parts = paper_parts(store.definition(), site, store.checkpoints(site.id))
    assert [p.element.code for p in parts] == [
        "accessible_entrance", "wheelchair_ramp", "door", "signage", "low_counter",
    ]  # fmt: skip
    assert set(core) < set(full)
    assert core == [n for n in full if n in core], "the same order"
    asked = {p.numbers()[q.name] for p in parts for q in p.element.questions if q.core and q.kind != "calculate"}
    assert set(core) == asked
    assert full == sorted(full, key=lambda n: [int(x) for x in n.split(".")])


def test_what_a_sheet_says(store: Store) -> None:
    site = store.sites()[0]
    page = paper_sheets.paper_page(store, [site])
    assert "店&lt;a&gt;（示例）" in page
    assert "<a>" not in page
    for text in (site.code, "临街门店", "垂杨柳东里", "广渠路 1 号", ">示例<", "普查人", "≥ 1.20 m", "未开放"):
        assert text in page, text
    assert "仅当 2.2 ＞ 1:12" in page
    assert "选“有”时填下面各项" in page
    assert "http" not in page


def test_an_added_element_comes_last_and_changes_the_mark(store: Store) -> None:
    site = store.sites()[0]
    definition = store.definition()
    before = paper_parts(definition, site, store.checkpoints(site.id))
    store.add_checkpoint(site.id, "wheelchair_ramp", person="p")
    after = paper_parts(definition, site, store.checkpoints(site.id))
    assert [(p.place, p.element.code, p.number) for p in after] == [
        *[(p.place, p.element.code, p.number) for p in before], (6, "wheelchair_ramp", 2),
    ]  # fmt: skip
    assert after[-1].name.endswith(" 2")
    assert paper_mark(after) != paper_mark(before)


def test_codes_are_read_however_they_were_typed(store: Store) -> None:
    read = read_code(" bf1 99x88w 110105016001ls0001 c1a2b ")
    assert read == paper_order.PaperCode("99X88W", "110105016001LS0001", False, "1A2B")
    assert read_code("ＢＦ１　99X88W　ABC F0000") == paper_order.PaperCode("99X88W", "ABC", True, "0000")
    assert read_code("BF1 99X88W ABC") == paper_order.PaperCode("99X88W", "ABC", False, "")
    assert read_code("0012") is None
    assert read_code("110105016001LS0001") is None
    for text in ("BF2 99X88W ABC C0000", "BF1 99X88W", "BF1"):
        with pytest.raises(NotFoundError, match="读不懂"):
            read_code(text)


def test_a_site_without_final_code_is_named_by_its_id(tmp_path: Path, store: Store) -> None:
    store.close()
    with Store.open(tmp_path / "s.gpkg", device="b") as other:
        (added,) = other.add_sites([new_site("d")], person="p").ids
        site = other.site(added)
        assert not site.final_code
        assert f" {site.id} C" in code_text(other, site, (), full=False)


def test_another_round_is_another_survey(tmp_path: Path, store: Store) -> None:
    first = store.survey_mark()
    store.close()
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes((tmp_path / "s.gpkg").read_bytes())
    with Store.open(copy, device="b") as same:
        assert same.survey_mark() == first
    made, _ = next_round(tmp_path / "2.gpkg", tmp_path / "s.gpkg", device="a")
    with made:
        assert made.survey_mark() != first


def test_which_sites(store: Store) -> None:
    codes = [s.code for s in store.sites()]
    found = paper_sheets.sites_for_paper(store, codes=[codes[2], codes[0], codes[2]])
    assert [s.code for s in found] == [codes[2], codes[0]]
    assert len(paper_sheets.sites_for_paper(store, community="垂杨柳东里")) == 3
    assert len(paper_sheets.sites_for_paper(store, wanted=SiteFilter(text="店<b>"))) == 1
    for wrong in ({"codes": ["none"]}, {"community": "没有"}, {}):
        with pytest.raises(NotFoundError):
            paper_sheets.sites_for_paper(store, **wrong)


def test_too_many_and_cancelled(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = Progress(lambda done, _total, _text: progress.cancel() if done == 1 else None)
    with pytest.raises(Cancelled):
        paper_sheets.paper_page(store, store.sites(), progress=progress)
    monkeypatch.setattr(paper_sheets, "MOST", 2)
    with pytest.raises(NotFoundError, match="最多打印 2 个"):
        paper_sheets.sites_for_paper(store, community="垂杨柳东里")


def test_a_site_without_class_still_gets_a_sheet(tmp_path: Path) -> None:
    definition: Definition = definition_named("shuangjing-sample").model_copy(update={"classes": ()})
    with Store.new(tmp_path / "x.gpkg", definition, device="a") as store:
        store.add_sites([new_site("a")], person="p")
        assert "还没有要检查的元素" in paper_sheets.paper_page(store, store.sites())
