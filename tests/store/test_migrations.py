"""Every released layout has a sample file; it is brought up to date, and what it says stays the same."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from barrierfree.store import Store

FILES = Path(__file__).with_name("files")
SAMPLES = sorted(FILES.glob("m*.gpkg"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda p: p.stem)
@pytest.mark.parametrize("read_only", [False, True])
def test_old_files_open(sample: Path, tmp_path: Path, read_only: bool) -> None:
    path = Path(shutil.copyfile(sample, tmp_path / "old.gpkg"))
    before = path.read_bytes()
    with Store.open(path, device="device-a", read_only=read_only) as store:
        assert store.check() == []
        one, two = sorted(store.sites(), key=lambda s: s.name)
        assert (one.name, two.name) == ("光环药房（示例）", "幸福便利店（示例）")
        assert (one.code, two.code) == ("110105016009LS0001", "110105016001LS0001")
        assert (one.district, one.street, one.gone, one.same_as) == ("朝阳区", "双井街道", "", "")
        assert [f.unit for f in store.findings()] == ["示例单位"]
        assert store.info("title") == "测试普查（示例）"
    copies = list(tmp_path.glob("old.before-update-*.gpkg"))
    if read_only:
        assert path.read_bytes() == before
        assert not copies
    else:
        assert len(copies) == 1
        with sqlite3.connect(copies[0]) as sql:
            assert sql.execute("SELECT count(*) FROM _sqlite_migrations").fetchone() == (int(sample.stem[1:]),)
        sql.close()
        with Store.open(path, device="device-a") as store:
            assert store.check() == []


def test_every_released_layout_has_a_sample() -> None:
    from sqlite_utils import Database

    from barrierfree.store.schema import migrations

    names = [m.name for m in migrations.pending(Database(memory=True))]
    assert [name.split("_")[0] for name in names[:-1]] == [p.stem for p in SAMPLES]
