"""The words of the interface: Chinese as written in the code, other languages through gettext.

The source language of all texts is Chinese (zh_CN); ``resources/locale/<language>/LC_MESSAGES`` holds the
translations. The choice is one per process, because error texts are made far from any window.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterable
from typing import Final

from barrierfree import paths

SOURCE_LANGUAGE: Final = "zh_CN"
LANGUAGES: Final = {"zh_CN": "中文", "en": "English"}

_current: _gettext.NullTranslations = _gettext.NullTranslations()
_language: str = SOURCE_LANGUAGE


def use(language: str) -> None:
    """Switch the texts of this process to ``language`` (a key of ``LANGUAGES``; anything else means Chinese)."""
    global _current, _language
    _language = language if language in LANGUAGES else SOURCE_LANGUAGE
    if _language == SOURCE_LANGUAGE:
        _current = _gettext.NullTranslations()
    else:
        _current = _gettext.translation("barrierfree", str(paths.resources() / "locale"), [_language])


def language() -> str:
    """The language in use: ``zh_CN`` or ``en``."""
    return _language


def tr(text: str) -> str:
    """``text`` (Chinese, a literal) in the language in use. Fill ``{names}`` with ``.format`` afterwards."""
    return _current.gettext(text) if text else text


def listed(parts: Iterable[str]) -> str:
    """Names one after another, with the list mark of the language in use."""
    return tr("、").join(parts)


def phrased(parts: Iterable[str]) -> str:
    """Short phrases joined to one clause, with the comma of the language in use."""
    return tr("，").join(parts)


def sentences(parts: Iterable[str]) -> str:
    """Statements joined to one sentence, with the semicolon of the language in use."""
    return tr("；").join(parts)


def paragraph(parts: Iterable[str]) -> str:
    """Whole sentences one after the other; between them a space where the language in use writes one."""
    return ("" if language() == "zh_CN" else " ").join(part for part in parts if part)


def named(name: str, value: str) -> str:
    """``value`` after its name and a colon."""
    return tr("{name}：{value}").format(name=name, value=value)


def bracketed(text: str, inner: str) -> str:
    """``text`` with a remark in brackets behind it."""
    return tr("{text}（{inner}）").format(text=text, inner=inner)


def mark(text: str) -> str:
    """Mark a literal for translation where it stands; translate it with ``tr`` where it is shown."""
    return text
