"""Reading a definition folder: the shipped sample, and all faults of a bad one at once."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from shapely.geometry import box, shape

from barrierfree import paths
from barrierfree.checklists import read_definition
from barrierfree.errors import DefinitionError

SAMPLE = paths.definitions() / "shuangjing-sample"


def test_the_sample() -> None:
    definition = read_definition(SAMPLE)
    assert definition.name == SAMPLE.name
    assert definition.sample
    assert "示例" in definition.title.zh
    assert (definition.area.code, definition.area.street) == ("110105016", "双井街道")
    assert len(definition.area.communities) == 18
    for number, community in enumerate(definition.area.communities):
        assert community.code == f"110105016{1 + number:03d}"
        assert community.older_code == f"110105016{59 + number:03d}"
    assert definition.profile
    assert definition.template


def test_the_classes_of_the_sample() -> None:
    definition = read_definition(SAMPLE)
    codes = [c.code for c in definition.classes]
    counts = definition.generator["counts"]
    assert sorted(counts) == sorted(codes)
    assert sum(counts.values()) == 1412
    assert counts["storefront"] == max(counts.values())
    assert (counts["residents_committee"], counts["warm_home"]) == (18, 2)
    words = {w: c.code for c in definition.classes for w in c.words}
    for word in ("美食", "餐饮", "购物", "生活服务", "丽人"):
        assert words[word] == "storefront"
    assert words["公厕"] == "public_toilet"
    assert all(len(c.letters) == 2 and c.label.en for c in definition.classes)


def test_the_outline_of_the_sample_is_rough_and_says_so() -> None:
    area = read_definition(SAMPLE).area
    outline = shape(area.outline)
    assert outline.is_valid
    assert box(116.438, 39.883, 116.484, 39.903).contains(outline)
    assert 12 <= len(outline.exterior.coords) - 1 <= 20
    assert "示意" in area.outline_note.zh
    assert "示意" in (SAMPLE / "boundary.geojson").read_text(encoding="utf-8")


def test_all_faults_of_a_folder_at_once(tmp_path: Path) -> None:
    shutil.copy(SAMPLE / "checklist.xlsx", tmp_path / "checklist.xlsx")
    (tmp_path / "boundary.geojson").write_text(json.dumps({"type": "Point", "coordinates": [1, 2]}))
    (tmp_path / "definition.toml").write_text(
        """
        sample = true
        [title]
        en = "only English"
        [files]
        profile = "nowhere.toml"
        [area]
        code = "1"
        [[classes]]
        code = "shop"
        letters = "S"
        label = { zh = "店" }
        elements = ["door", "escalator"]
        words = ["店"]
        [[classes]]
        code = "shop"
        letters = "XY"
        label = { zh = "铺" }
        elements = []
        words = ["店"]
        """,
        encoding="utf-8",
    )
    with pytest.raises(DefinitionError) as error:
        read_definition(tmp_path)
    for words in (
        "没有写 name", "title.zh", "nowhere.toml", "area.city", "area.communities", "letters 不是", "escalator",
        "code“shop”出现了 2 次", "words“店”出现了 2 次", "boundary.geojson",
    ):  # fmt: skip
        assert words in error.value.message


@pytest.mark.parametrize(
    "content", [b"name = ", b"\xff\xfe\x00", b"name = 'x'\narea = 3\ntitle = []\nclasses = 'a'\n", b""]
)
def test_a_definition_that_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "definition.toml").write_bytes(content)
    with pytest.raises(DefinitionError) as error:
        read_definition(tmp_path)
    assert error.value.advice


def test_no_definition(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError):
        read_definition(tmp_path)
    with pytest.raises(DefinitionError):
        read_definition(tmp_path / "absent")
