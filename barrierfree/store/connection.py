"""Opens, checks, closes and copies a survey file; runs its transactions; turns SQLite's faults into words."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from sqlite_utils import Database

from barrierfree.errors import StorageError, SurveyFileError
from barrierfree.i18n import tr
from barrierfree.model.definition import Definition
from barrierfree.store import schema
from barrierfree.store.location import on_network

# Up to this size a damaged page is looked for at every opening; a check of larger files is asked for (``check``).
QUICK_CHECK_BYTES: Final = 64 * 1024 * 1024
_HEADER: Final = b"SQLite format 3\x00"


def local_now() -> datetime:
    """Now, with the offset of this computer."""
    return datetime.now().astimezone()


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say of ``path`` into errors that a user can act on."""
    try:
        yield
    except sqlite3.Error as error:
        raise _explained(path, error) from error
    except OSError as error:
        raise StorageError(
            tr("无法写入“{path}”：{reason}。").format(path=path, reason=error.strerror or error),
            tr("请检查文件夹是否存在、是否可写、磁盘是否已满，然后重试。没有保存任何不完整的内容。"),
        ) from error


def _explained(path: Path, error: sqlite3.Error) -> SurveyFileError | StorageError:
    text = str(error).lower()
    if "full" in text:
        return StorageError(
            tr("磁盘已满，没有保存到“{path}”。").format(path=path),
            tr("请腾出一些空间再试；之前保存的内容都还在。"),
        )
    if "locked" in text or "busy" in text:
        return StorageError(
            tr("另一个程序正在写“{path}”。").format(path=path.name),
            tr("请关闭打开这个文件的其他程序，稍后再试。"),
        )
    if "readonly" in text or "unable to open" in text or "permission" in text:
        return StorageError(
            tr("无法写入“{path}”：文件或文件夹是只读的。").format(path=path),
            tr("请把文件复制到可以写入的文件夹（例如“文档”）再打开。"),
        )
    if isinstance(error, sqlite3.DatabaseError) and ("malformed" in text or "not a database" in text):
        return _damaged(path)
    return StorageError(
        tr("数据库报告了一个错误：{error}").format(error=error),
        tr("没有保存任何不完整的内容。请重试；如果再次发生，请把日志发给维护者。"),
    )


def _damaged(path: Path) -> SurveyFileError:
    return SurveyFileError(
        tr("普查文件“{path}”已损坏，无法读取。").format(path=path),
        tr("请打开最近的备份；不要覆盖这个文件，里面的记录可能还能救回。"),
    )


class Connection:
    """One connection to a survey file; it works only in the thread that opened it."""

    def __init__(
        self, path: Path, database: Database, *, device: str, read_only: bool, clock: Callable[[], datetime]
    ) -> None:
        self.path = path
        self.device = device
        self.read_only = read_only
        self.clock = clock
        self.warnings: list[str] = []
        self._database = database
        self._sql = database.conn
        self._definition: tuple[str, Definition] | None = None

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        device: str = "",
        read_only: bool = False,
        clock: Callable[[], datetime] = local_now,
    ) -> Self:
        """Open an existing survey. Older files are copied aside and migrated, newer ones refused.

        Raises ``SurveyFileError`` (no survey, damaged, newer) or ``StorageError`` (not readable or writable).
        """
        path = Path(path)
        _check_header(path)
        with in_words(path):
            store = cls(path, _connect(path, read_only), device=device, read_only=read_only, clock=clock)
        try:
            with in_words(path):
                store._prepare()
        except BaseException:
            store._sql.close()
            raise
        return store

    @classmethod
    def create(cls, path: Path, *, device: str, clock: Callable[[], datetime] = local_now) -> Self:
        """Make an empty survey file at ``path``, which must not exist; it has no definition yet."""
        path = Path(path)
        if path.exists():
            raise StorageError(
                tr("文件“{path}”已经存在。").format(path=path), tr("请换一个文件名；已有的文件没有改动。")
            )
        with in_words(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            store = cls(path, _connect(path, False), device=device, read_only=False, clock=clock)
            try:
                store._sql.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
                store._sql.execute(f"PRAGMA user_version = {schema.GPKG_VERSION}")
                store._prepare()
            except BaseException:
                store._sql.close()
                _remove_files(path)
                raise
        return store

    @property
    def photos_folder(self) -> Path:
        """The folder beside the file that holds its photos."""
        return self.path.with_suffix(".photos")

    def _prepare(self) -> None:
        sql = self._sql
        if self.path.stat().st_size <= QUICK_CHECK_BYTES and self.path.stat().st_size > 0:
            found = sql.execute("PRAGMA quick_check(1)").fetchone()
            if found and found[0] != "ok":
                raise _damaged(self.path)
        self._refuse_strangers()
        if self.read_only and schema.migrations.pending(self._database):
            self._read_a_copy()
        if not self.read_only:
            _into_wal(sql)
            sql.execute("PRAGMA cache_size = -16384")
            sql.execute("PRAGMA synchronous = FULL")
            self._migrate()
            sql.execute("PRAGMA foreign_keys = ON")
            if on_network(self.path):
                self.warnings.append(tr("这个文件在网络共享盘上。多台电脑同时打开会损坏数据，请复制到本机再用。"))
        if not self.photos_folder.is_dir() and self._has_photos():
            self.warnings.append(
                tr("找不到照片文件夹“{folder}”。请把它和普查文件放在一起，否则看不到照片。").format(
                    folder=self.photos_folder.name
                )
            )

    def _read_a_copy(self) -> None:
        """An older file that must not be written is brought up to date in memory."""
        copy = Database(memory=True)
        copy.conn.isolation_level = None
        self._sql.backup(copy.conn)
        self._sql.close()
        self._database, self._sql = copy, copy.conn
        schema.migrations.apply(copy)
        self._after_migration()

    def _has_photos(self) -> bool:
        return self._sql.execute("SELECT 1 FROM photos WHERE withdrawn = 0 LIMIT 1").fetchone() is not None

    def _refuse_strangers(self) -> None:
        tables = {r[0] for r in self._sql.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and not {"facts", "_sqlite_migrations"} <= tables:
            raise SurveyFileError(
                tr("“{path}”不是普查文件。").format(path=self.path.name),
                tr("请选择本软件建立的 .gpkg 文件；设施清单请在“数据”页导入。"),
            )
        known = {m.name for m in schema.migrations.pending(Database(memory=True))}
        applied = {m.name for m in schema.migrations.applied(self._database)}
        if applied - known:
            raise SurveyFileError(
                tr("“{path}”是用更新版本的软件建立的，这个版本打不开。").format(path=self.path.name),
                tr("请更新本软件后再打开；文件没有改动。"),
            )

    def _migrate(self) -> None:
        applied = schema.migrations.applied(self._database)
        if applied and schema.migrations.pending(self._database):
            stamp = self.clock().strftime("%Y%m%d-%H%M%S")
            self.back_up(self.path.with_name(f"{self.path.stem}.before-update-{stamp}.gpkg"))
        if schema.migrations.pending(self._database):
            schema.migrations.apply(self._database)
            if self._sql.execute("PRAGMA foreign_key_check").fetchone():
                raise _damaged(self.path)
            if applied:
                self._after_migration()

    def _after_migration(self) -> None:
        """Bring what is derived up to a new layout; the store's upkeep knows how."""

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """One durable transaction in which derived tables may be written; all of it or nothing."""
        with in_words(self.path):
            self._sql.execute("BEGIN IMMEDIATE")
            try:
                self._sql.execute("UPDATE guard SET open = 1")
                yield
                self._sql.execute("UPDATE guard SET open = 0")
                self._sql.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._sql.execute("ROLLBACK")
                raise

    @contextmanager
    def _large_write(self) -> Iterator[None]:
        """For a transaction of thousands of records: SQLite does not look up what we have just put in ourselves.

        Nor is the log moved into the file at its end: ``settle`` does that when there is time.
        """
        self._sql.execute("PRAGMA foreign_keys = OFF")
        self._sql.execute("PRAGMA wal_autocheckpoint = 0")
        try:
            yield
        finally:
            self._sql.execute("PRAGMA wal_autocheckpoint = 1000")
            self._sql.execute("PRAGMA foreign_keys = ON")

    @contextmanager
    def in_a_hurry(self) -> Iterator[None]:
        """Write without waiting for the disk until the end: for a new file that is thrown away if it fails."""
        self._sql.execute("PRAGMA synchronous = OFF")
        try:
            yield
        finally:
            self._sql.execute("PRAGMA synchronous = FULL")
            self.settle()

    def back_up(self, target: Path) -> Path:
        """Copy the survey (not its photos) to ``target`` while it is open; whole or not at all."""
        aside = target.with_name(target.name + ".part")
        with in_words(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(aside)) as copy:
                self._sql.backup(copy)
            os.replace(aside, target)
        return target

    def settle(self) -> None:
        """Move what the write-ahead log holds into the file, so that a copy of the file alone is whole."""
        if not self.read_only:
            with suppress(sqlite3.Error):
                self._sql.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Leave one whole file without a write-ahead log behind."""
        if not self.read_only:
            self.settle()
            with suppress(sqlite3.Error):  # another connection may still be open; then it does this
                self._sql.execute("PRAGMA journal_mode = DELETE")
        self._sql.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _connect(path: Path, read_only: bool) -> Database:
    mode = "ro" if read_only else "rwc"
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10, cached_statements=512)
    return Database(connection, execute_plugins=False)


def _check_header(path: Path) -> None:
    if not path.exists():
        raise SurveyFileError(
            tr("找不到普查文件“{path}”。").format(path=path),
            tr("请检查文件是否被移动或改名；也可以新建一个普查。"),
        )
    try:
        with path.open("rb") as file:
            start = file.read(16)
    except OSError as error:
        raise StorageError(
            tr("读不了“{path}”：{reason}。").format(path=path, reason=error.strerror or error),
            tr("请检查文件的权限，或把它复制到“文档”再打开。"),
        ) from error
    if start != _HEADER:
        raise SurveyFileError(
            tr("“{path}”不是普查文件。").format(path=path.name),
            tr("请选择本软件建立的 .gpkg 文件；设施清单请在“数据”页导入。"),
        )


def _remove_files(path: Path) -> None:
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        with suppress(OSError):
            name.unlink()


def remove_survey(path: Path) -> None:
    """Remove a survey that could not be made, with what lies beside it."""
    _remove_files(path)
    shutil.rmtree(path.with_suffix(".photos"), ignore_errors=True)


def copy_survey(source: Path, target: Path) -> None:
    """Copy a closed survey with its photos to ``target``."""
    with in_words(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        photos = source.with_suffix(".photos")
        if photos.is_dir():
            shutil.copytree(photos, target.with_suffix(".photos"), dirs_exist_ok=True)


def _into_wal(sql: sqlite3.Connection) -> None:
    """Write ahead from now on. SQLite does not wait here while another connection is just closing the file: we do."""
    for left in range(20, -1, -1):
        try:
            sql.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if not left:
                raise
            time.sleep(0.05)
