"""Texts in the parts of a workbook: how they are written into XML and read from it."""

from __future__ import annotations

import re
from typing import Final
from xml.parsers import expat

_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_SPECIAL: Final = re.compile("[&<>\r]")
# What Excel reads as a character by its number (ECMA-376 part 1, 22.9.2.19 ST_Xstring)
_NUMBERED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_LIKE_NUMBERED: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


def escaped(text: str) -> str:
    """``text``, which a cell can hold, as it stands in XML: what looks like a numbered character stays what it is."""
    if "_x" in text:
        text = _LIKE_NUMBERED.sub("_x005F_", text)
    return text.translate(_ESCAPES) if _SPECIAL.search(text) else text


def unescaped(text: str) -> str:
    """A text of a cell with its numbered characters."""
    return _NUMBERED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def read_strings(content: bytes) -> list[str]:
    """The shared strings, their runs joined, without phonetic hints."""
    found: list[str] = []
    parts: list[str] = []
    path: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        path.append(name.rpartition(" ")[2])

    def end(name: str) -> None:
        if path.pop() == "si":
            found.append(unescaped("".join(parts)))
            parts.clear()

    def text(piece: str) -> None:
        if path[-1] == "t" and "rPh" not in path:
            parts.append(piece)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.Parse(content, True)
    return found
