"""Choices survive a restart, a damaged file, an unwritable folder."""

from __future__ import annotations

from pathlib import Path

from barrierfree.settings import Settings


def test_kept_and_the_device_stays(tmp_path: Path) -> None:
    first = Settings(tmp_path)
    first.change(text_scale=1.5, person="p")
    first.set("geometry", "abc")
    first.opened(tmp_path / "a.gpkg")
    second = Settings(tmp_path)
    assert second.choices.device == first.choices.device
    assert (second.choices.text_scale, second.get("geometry")) == (1.5, "abc")
    assert second.choices.recent == [str((tmp_path / "a.gpkg").resolve())]


def test_damaged_file_is_put_aside(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{", encoding="utf-8")
    assert Settings(tmp_path).choices.language == "zh_CN"
    assert (tmp_path / "settings.damaged.json").exists()


def test_unwritable_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Settings(tmp_path / "file" / "x").choices.device
