"""Evaluates the expressions of an XLSForm: reads them once, says what they depend on, works on plain answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from barrierfree.errors import DefinitionError
from barrierfree.expressions.functions import UNKNOWN, Node, plain, truth
from barrierfree.expressions.further import PHONE_FUNCTIONS
from barrierfree.expressions.reader import COLUMN, FUNCTIONS, Reader
from barrierfree.i18n import tr

__all__ = [
    "COLUMN",
    "FUNCTIONS",
    "UNKNOWN",
    "Expression",
    "only_on_phones",
    "parse",
    "parse_filter",
    "parse_here",
    "plain",
]

_LONGEST: Final = 8000  # characters; nothing a form needs is longer


@dataclass(frozen=True)
class Expression:
    """A read expression. ``names`` are the questions it depends on; ``uses_current`` whether it holds a ``.``.

    ``columns`` are the choice's own columns that a choice filter looks at; their values stand among those of the
    questions under their name with ``COLUMN`` before it.
    """

    text: str
    names: frozenset[str]
    uses_current: bool
    _node: Node
    columns: frozenset[str] = frozenset()

    def evaluate(self, values: Mapping[str, object], current: object = "") -> object:
        """The value with the answers ``values``; ``.`` is ``current``.

        Gives a str, int, float, bool, list of choice names or ``UNKNOWN``. A missing answer is ``''``; what cannot
        be computed (``'' + 1``, a division by zero) is ``''`` too. Never raises for an answer.
        """
        return self._node(values, current)

    def holds(self, values: Mapping[str, object], current: object = "") -> bool | None:
        """Whether it is true with the answers ``values``; None when that hangs on an ``UNKNOWN`` one."""
        value = self._node(values, current)
        return None if value is UNKNOWN else truth(value)


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Read ``text``. Raises ``DefinitionError`` naming the position, and the function where it is unknown."""
    return _read(text, False)


@lru_cache(maxsize=512)
def parse_filter(text: str) -> Expression:
    """Read a ``choice_filter``: as ``parse``, but a bare word is a column of the choice (``area = ${area}``)."""
    return _read(text, True)


def parse_here(text: str) -> Expression | None:
    """As ``parse``; None for an empty text and for one that only a phone works out."""
    return None if not text or only_on_phones(text) else parse(text)


@lru_cache(maxsize=4096)
def only_on_phones(text: str) -> str:
    """The first function that ``text`` calls and only a phone can work out, '' where there is none."""
    if "(" not in text:
        return ""
    called = re.findall(r"([A-Za-z][\w:-]*)\s*\(", re.sub(r"'[^']*'|\"[^\"]*\"", "''", text))
    return next((name for name in called if name in PHONE_FUNCTIONS), "")


def _read(text: str, of_choices: bool) -> Expression:
    if len(text) > _LONGEST:
        raise DefinitionError(
            tr("表达式太长（{length} 个字符，最多 {most} 个）。").format(length=len(text), most=_LONGEST),
            tr("请把它拆成几个 calculate 题。"),
        )
    reader = Reader(text, of_choices)
    node = reader.whole()
    return Expression(text, frozenset(reader.names), reader.uses_current, node, frozenset(reader.columns))
