"""Which known sites somebody may mean who types a new one; that it is none of them is asked once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from barrierfree.matching import Place
from barrierfree.operations.similar import add_site, compared, find_similar
from barrierfree.store import Store
from tests.builders import new_site, survey


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with survey(tmp_path / "s.gpkg") as made:
        made.add_sites(
            [
                new_site("a", "幸福便利店（双井店）"),
                new_site("b", "光环药房", lon=116.47),
                new_site("c", "中国邮政", lon=116.48),
            ],
            person="p",
        )
        yield made


def names(store: Store, *values: object) -> list[str]:
    return [s.site.name for s in find_similar(store, Place("", *values))]  # type: ignore[arg-type]


def test_by_place_by_name_or_not_at_all(store: Store) -> None:
    assert names(store, "幸福便利", "", "", "storefront", 116.4601, 39.8901) == ["幸福便利店（双井店）"]
    assert names(store, "幸福便利店") == ["幸福便利店（双井店）"]
    assert names(store, "中国邮政", "", "", "", 116.44, 39.89) == [], "the same name far away is another branch"
    assert names(store, "福") == []
    assert names(store, "老王修车", "", "", "", 116.46, 39.89) == []


def test_words(store: Store) -> None:
    (one,) = find_similar(store, Place("", "幸福便利店", "", "富力", "storefront", 116.4601, 39.89))
    assert one.words[:2] == ("名称相近 93%", "相距 9 米")
    assert "社区不同" in one.words
    assert one.words[-1] == one.site.code
    a, b = store.sites()[:2]
    assert compared(a, b).words[0].startswith("名称相近")


def test_nobody_is_asked_again(store: Store) -> None:
    (one,) = find_similar(store, Place("", "幸福便利店"))
    new = new_site("field|1", "幸福便利店")
    done = add_site(store, new, [one.site.id], reason="新增时确认不是同一点位", person="p")
    assert store.identities().apart(done.added[0], one.site.id)
    assert [d.same for d in store.decisions()] == [False]
    assert store.check() == []
