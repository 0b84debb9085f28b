"""Turns the text of an expression into something that can be evaluated: tokens and grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from barrierfree.errors import DefinitionError
from barrierfree.expressions.functions import BASIC, Node, call, chained, either, finite, pattern, plain
from barrierfree.expressions.further import FURTHER
from barrierfree.i18n import tr

FUNCTIONS: Final = {**BASIC, **FURTHER}
COLUMN: Final = "@"  # before the name of a choice's own column, among the values; no question is called so
_DEEPEST: Final = 30  # parentheses inside each other, so that nothing recurses without end

_TOKEN = re.compile(
    r"""\s*(?:
    (?P<reference>\$\{\s*(?P<name>[^\s{}]+)\s*\})
    | (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<string>"[^"]*"|'[^']*')
    | (?P<word>[A-Za-z][\w-]*)
    | (?P<sign><=|>=|!=|[=<>+\-*(),.])
    )""",
    re.VERBOSE,
)
_CURLY = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'"})  # word processors put these in forms


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int  # counted from 1, as people count


def _fault(text: str, at: int, what: str, advice: str) -> DefinitionError:
    shown = text if len(text) <= 120 else text[:117] + "…"
    message = tr("表达式“{text}”第 {at} 个字符处：{what}").format(text=shown, at=at, what=what)
    return DefinitionError(message, advice)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    position = 0
    while text[position:].strip():
        match = _TOKEN.match(text, position)
        if match is None:
            at = position + len(text[position:]) - len(text[position:].lstrip())
            raise _fault(
                text,
                at + 1,
                tr("看不懂“{piece}”。").format(piece=text[at : at + 10]),
                tr("引用题目写 ${名称}，文字放在引号里；路径（/、..）不支持。"),
            )
        kind = match.lastgroup if match.lastgroup != "name" else "reference"
        assert kind is not None
        piece = match.group("name") if kind == "reference" else match.group(kind)
        found.append(_Token(kind, piece, match.start(kind) + 1))
        position = match.end()
    found.append(_Token("end", "", len(text) + 1))
    return found


def _constant(value: object) -> Node:
    return lambda values, current: value


def _reference(name: str) -> Node:
    return lambda values, current: plain(values.get(name, ""))


class Reader:
    """Recursive descent over the tokens; precedence of XPath 1.0: or, and, equality, order, sum, product, sign."""

    def __init__(self, text: str, of_choices: bool = False) -> None:
        self.text = text
        self.of_choices = of_choices
        self.columns: set[str] = set()
        self.tokens = _tokens(text.translate(_CURLY))
        self.index = 0
        self.depth = 0
        self.names: set[str] = set()
        self.uses_current = False

    def whole(self) -> Node:
        """The whole text as one expression."""
        node = self._or()
        if self._token.kind != "end":
            raise self._unexpected()
        return node

    @property
    def _token(self) -> _Token:
        return self.tokens[self.index]

    def _unexpected(self) -> DefinitionError:
        token = self._token
        what = tr("这里不该结束。") if token.kind == "end" else tr("这里不该是“{piece}”。").format(piece=token.text)
        return _fault(self.text, token.at, what, tr("请检查括号、引号和运算符。"))

    def _take(self, *texts: str) -> str:
        """The text of the next token if it is one of ``texts`` (operators are signs or words), else ''."""
        token = self._token
        if token.kind in ("sign", "word") and token.text in texts:
            self.index += 1
            return token.text
        return ""

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _fault(self.text, self._token.at, tr("嵌套太深。"), tr("请把它拆成几个 calculate 题。"))

    def _or(self) -> Node:
        parts = [self._and()]
        while self._take("or"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else either(parts, True)

    def _and(self) -> Node:
        parts = [self._chain(0)]
        while self._take("and"):
            parts.append(self._chain(0))
        return parts[0] if len(parts) == 1 else either(parts, False)

    _LEVELS: Final = (("=", "!="), ("<", "<=", ">", ">="), ("+", "-"), ("*", "div", "mod"))

    def _chain(self, level: int) -> Node:
        """Operators of one level, from left to right."""
        if level == len(self._LEVELS):
            return self._signed()
        first = self._chain(level + 1)
        parts: list[tuple[str, Node]] = []
        while sign := self._take(*self._LEVELS[level]):
            parts.append((sign, self._chain(level + 1)))
        return chained(first, parts) if parts else first

    def _signed(self) -> Node:
        if self._take("-"):
            self._deeper()
            node = chained(_constant(0), [("-", self._signed())])
            self.depth -= 1
            return node
        return self._single()

    def _single(self) -> Node:
        token = self._token
        self.index += 1
        if token.kind == "reference":
            self.names.add(token.text)
            return _reference(token.text)
        if token.kind == "number":
            return _constant(finite(float(token.text)))
        if token.kind == "string":
            return _constant(token.text[1:-1])
        if token.text == "." and token.kind == "sign":
            self.uses_current = True
            return lambda values, current: plain(current)
        if token.text == "(":
            self._deeper()
            node = self._or()
            self._close()
            self.depth -= 1
            return node
        if token.kind == "word":
            if self.of_choices and not (self._token.kind == "sign" and self._token.text == "("):
                self.columns.add(token.text)
                return _reference(COLUMN + token.text)
            return self._function(token)
        self.index -= 1
        raise self._unexpected()

    def _close(self) -> None:
        if not self._take(")"):
            raise self._unexpected()

    def _function(self, token: _Token) -> Node:
        if token.text not in FUNCTIONS:
            raise _fault(
                self.text,
                token.at,
                tr("没有函数“{name}”。").format(name=token.text),
                tr("可用的函数：{names}").format(names="、".join(sorted(FUNCTIONS))),
            )
        if not self._take("("):
            raise self._unexpected()
        self._deeper()
        arguments: list[Node] = []
        start = self.index
        if not self._take(")"):
            arguments.append(self._or())
            while self._take(","):
                arguments.append(self._or())
            self._close()
        self.depth -= 1
        fewest, most, function = FUNCTIONS[token.text]
        if not fewest <= len(arguments) <= most:
            what = tr("函数“{name}”的参数个数不对：{given} 个。").format(name=token.text, given=len(arguments))
            wanted = str(fewest) if fewest == most else tr("至少 {fewest}").format(fewest=fewest)
            raise _fault(self.text, token.at, what, tr("应有 {wanted} 个参数。").format(wanted=wanted))
        self._check_pattern(token, start)
        return call(token.text, arguments, function)

    def _check_pattern(self, token: _Token, start: int) -> None:
        """A pattern written out in ``regex(…, 'pattern')`` must be one."""
        last = self.tokens[self.index - 2]
        if token.text != "regex" or last.kind != "string" or self.index - 2 <= start:
            return
        if pattern(last.text[1:-1]) is None:
            raise _fault(self.text, last.at, tr("正则表达式有错。"), tr("请检查其中的括号和反斜杠。"))
