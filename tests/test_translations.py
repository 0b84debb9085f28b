"""Every text of the interface has an English translation, and the compiled catalog is the one of the source."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages import extract, mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.frontend import parse_mapping_cfg

from barrierfree import i18n
from barrierfree.i18n import tr

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "locale" / "en" / "LC_MESSAGES"
SOURCES = (ROOT / "barrierfree", ROOT / "resources" / "templates")
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
QUOTED = re.compile(r"“[^”]*”")  # names of columns and the like stand as they are in the data
CHINESE_IS_MEANT = {"语言 / Language"}


@cache
def source_texts() -> frozenset[str]:
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found: set[str] = set()
    for folder in SOURCES:
        keywords = {"tr": None, "mark": None}
        for _, _, text, _, _ in extract.extract_from_dir(str(folder), methods, options, keywords):
            assert isinstance(text, str), f"tr() and mark() take one text: {text}"
            found.add(text)
    return frozenset(found)


@cache
def translations() -> Catalog:
    with (FOLDER / "barrierfree.po").open("rb") as file:
        return pofile.read_po(file, locale="en", abort_invalid=True)


def pairs() -> Iterator[tuple[str, str]]:
    for message in translations():
        if message.id:
            assert isinstance(message.id, str)
            assert isinstance(message.string, str)
            yield message.id, message.string


def placeholders(text: str) -> list[str]:
    """What ``str.format`` would fill, sorted; names that are no identifiers are part of the text."""
    fields = (f"{name}!{how or ''}:{spec}" for _, name, spec, how in string.Formatter().parse(text) if name is not None)
    return sorted(field for field in fields if field.isascii())


def test_there_is_something_to_translate() -> None:
    assert len(source_texts()) > 900
    assert "截至" in source_texts(), "the template of the report is read too"


def test_every_text_is_translated() -> None:
    english = dict(pairs())
    missing = sorted(text for text in source_texts() if not english.get(text, "").strip())
    assert not missing, "without English (commands: head of barrierfree.po):\n" + "\n".join(missing)
    unsure = [m.id for m in translations() if m.id and m.fuzzy]
    assert not unsure, f"marked fuzzy: {unsure}"


def test_no_stale_translation() -> None:
    stale = sorted(text for text, _ in pairs() if text not in source_texts())
    assert not stale, "no longer in the code (commands: head of barrierfree.po):\n" + "\n".join(stale)
    assert not translations().obsolete


def test_placeholders_are_the_same() -> None:
    wrong = [(text, english) for text, english in pairs() if placeholders(text) != placeholders(english)]
    assert not wrong


def test_the_shape_of_the_text_is_kept() -> None:
    """Line breaks, an ellipsis that announces a dialog, and signs that buttons end with."""
    wrong = [
        (text, english)
        for text, english in pairs()
        if text.count("\n") != english.count("\n") or any(text.endswith(s) != english.endswith(s) for s in ("…", "▾"))
    ]
    assert not wrong


def test_no_chinese_left() -> None:
    left = [
        english for _, english in pairs() if CHINESE.search(QUOTED.sub("", english)) and english not in CHINESE_IS_MEANT
    ]
    assert not left


def test_quotes_are_typographic_and_paired() -> None:
    wrong = [english for _, english in pairs() if english.count("“") != english.count("”")]
    assert not wrong


def test_compiled_catalog_is_the_source() -> None:
    with (FOLDER / "barrierfree.mo").open("rb") as file:
        compiled = {m.id: m.string for m in mofile.read_mo(file) if m.id}
    assert compiled == dict(pairs()), "compile it (command: head of barrierfree.po)"


def test_english_in_use() -> None:
    i18n.use("en")
    assert (i18n.language(), tr("点位"), tr("总览")) == ("en", "Sites", "Overview")
    assert tr("{n} 米").format(n=3) == "3 m"
    assert tr("没有译文的文字") == "没有译文的文字"
    assert tr("") == ""
    i18n.use("fr")
    assert tr("点位") == "点位"
