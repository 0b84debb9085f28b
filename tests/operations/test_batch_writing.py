"""Writing a batch: all of it or nothing, whatever fails at whichever moment; the same batch made again."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from barrierfree.errors import BatchError, Cancelled, StorageError
from barrierfree.model.city import BatchFilter
from barrierfree.operations import batches
from barrierfree.operations.progress import Progress
from barrierfree.store import Store
from tests.builders import Clock
from tests.operations.city_survey import GIVEN, PROFILE, accepted, city_survey, photo, template


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    store = city_survey(tmp_path / "s.gpkg", clock)
    accepted(store, clock, photos=[photo(store, 1), photo(store, 2)])
    accepted(store, clock, "光环", width=1.3)
    return store


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def nothing_happened(store: Store, out: Path) -> None:
    assert not out.exists() or list(out.iterdir()) == []
    assert store.batches() == []
    assert len(batches.plan_batch(store).rows) == 4
    assert store.check() == []


def test_a_batch_made_again_is_the_same(store: Store, clock: Clock, tmp_path: Path) -> None:
    done = batches.write_batch(store, batches.plan_batch(store), tmp_path / "out", person="boss")
    clock.move(days=20)
    finding = store.findings()[0].id
    store.record_step(finding, GIVEN, person="boss")
    store.change_site(store.finding(finding).site, {"name": "新名字（示例）"}, person="boss")
    before = len(store.facts())
    made = batches.again(store, done.number, tmp_path / "again")
    assert (made.number, made.rows, made.differing, made.missing) == (done.number, 4, (), ())
    assert files(Path(made.folder)) == files(Path(done.folder))
    assert len(store.facts()) == before, "nothing is remembered"
    with pytest.raises(BatchError, match="已经存在"):
        batches.again(store, done.number, tmp_path / "out")
    next(store.photos_folder.iterdir()).unlink()
    assert len(batches.again(store, done.number, tmp_path / "third").missing) == 1


def test_the_manifest_names_every_file(store: Store, tmp_path: Path) -> None:
    done = batches.write_batch(store, batches.plan_batch(store), tmp_path / "out", person="boss")
    folder = Path(done.folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == {p for p in files(folder) if p != "manifest.json"}
    assert manifest["rows"] == 4
    assert [f.name for f in store.batch(done.number).files] == list(manifest["files"])
    code = "110105016001LS0001-01"
    assert {f"照片/{code}_前1.jpg", f"照片/{code}_前2.jpg"} < set(manifest["files"])


def test_several_files(store: Store, clock: Clock, tmp_path: Path) -> None:
    made = store.definition().model_copy(
        update={"profile": PROFILE.replace("decimals = 6\n", "rows_per_file = 1\n", 1)}
    )
    store.adopt_definition(made, title="t", person="p", main_file=True)
    done = batches.write_batch(store, batches.plan_batch(store), tmp_path / "out", person="boss")
    assert [Path(p).name for p in done.workbooks] == [f"{done.number}_1.xlsx", f"{done.number}_2.xlsx"]
    assert batches.again(store, done.number, tmp_path / "again").differing == ()


# Every call on the way that may fail, where it is looked up, and how often it is made before it fails.
STEPS: list[tuple[str, str, int]] = [
    ("pathlib.Path", "mkdir", 0), ("pathlib.Path", "mkdir", 1), ("shutil", "copyfile", 0), ("shutil", "copyfile", 1),
    ("pathlib.Path", "write_text", 0), ("os", "fsync", 0), ("os", "fsync", 2),
]  # fmt: skip


@pytest.mark.parametrize(("where", "name", "after"), STEPS)
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_a_fault_at_any_step_leaves_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, name: str, after: int, code: int
) -> None:
    plan = batches.plan_batch(store)
    with monkeypatch.context() as patch:
        _fail(patch, where, name, after, code)
        with pytest.raises(StorageError, match="没有留下半个批次"):
            batches.write_batch(store, plan, tmp_path / "out", person="boss")
    nothing_happened(store, tmp_path / "out")
    assert batches.write_batch(store, plan, tmp_path / "out", person="boss").rows == 4


def _fail(patch: pytest.MonkeyPatch, where: str, name: str, after: int, code: int) -> None:
    real: Callable[..., Any] = getattr(Path if where == "pathlib.Path" else {"os": os, "shutil": shutil}[where], name)
    calls = 0

    def failing(*given: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > after:
            raise OSError(code, os.strerror(code))
        return real(*given, **named)

    patch.setattr(f"{where}.{name}", failing)


def test_a_folder_that_cannot_be_named_is_taken_back(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = batches.prepare_batch(store, batches.plan_batch(store), tmp_path / "out")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(PermissionError(errno.EACCES, "busy")))
        with pytest.raises(StorageError, match="无法写入"):
            batches.finish_batch(store, prepared, person="boss")
    nothing_happened(store, tmp_path / "out")
    done = batches.write_batch(store, batches.plan_batch(store), tmp_path / "out", person="boss")
    assert done.number.endswith("-02"), "a number that was used once is never used again"
    assert store.check() == []


def test_a_transaction_that_fails_leaves_nothing(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = batches.prepare_batch(store, batches.plan_batch(store), tmp_path / "out")
    with monkeypatch.context() as patch:
        patch.setattr("barrierfree.store.sendings.derive", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            batches.finish_batch(store, prepared, person="boss")
    nothing_happened(store, tmp_path / "out")


class _StopsAfter(Progress):
    """Is cancelled at its n-th step."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.left = steps

    def step(self, done: int, total: int, text: str = "") -> None:
        self.left -= 1
        if self.left <= 0:
            self.cancel()
        super().step(done, total, text)


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_cancel_leaves_nothing(store: Store, tmp_path: Path, steps: int) -> None:
    plan = batches.plan_batch(store)
    with pytest.raises(Cancelled):
        batches.prepare_batch(store, plan, tmp_path / "out", progress=_StopsAfter(steps))
    nothing_happened(store, tmp_path / "out")
    with pytest.raises(Cancelled):
        batches.plan_batch(store, progress=_StopsAfter(1))


CHILD = """
import os, signal, sys
from datetime import timedelta
from pathlib import Path
from barrierfree.operations import batches
from barrierfree.store import Store
from tests.builders import Clock

moment, path, out = sys.argv[1:]
clock = Clock()
clock.move(days=1)
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
with Store.open(Path(path), device="device-a", clock=clock) as store:
    plan = batches.plan_batch(store)
    if moment == "photos":
        batches._copy_photos = die
    if moment == "manifest":
        batches._seal = die
    if moment == "transaction":
        store._sql.set_trace_callback(lambda said: die() if said == "COMMIT" else None)
    if moment == "name":
        real = os.replace
        os.replace = lambda a, b: die() if Path(a).is_dir() else real(a, b)
    if moment == "named":
        batches._sync_folder = lambda folder: die() if folder == Path(out) else None
    batches.write_batch(store, plan, Path(out), person="boss")
"""


@pytest.mark.parametrize("moment", ["photos", "manifest", "transaction", "name", "named"])
def test_a_killed_process_leaves_ledger_and_files_at_one(
    store: Store, clock: Clock, tmp_path: Path, moment: str
) -> None:
    store.close()
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-c", CHILD, moment, str(store.path), str(out)], check=False, capture_output=True,
        cwd=Path(__file__).parents[2], env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    clock.move(days=1)
    with Store.open(store.path, device="device-a", clock=clock) as after:
        assert after.check() == []
        remembered = moment in ("name", "named")
        assert len(after.batches()) == remembered
        plan = batches.plan_batch(after)
        assert len(plan.rows) == (0 if remembered else 4), "nothing goes twice, nothing is lost"
        if remembered:
            (number,) = [b.number for b in after.batches()]
            assert batches.recover(after, out) == ((number,) if moment == "name" else ())
            folder = out / f"批次_{number}"
            assert batches._complete(folder, after.batch(number))
            assert files(Path(batches.again(after, number, tmp_path / "again").folder)) == files(folder)
        else:
            report = batches.write_batch(after, plan, out, person="boss")
            assert [p.name for p in out.iterdir()] == [Path(report.folder).name], "the half one is gone"


def test_the_next_batch_names_a_folder_that_was_left(store: Store, clock: Clock, tmp_path: Path) -> None:
    prepared = batches.prepare_batch(store, batches.plan_batch(store), tmp_path / "out")
    done = batches.finish_batch(store, prepared, person="boss")
    os.replace(done.folder, f"{done.folder}.part")
    clock.move(days=1)
    accepted(store, clock, "餐厅")
    report = batches.write_batch(store, batches.plan_batch(store), tmp_path / "out", person="boss")
    assert report.recovered == (done.number,)
    assert Path(done.workbook).is_file()


def test_a_batch_that_an_older_file_does_not_know(store: Store, tmp_path: Path) -> None:
    backup = store.back_up(tmp_path / "backup.gpkg")
    plan = batches.plan_batch(store)
    batches.write_batch(store, plan, tmp_path / "out", person="boss")
    with (
        Store.open(backup, device="device-a", clock=store.clock) as older,
        pytest.raises(BatchError, match=r"(?s)没有登记它.*较早的备份"),
    ):
        batches.write_batch(older, plan, tmp_path / "out", person="boss")


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid"), reason="permissions of POSIX")
def test_a_full_disk_in_the_middle_of_the_workbook(store: Store, tmp_path: Path) -> None:
    """A real limit of the system on the size of files, below that of the workbook."""
    import resource

    plan = batches.plan_batch(store)
    held = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, held[1]))
        with pytest.raises(StorageError, match="没有留下半个批次"):
            batches.prepare_batch(store, plan, tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, held)
        signal.signal(signal.SIGXFSZ, before)
    nothing_happened(store, tmp_path / "out")


def test_only_the_main_file_writes(store: Store, clock: Clock, tmp_path: Path) -> None:
    copy = store.back_up(tmp_path / "copy.gpkg")
    shutil.copytree(store.photos_folder, copy.with_suffix(".photos"))
    with Store.open(copy, device="device-b", clock=clock) as other:
        with pytest.raises(BatchError, match="总库"):
            batches.write_batch(other, batches.plan_batch(other), tmp_path / "out", person="boss")
        assert other.batches() == []


def test_a_template_that_is_open_elsewhere(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "city"
    folder.mkdir()
    (folder / "p.toml").write_text(PROFILE, encoding="utf-8")
    (folder / "template.xlsx").write_bytes(template())
    assert len(batches.plan_batch(store, profile_file=folder / "p.toml").rows) == 4
    for mark in ("~$template.xlsx", ".~lock.template.xlsx#"):
        (folder / mark).touch()
        with pytest.raises(BatchError, match=r"(?s)正在 Excel 或 LibreOffice 里打开.*关闭"):
            batches.plan_batch(store, profile_file=folder / "p.toml")
        (folder / mark).unlink()


def test_faulty_rows_are_left_out_by_name(store: Store, clock: Clock, tmp_path: Path) -> None:
    next(store.photos_folder.iterdir()).unlink()
    plan = batches.plan_batch(store)
    (fault,) = plan.faults
    assert (fault.sort, fault.column, fault.code) == ("photo", "照片", "110105016001LS0001-01-P1")
    with pytest.raises(BatchError, match=r"有 1 处不符合要求.*照片"):
        batches.write_batch(store, plan, tmp_path / "out", person="boss")
    assert store.batches() == []
    done = batches.write_batch(store, plan, tmp_path / "out", person="boss", excepted=[fault.code])
    assert [(x.code, x.reason) for x in done.left_out] == [(fault.code, fault.reason)]
    assert store.batch(done.number).left_out == done.left_out
    assert done.rows == 3
    assert [r.record for r in batches.plan_batch(store).rows] == [fault.record], "it is still to be sent"
    with pytest.raises(BatchError, match="没有可以导出"):
        batches.write_batch(store, batches.plan_batch(store), tmp_path / "out", person="boss", excepted=["photo"])
    assert batches.plan_batch(store, BatchFilter(what="changed")).rows == ()
