"""Reads a survey definition folder: area, classes, checklist, city profile and template."""

from __future__ import annotations

import base64
import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import TypeAdapter, ValidationError

from barrierfree.checklists.faults import Faults
from barrierfree.checklists.reading import collect
from barrierfree.errors import DefinitionError
from barrierfree.i18n import tr
from barrierfree.model.definition import Area, Checklist, Definition, SiteClass, Text

_FILE: Final = "definition.toml"
_CLASSES: Final = TypeAdapter(tuple[SiteClass, ...])
_M = TypeVar("_M", Area, Text)
_SHAPES: Final = ("Polygon", "MultiPolygon")


def read_definition(folder: Path, remarks: list[str] | None = None) -> Definition:
    """Read the survey definition in ``folder``; ``remarks`` gets what is read but does less than on a phone.

    ``definition.toml`` names title, area and classes; ``checklist.xlsx``, ``boundary.geojson``, ``city/profile.toml``
    and ``city/template.xlsx`` lie beside it (other names: keys ``checklist``, ``outline``, ``profile``, ``template``
    under ``[files]``; the last three may be absent). Raises ``DefinitionError`` naming all faults at once.
    """
    faults = Faults(folder.name)
    content = _toml(folder / _FILE)
    files = {str(k): str(v) for k, v in _table(content, "files", faults).items()}
    checklist = _checklist(folder / files.get("checklist", "checklist.xlsx"), faults)
    outline = _outline(folder / files.get("outline", "boundary.geojson"), "outline" in files, faults)
    area = _model(Area, {**_table(content, "area", faults), "outline": outline}, "area", faults)
    title = _model(Text, _table(content, "title", faults), "title", faults)
    classes = _classes(content.get("classes", []), checklist, faults)
    if not isinstance(content.get("name"), str) or not content["name"]:
        faults.add("", 0, "", tr("{file} 没有写 name。").format(file=_FILE), tr('请加上 name = "…"。'))
    profile = _bytes(folder / files.get("profile", "city/profile.toml"), "profile" in files, faults)
    template = _bytes(folder / files.get("template", "city/template.xlsx"), "template" in files, faults)
    generator = _table(content, "generator", faults)
    faults.raise_if_any()
    if remarks is not None:
        remarks += faults.remarks
    assert area is not None
    assert title is not None
    assert checklist is not None
    return Definition(
        name=content["name"],
        title=title,
        sample=content.get("sample") is True,
        area=area,
        classes=classes,
        checklist=checklist,
        profile=profile.decode("utf-8", errors="replace"),
        template=base64.b64encode(template).decode("ascii"),
        generator=generator,
    )


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise DefinitionError(
            tr("文件夹里没有 {file}：{folder}").format(file=_FILE, folder=path.parent),
            tr("请选普查定义所在的文件夹。"),
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DefinitionError(
            tr("{path} 读不了：{reason}").format(path=path, reason=error),
            tr("请按提示的行列改正；文件要用 UTF-8 保存。"),
        ) from error


def _table(content: dict[str, Any], key: str, faults: Faults) -> dict[str, Any]:
    value = content.get(key, {})
    if isinstance(value, dict):
        return value
    faults.add(
        "",
        0,
        "",
        tr("{file} 的 {key} 不是一张表。").format(file=_FILE, key=key),
        tr("请写成 [{key}]。").format(key=key),
    )
    return {}


def _model(kind: type[_M], values: dict[str, Any], key: str, faults: Faults) -> _M | None:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        _take(error, key, faults)
        return None


def _take(error: ValidationError, key: str, faults: Faults) -> None:
    for one in error.errors():
        place = ".".join([key, *map(str, one["loc"])])
        what = tr("{file} 的 {place}：{reason}。").format(file=_FILE, place=place, reason=one["msg"])
        faults.add("", 0, "", what, tr("请补上或改正这一项。"))


def _checklist(path: Path, faults: Faults) -> Checklist | None:
    try:
        return collect(path, faults)
    except DefinitionError as error:
        faults.take(error)
        return None


def _classes(values: Any, checklist: Checklist | None, faults: Faults) -> tuple[SiteClass, ...]:
    try:
        classes = _CLASSES.validate_python(values)
    except ValidationError as error:
        _take(error, "classes", faults)
        return ()
    for field, given in (
        ("code", [c.code for c in classes]),
        ("letters", [c.letters for c in classes]),
        ("words", [w for c in classes for w in c.words]),
    ):
        for value, times in Counter(given).items():
            if times > 1:
                what = tr("场所类别的 {field}“{value}”出现了 {times} 次。").format(
                    field=field, value=value, times=times
                )
                faults.add("", 0, "", what, tr("每个类别要用不同的。"))
    for site_class in classes:
        if len(site_class.letters) != 2 or not site_class.letters.isascii() or not site_class.letters.isupper():
            what = tr("场所类别“{code}”的 letters 不是两个大写字母。").format(code=site_class.code)
            faults.add("", 0, "", what, tr("请写成例如 LS。"))
        for element in site_class.elements:
            if checklist is not None and checklist.element(element) is None:
                what = tr("场所类别“{code}”的元素“{element}”不在检查表里。").format(
                    code=site_class.code, element=element
                )
                faults.add("", 0, "", what, tr("请改正名称，或在检查表里加上这种元素。"))
    if not classes:
        faults.add("", 0, "", tr("{file} 没有场所类别。").format(file=_FILE), tr("请加上 [[classes]]。"))
    return classes


def _outline(path: Path, needed: bool, faults: Faults) -> dict[str, Any]:
    raw = _bytes(path, needed, faults)
    if not raw:
        return {}
    try:
        content = json.loads(raw)
        features = content.get("features", [content])
        geometry = features[0].get("geometry", features[0])
        if geometry.get("type") in _SHAPES and geometry.get("coordinates"):
            return {"type": geometry["type"], "coordinates": geometry["coordinates"]}
    except (ValueError, AttributeError, LookupError, TypeError):
        pass
    what = tr("{file} 里没有范围（Polygon 或 MultiPolygon）。").format(file=path.name)
    faults.add("", 0, "", what, tr("请存成 WGS-84 经纬度的 GeoJSON。"))
    return {}


def _bytes(path: Path, needed: bool, faults: Faults) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        if needed:
            faults.add("", 0, "", tr("没有文件 {file}。").format(file=path.name), tr("请放进文件夹，或改 [files]。"))
    except OSError as error:
        faults.add(
            "",
            0,
            "",
            tr("{file} 读不了：{reason}。").format(file=path.name, reason=error),
            tr("请检查文件。"),
        )
    return b""
