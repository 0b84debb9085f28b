"""The cell styles of a template; a few are added at the end, so that those that are there keep their numbers."""

from __future__ import annotations

import re
from typing import Final, Literal
from xml.parsers import expat

from barrierfree.workbook.sheet_scan import element_end, tag_end

# Number formats that are built in (ECMA-376 part 1, 18.8.30 numFmt): 0 General, 49 @; these show dates
_BUILT_IN_DATES: Final = frozenset({*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58})
_BUILT_IN_NUMBERS: Final = frozenset({*range(1, 12), *range(37, 41), 48})
_FIXED: Final = {0: 1, 2: 2}  # decimals: the format 0, 0.00
_FIRST_OWN: Final = 164  # numbers below are kept for built-in formats
_IN_QUOTES: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)

Shown = Literal["", "text", "number", "date"]


class Styles:
    """The part ``styles``; without one every style is 0 and none can be added."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._xfs: list[bytes] = []
        self._formats: list[int] = []
        self._codes: dict[int, str] = {}
        self._spans: dict[str, tuple[int, int]] = {}  # bytes of the start tag and of the end tag
        self._root_end = 0
        self._added: dict[tuple[int, int], int] = {}
        self._new_codes: dict[str, int] = {}
        if content:
            self._scan()

    @property
    def changed(self) -> bool:
        """Whether a style was added."""
        return bool(self._added)

    def shows(self, style: int) -> Shown:
        """What a cell of this style shows: a date, a number, a text; '' if it is General."""
        number = self._formats[style] if style < len(self._formats) else 0
        if number in _BUILT_IN_DATES:
            return "date"
        if number in _BUILT_IN_NUMBERS:
            return "number"
        code = "@" if number == 49 else self._codes.get(number, "")
        bare = _IN_QUOTES.sub("", code.split(";")[0])
        if "@" in bare:
            return "text"
        if re.search("[ymd]", bare, re.IGNORECASE) and "general" not in bare.lower():
            return "date"
        return "number" if re.search("[0#?]", bare) else ""

    def as_text(self, style: int) -> int:
        """The same style showing text, where it is General; else the style itself."""
        return self._with(style, 49)

    def with_decimals(self, style: int, decimals: int) -> int:
        """The same style showing that many digits behind the point, where it is General."""
        if self._general(style) and self._xfs:
            return self._with(style, self._fixed(decimals))
        return style

    def _general(self, style: int) -> bool:
        if style >= len(self._formats):
            return False
        number = self._formats[style]
        return number == 0 or self._codes.get(number, "").lower() == "general"  # LibreOffice has it among its own

    def _with(self, style: int, form: int) -> int:
        if not self._general(style):
            return style
        return self._added.setdefault((style, form), len(self._xfs) + len(self._added))

    def _fixed(self, decimals: int) -> int:
        if decimals in _FIXED:
            return _FIXED[decimals]
        code = "0." + "0" * decimals
        for number, known in self._codes.items():
            if known == code:
                return number
        taken = [_FIRST_OWN - 1, *self._codes, *self._new_codes.values()]
        return self._new_codes.setdefault(code, max(taken) + 1)

    def content(self) -> bytes:
        """The part with the added styles; byte for byte as it was if there are none."""
        if not self._added:
            return self._content
        start, end = self._spans["cellXfs"]
        made = [_with_format(self._xfs[style], form) for style, form in self._added]
        tag_to = tag_end(self._content, start)
        tag = _counted(self._content[start:tag_to], len(self._xfs) + len(made))
        text = self._content[:start] + tag + self._content[tag_to:end] + b"".join(made) + self._content[end:]
        return self._with_codes(text) if self._new_codes else text

    def _with_codes(self, text: bytes) -> bytes:
        """Own number formats stand before all else in the part, so the places found hold there still."""
        prefix = re.match(rb"<((?:[^\s:/>]+:)?)", self._content[self._spans["cellXfs"][0] :])
        p = prefix[1] if prefix else b""
        made = b"".join(
            b'<%snumFmt numFmtId="%d" formatCode="%s"/>' % (p, number, code.encode())
            for code, number in self._new_codes.items()
        )
        if "numFmts" not in self._spans:
            at = self._root_end
            return text[:at] + b'<%snumFmts count="%d">%s</%snumFmts>' % (p, len(self._new_codes), made, p) + text[at:]
        start, end = self._spans["numFmts"]
        tag_to = tag_end(text, start)
        tag = _counted(text[start:tag_to], len(self._codes) + len(self._new_codes))
        return text[:start] + tag + text[tag_to:end] + made + text[end:]

    def _scan(self) -> None:
        path: list[str] = []
        starts: list[int] = []
        parser = expat.ParserCreate(namespace_separator=" ")

        def start(full: str, attributes: dict[str, str]) -> None:
            name = full.rpartition(" ")[2]
            path.append(name)
            starts.append(parser.CurrentByteIndex)
            if len(path) == 1:
                self._root_end = tag_end(self._content, starts[0])
            if path[1:2] == ["cellXfs"] and len(path) == 3:
                self._formats.append(int(attributes.get("numFmtId", "0")))
            if path[1:] == ["numFmts", "numFmt"]:
                self._codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")

        def end(full: str) -> None:
            name, begun, here = path.pop(), starts.pop(), parser.CurrentByteIndex
            if len(path) == 1 and name in ("cellXfs", "numFmts"):
                self._spans[name] = (begun, here)
            if path[1:2] == ["cellXfs"] and len(path) == 2:
                self._xfs.append(self._content[begun : element_end(self._content, begun, here)])

        parser.StartElementHandler, parser.EndElementHandler = start, end
        try:
            parser.Parse(self._content, True)
        except expat.ExpatError as error:
            raise ValueError(str(error)) from error


def _counted(tag: bytes, count: int) -> bytes:
    return re.sub(rb'(\scount\s*=\s*["\'])\d+', rb"\g<1>%d" % count, tag, count=1)


def _with_format(xf: bytes, form: int) -> bytes:
    """A copy of the element ``xf`` with another number format."""
    end = tag_end(xf, 0)
    tag, rest = xf[:end], xf[end:]
    tag = re.sub(rb'\s(?:numFmtId|applyNumberFormat)\s*=\s*(?:"[^"]*"|\'[^\']*\')', b"", tag)
    name = re.match(rb"<[^\s/>]+", tag)
    at = name.end() if name else 0
    return tag[:at] + b' numFmtId="%d" applyNumberFormat="1"' % form + tag[at:] + rest
