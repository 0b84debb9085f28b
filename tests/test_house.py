"""The house itself: sizes, errors that help, no addresses in pins, the documents name what is there."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from barrierfree import errors

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "barrierfree"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAX_FILE, MAX_FUNCTION = 800, 60


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_sizes_and_docstrings(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MAX_FILE
    tree = ast.parse(text)
    if text.strip():
        assert ast.get_docstring(tree), "say in one sentence what the module is for"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= MAX_FUNCTION, f"{node.name} has {lines} lines"


def test_typical_file_is_small() -> None:
    lengths = sorted(len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES)
    assert lengths[len(lengths) // 2] < 200


def test_no_junk_rooms() -> None:
    junk = {"utils", "helpers", "common", "manager", "misc", "base"}
    assert not [p for p in MODULES if p.stem in junk or p.parent.name in junk]


def test_every_error_has_message_and_advice() -> None:
    kinds = [k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, errors.BarrierFreeError)]
    assert len(kinds) > 5
    for kind in kinds:
        error = kind("what", "do")
        assert (error.message, error.advice) == ("what", "do")
        assert kind.__doc__


def test_pins_have_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert "://" not in text
    for block in re.split(r"\n(?=[a-z])", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_dependencies_are_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {
        m.lower() for m in re.findall(r"^([A-Za-z0-9_.-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    }
    for requirement in project["dependencies"]:
        name = re.split(r"[<>=!~ ]", requirement)[0].lower()
        assert name in pinned, name


def test_tracked_files_hold_no_machine_paths() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    for name in listed.stdout.decode().split("\0"):
        path = ROOT / name
        if path.suffix in {".py", ".md", ".toml", ".txt", ".js", ".css", ".html"} and path.is_file():
            text = path.read_text(encoding="utf-8")
            assert "/work/" + "main" not in text, name
            assert "pypi" + ".org" not in text.lower(), name


def test_vendored_parts_name_version_and_licence() -> None:
    for folder in ("leaflet", "protomaps"):
        assert (ROOT / "resources" / folder / "VERSION").read_text(encoding="utf-8").strip()
        assert (ROOT / "resources" / folder / "LICENSE").read_text(encoding="utf-8").strip()


def test_the_drawing_names_every_room() -> None:
    readme = (PACKAGE / "README.md").read_text(encoding="utf-8")
    rooms = {p.stem if p.suffix else p.name for p in PACKAGE.iterdir() if not p.name.startswith("__")}
    missing = [r for r in rooms - {"README"} if f"`{r}" not in readme]
    assert not missing, missing
    assert len(readme.splitlines()) <= 80, "one page"


def test_readme_shows_the_commands() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for command in ("python3 dev.py run", "python3 dev.py test"):
            assert command in text
        for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
            assert (ROOT / picture).is_file(), picture


def test_every_profile_field_is_documented() -> None:
    from barrierfree.workbook import FIELDS, AnswerLayout, Column, Profile, Sheet

    text = (ROOT / "surveys" / "README.md").read_text(encoding="utf-8")
    for part, told in (
        ("the profile", Profile),
        ("a sheet", Sheet),
        ("a column", Column),
        ("the answer", AnswerLayout),
    ):
        table = text.split(f"\nKeys of {part}", 1)[1].split("\n\n", 2)[1]
        assert set(re.findall(r"^\| `(\w+)` \|", table, re.M)) == set(told.model_fields), part
    fields = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", text.split("\nFields of every row", 1)[1], re.M))
    assert fields == FIELDS


def test_every_setting_is_documented() -> None:
    from barrierfree.settings import Choices

    for name in Choices.model_fields:
        assert f"``{name}``" in (Choices.__doc__ or "") or name == "version", name
