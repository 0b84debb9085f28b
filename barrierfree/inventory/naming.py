"""What a row of a list is called and what it is: its name, its class, its community."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from barrierfree.i18n import tr
from barrierfree.inventory.raw import RawList
from barrierfree.inventory.words import KINDS, plain
from barrierfree.model.definition import Definition

_NAMED: Final = 0.5  # share of rows with a name below which a nameless row is no mistake
_BEHIND: Final = ("社区居民委员会", "社区居委会", "居民委员会", "社区居委", "居委会", "社区")


@dataclass(frozen=True, slots=True)
class Naming:
    """How the rows of one list get their names; ``remarks`` say what was made up.

    A list of things that have no names (crossings, kerbs) is named by what they are and their number: its own one
    where it has one (``kerb 2298864238``), else the row. In any other list a row without a name goes by its address.
    """

    column: int | None
    address: int | None
    made: bool
    number: int | None
    kind: int | None
    broad: int | None
    tags: tuple[int, ...]
    stem: str
    label_of: Callable[[str], str]
    remarks: tuple[str, ...] = ()

    @classmethod
    def of(cls, raw: RawList, columns: Mapping[str, int], definition: Definition) -> Naming | None:
        """The naming of a list; None where neither a name nor a position is to be had."""
        column = columns.get("name")
        placed = "place" in columns or ("lon" in columns and "lat" in columns) or "lon" in columns
        named = sum(1 for row in raw.rows if row[column]) if column is not None else 0
        made = placed and named < _NAMED * len(raw.rows) and (column is None or _features(raw))
        if column is None and not made:
            return None
        class_of = class_finder(definition)
        labels = {c.code: c.label.zh for c in definition.classes}
        remark = tr("{n} 行没有名称，按类别和编号（或行号）取名。").format(n=len(raw.rows) - named)
        return cls(
            column, columns.get("address"), made, columns.get("city_number"), columns.get("site_class"),
            columns.get("broad_class"),
            tuple(i for i, h in enumerate(raw.headers) if plain(h) in KINDS), PurePath(raw.file).stem,
            lambda word: labels.get(class_of((word,)), word), (remark,) if made and named < len(raw.rows) else (),
        )  # fmt: skip

    def given(self, row: tuple[str, ...]) -> str:
        """The name that the list gives, or ''."""
        return row[self.column] if self.column is not None else ""

    def names(self, row: tuple[str, ...]) -> bool:
        """Whether the row has a name or can be given one."""
        return self.made or bool(self.given(row)) or self.addressed(row)

    def addressed(self, row: tuple[str, ...]) -> bool:
        """Whether the row has no name of its own and goes by its address."""
        return not self.made and not self.given(row) and self.address is not None and bool(row[self.address])

    def kinds(self, row: tuple[str, ...]) -> tuple[str, str]:
        """The list's own words for what it is: the finer, the broader; tags of a map stand in for a missing one."""
        kind = row[self.kind] if self.kind is not None else ""
        broad = row[self.broad] if self.broad is not None else ""
        if not broad:
            broad = next((row[i] for i in self.tags if row[i] and row[i] != "yes"), "")
        return kind, broad

    def name(self, row: tuple[str, ...], number: int) -> tuple[str, str]:
        """The name, and what stands for it in the key: a row number must not make a new site of a moved row."""
        name = self.given(row)
        if not name and not self.made and self.address is not None:
            name = row[self.address]
        if name:
            return name, name
        word = next((self.label_of(k) for k in self.kinds(row) if k), self.stem)
        own = row[self.number].rsplit("/", 1)[-1] if self.number is not None else ""
        if own:
            return (name := f"{word} {own}"), name
        return f"{word} {number}", word


def _features(raw: RawList) -> bool:
    """Whether the list comes from a map, where most things have no name."""
    return raw.header_row == 0 and raw.headers[-2:] == ("lon", "lat")


def community_finder(definition: Definition) -> Callable[[str], str]:
    """A function that gives a community's own name where a list writes 社区 or 居委会 behind it; else as given."""
    names = {community.name for community in definition.area.communities}
    area = definition.area
    before = tuple(p for p in (area.city, area.district, area.street) if p)
    found: dict[str, str] = {"": ""}

    def community_of(text: str) -> str:
        known = found.get(text)
        if known is None:
            known = found[text] = search(text)
        return known

    def search(text: str) -> str:
        short = "".join(unicodedata.normalize("NFKC", text).split())
        for part in before:
            if short not in names:
                short = short.removeprefix(part)
        if short in names:
            return short
        for ending in _BEHIND:
            if short.endswith(ending) and short.removesuffix(ending) in names:
                return short.removesuffix(ending)
        return text

    return community_of


def class_finder(definition: Definition) -> Callable[[tuple[str, ...]], str]:
    """A function that gives the place class whose words occur in the list's own category or name; '' if none does."""
    any_word = re.compile("|".join(
        re.escape(w) for c in definition.classes for w in (c.code, c.label.zh, *c.words) if w
    ) or "(?!)")  # fmt: skip
    found: dict[str, str] = {}

    def one(text: str) -> str:
        if not text or not any_word.search(text):
            return ""
        for site_class in definition.classes:
            if text in (site_class.label.zh, site_class.code) or any(w in text for w in site_class.words):
                return site_class.code
        return ""

    def class_of(words: tuple[str, ...]) -> str:
        for text in words[:-1]:
            code = found.get(text)
            if code is None:
                code = found[text] = one(text)
            if code:
                return code
        return one(words[-1])

    return class_of
