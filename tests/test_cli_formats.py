"""``export --format`` on the command line, and that both READMEs tell of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from barrierfree.formats import EXTRAS, FORMATS, LAYERS
from tests.test_cli import RAMP, Shell, shell

__all__ = ["shell"]
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def surveyed(shell: Shell) -> Shell:
    """One site with an accepted ramp; the note on it names somebody."""
    (shell.folder / "l.csv").write_text(
        "名称,小分类,经度,纬度,社区,备注\n甲店,便利店,116.46,39.89,垂杨柳东里,找王芳\n", encoding="utf-8"
    )
    shell.run("import", shell.file, str(shell.folder / "l.csv"), "--datum", "wgs84")
    code = shell.run("list", shell.file, "sites")["sites"][0]["code"]
    record = ("record", shell.file, "--site", code, "--element", "wheelchair_ramp", "--by", "甲")
    made = shell.run(*record, "--answers", shell.answers(RAMP))
    shell.run("review", shell.file, "--visit", made["visit"], "--accept", "--by", "乙")
    return shell


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format(surveyed: Shell, kind: str) -> None:
    for layer in FORMATS[kind].layers:
        out = surveyed.folder / f"{layer}{FORMATS[kind].endings[0]}"
        said = surveyed.run("export", surveyed.file, "--format", kind, "--layer", layer, "--out", str(out))
        assert (said["file"], said["layer"]) == (str(out), layer)
        assert said["written"] >= 1
        assert out.read_bytes()


def test_what_goes_along_is_chosen(surveyed: Shell) -> None:
    out = str(surveyed.folder / "o.geojson")
    export = ("export", surveyed.file, "--format", "geojson", "--out", out)
    surveyed.run(*export, "--layer", "checkpoints")
    told = json.loads(Path(out).read_text(encoding="utf-8"))["features"]
    assert not [f for f in told if "inspected_by" in f["properties"]]
    surveyed.run(*export, "--layer", "checkpoints", "--with", "names, notes")
    told = json.loads(Path(out).read_text(encoding="utf-8"))["features"]
    assert [f["properties"]["inspected_by"] for f in told if f["properties"].get("verdict")] == ["甲"]
    said = surveyed.run(*export, "--layer", "findings", "--status", "open", "--status", "claimed")
    assert said["written"] == 1
    assert surveyed.run(*export, "--class", "storefront", "--community", "垂杨柳东里")["written"] == 1
    assert surveyed.run("list", surveyed.file, "batches")["batches"] == [], "it is no batch"


CSV = ("--format", "csv", "--out", "{folder}/o.csv")
BATCH = ("--out", "{folder}/o")


@pytest.mark.parametrize("arguments", [
    ("--format", "csv", "--out", "{folder}/o.xlsx"), ("--format", "csv", "--out", "{file}"),
    (*CSV, "--with", "address"), (*CSV, "--with", "names"), (*CSV, "--check"), (*CSV, "--by", "甲"),
    (*CSV, "--status", "gone"), (*CSV, "--community", "无"), (*CSV, "--class", "x"),
    (*BATCH, "--layer", "sites"), (*BATCH, "--with", "names"),
    ("--format", "a11yjson", "--layer", "findings", "--out", "{folder}/o.json"),
])  # fmt: skip
def test_refusals(shell: Shell, arguments: tuple[str, ...]) -> None:
    said = shell.run("export", shell.file, *(a.format(folder=shell.folder, file=shell.file) for a in arguments), code=1)
    assert said["message"]
    assert said["advice"]
    assert sorted(p.suffix for p in shell.folder.iterdir() if p.is_file()) == [".gpkg"]


def test_unknown_words_are_wrong_usage(shell: Shell) -> None:
    shell.run("export", shell.file, "--format", "shp", "--out", "o.shp", code=2)
    shell.run("export", shell.file, "--format", "csv", "--layer", "visits", "--out", "o.csv", code=2)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_tells_of_it(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    (line,) = re.findall(r"barrierfree export \S+ --format ([a-z0-9|-]+)", text)
    assert line.split("|") == list(FORMATS)
    assert f"--layer {'|'.join(LAYERS)}" in text
    assert f"--with {','.join(EXTRAS)}" in text
