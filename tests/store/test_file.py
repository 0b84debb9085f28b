"""The survey file: a valid GeoPackage that refuses strangers' edits, damaged, foreign and newer files."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from barrierfree.errors import BarrierFreeError, StorageError, SurveyFileError
from barrierfree.model.records import Photo
from barrierfree.store import Store
from barrierfree.store.location import on_network
from tests.builders import inspection, new_site, survey, visit

VALIDATOR = Path("/usr/lib/python3/dist-packages/osgeo_utils/samples/validate_gpkg.py")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "双井示例.gpkg"
    store = survey(path)
    ids = store.add_sites([new_site("a"), new_site("b")], person="p").ids
    made = store.submit_visit(visit(ids[0], inspection(0.9)), person="p")
    store.review_visit(made.visit, accept=True, person="q")
    store.close()
    return path


def test_one_file_after_closing(path: Path) -> None:
    assert [p.name for p in path.parent.iterdir() if p.name.startswith(path.name)] == [path.name]


@pytest.mark.slow
def test_gdal_reads_and_validates(path: Path) -> None:
    if not shutil.which("ogrinfo") or not VALIDATOR.exists():
        pytest.skip("gdal-bin and python3-gdal are not installed")
    listed = subprocess.run(["ogrinfo", "-q", str(path)], capture_output=True, text=True, check=True).stdout
    for layer in ("sites", "checkpoints", "findings"):
        assert f"{layer} (Point)" in listed
    valid = subprocess.run(["/usr/bin/python3", str(VALIDATOR), str(path)], capture_output=True, text=True)
    assert valid.returncode == 0, valid.stdout + valid.stderr
    found = subprocess.run(
        ["ogrinfo", "-q", "-sql", "SELECT site, state FROM findings", str(path)], capture_output=True, text=True
    )
    assert "open" in found.stdout
    edit = subprocess.run(
        ["ogrinfo", "-q", str(path), "-dialect", "sqlite", "-sql", "UPDATE sites SET name = 'x'"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert "derived by barrierfree" in edit.stdout + edit.stderr


def test_other_programs_cannot_edit(path: Path) -> None:
    with sqlite3.connect(path) as other:
        for statement in (
            "UPDATE sites SET name = 'x'", "DELETE FROM findings", "UPDATE checkpoints SET status = 'met'",
            "UPDATE facts SET payload = '{}'", "DELETE FROM facts",
        ):  # fmt: skip
            with pytest.raises(sqlite3.IntegrityError, match=r"barrierfree|facts are added"):
                other.execute(statement)


def test_damaged_files_are_refused_and_left_alone(path: Path, tmp_path: Path) -> None:
    whole = path.read_bytes()
    assert len(whole) > 60_000
    truncated = tmp_path / "truncated.gpkg"
    truncated.write_bytes(whole[: len(whole) // 2])
    flipped = tmp_path / "flipped.gpkg"
    flipped.write_bytes(whole[:100] + bytes(200) + whole[300:])
    empty = tmp_path / "empty.gpkg"
    empty.write_bytes(b"")
    other = tmp_path / "other.gpkg"
    with sqlite3.connect(other) as strange:
        strange.execute("CREATE TABLE t (a)")
    text = tmp_path / "text.gpkg"
    text.write_text("名称,地址\n", encoding="utf-8")
    for faulty in (truncated, flipped, empty, other, text, tmp_path / "absent.gpkg", tmp_path):
        before = faulty.read_bytes() if faulty.is_file() else None
        with pytest.raises(BarrierFreeError) as caught:
            Store.open(faulty, device="d").close()
        assert caught.value.message
        assert caught.value.advice
        if before is not None:
            assert faulty.read_bytes() == before


def test_a_flipped_fact_is_found_by_check(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    at = raw.rfind(b'"clear_width":0.9')
    raw[at + len(b'"clear_width":0.')] = ord("8")
    path.write_bytes(bytes(raw))
    with Store.open(path, device="d") as store:
        assert any("被改动过" in fault for fault in store.check())


def test_newer_file_is_refused(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('barrierfree','m999','')")
    with pytest.raises(SurveyFileError, match="更新版本"):
        Store.open(path, device="d")


def test_copy_before_a_migration(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlite_utils import Migrations

    from barrierfree.store import schema

    later = Migrations("barrierfree")
    later._migrations = [*schema.migrations._migrations]
    later(name="m002_test")(lambda db: db.conn.execute("CREATE TABLE later (a)"))
    monkeypatch.setattr(schema, "migrations", later)
    with Store.open(path, device="d") as store:
        assert store.sites()
    copies = list(path.parent.glob("*before-update*"))
    assert len(copies) == 1
    monkeypatch.undo()
    with Store.open(copies[0], device="d") as old:
        assert len(old.sites()) == 2
    with pytest.raises(SurveyFileError):
        Store.open(path, device="d")


def test_missing_photos_folder_is_said(path: Path) -> None:
    with Store.open(path, device="d") as store:
        store.add_photos([Photo(sha256="ab", suffix=".jpg", width=1, height=1)], person="p")
    with Store.open(path, device="d") as again:
        assert "照片文件夹" in again.warnings[0]


def test_photo_file_before_row(path: Path) -> None:
    with Store.open(path, device="d") as store:
        kept = store.keep_photo_file("ab", ".jpg", b"picture")
        assert kept.read_bytes() == b"picture"
        assert kept.parent == path.with_suffix(".photos")


def test_unwritable_folder(path: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StorageError):
        survey(blocked / "x.gpkg")
    with pytest.raises(StorageError, match="已经存在"):
        survey(path)


def test_full_disk_stores_nothing(path: Path) -> None:
    with Store.open(path, device="d") as store:
        pages = store._sql.execute("PRAGMA page_count").fetchone()[0]
        store._sql.execute(f"PRAGMA max_page_count = {pages}")
        before = len(store.facts())
        with pytest.raises(StorageError, match="磁盘已满"):
            store.add_sites([new_site(str(n), "很长的名字" * 200) for n in range(400)], person="p")
        assert len(store.facts()) == before
        assert store.check() == []


def test_backup_while_open(path: Path, tmp_path: Path) -> None:
    with Store.open(path, device="d") as store:
        store.add_sites([new_site("c")], person="p")
        store.back_up(tmp_path / "copy" / "b.gpkg")
    with Store.open(tmp_path / "copy" / "b.gpkg", device="d") as copy:
        assert len(copy.sites()) == 3
        assert copy.check() == []


def test_two_connections_reader_sees_commits(path: Path) -> None:
    with Store.open(path, device="d") as writer, Store.open(path, device="d", read_only=True) as reader:
        assert len(reader.sites()) == 2
        writer.add_sites([new_site("c")], person="p")
        assert len(reader.sites()) == 3


def test_network_share_is_noticed(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/x / ext4 rw 0 0\nserver:/y {tmp_path} nfs4 rw 0 0\n")
    assert on_network(tmp_path / "s.gpkg", mounts)
    assert not on_network(Path("/etc/s.gpkg"), mounts)
    assert on_network(Path("//server/share/s.gpkg"), mounts)


def test_core_needs_no_qt() -> None:
    code = "import sys, barrierfree.store; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0
