"""KML 2.2 (OGC 07-147r2): a placemark per record, a colour per status; no text becomes markup, nothing is fetched."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from barrierfree.formats.content import About, Tally
from barrierfree.formats.values import Column, Flat, Value, columns, flat, text
from barrierfree.model import words
from barrierfree.model.open_records import SiteRecord
from barrierfree.model.words import FindingState, Status
from barrierfree.symbols import symbol

_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"  # an identifier, never fetched
_SNIPPET: Final = 'maxLines="1"'


def write(records: Iterator[SiteRecord], about: About, tally: Tally) -> Iterator[str]:
    """The records of a layer as placemarks, elements in the order of the schema."""
    told = columns(about)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="{_NAMESPACE}">\n<Document>\n'
    yield f"<name>{_xml(about.title)}</name>\n<Snippet {_SNIPPET}>{_xml(about.generator)}</Snippet>\n"
    states = list(FindingState) if about.layer == "findings" else list(Status)
    yield from (_style(state.value) for state in states)
    yield f'<Schema name="{about.layer}" id="{about.layer}">\n'
    yield from (_field(column) for column in told)
    yield "</Schema>\n"
    for one in flat(records, about, tally, places=True):
        yield _placemark(one, told, about.layer)
    yield "</Document>\n</kml>\n"


def _style(status: str) -> str:
    """The colour of the status glyph as KML writes it (aabbggrr); the icon is the viewer's own."""
    red, green, blue = (symbol(status).light[at : at + 2] for at in (1, 3, 5))
    colour = f"ff{blue}{green}{red}".lower()
    return (
        f'<Style id="{status}"><IconStyle><color>{colour}</color></IconStyle>'
        f"<LabelStyle><scale>0.8</scale></LabelStyle></Style>\n"
    )


def _field(column: Column) -> str:
    return (
        f'<SimpleField type="{column.kind}" name="{column.name}">'
        f"<displayName>{_xml(column.title)}</displayName></SimpleField>\n"
    )


def _placemark(one: Flat, told: tuple[Column, ...], layer: str) -> str:
    assert one.position is not None
    filled = [(c, one.values[c.name]) for c in told if one.values[c.name] not in (None, "")]
    kind = FindingState if layer == "findings" else Status
    # a viewer takes a description for HTML: the text is made harmless for that, then for XML
    lines = [f"{c.title}：{value}" for c, value in filled if not _is_code(c, told)]
    shown = "<br>".join(html.escape(text(line)).replace("\n", "<br>") for line in lines)
    data = "".join(f"<SimpleData name={quoteattr(c.name)}>{_xml(value)}</SimpleData>" for c, value in filled)
    lon, lat = one.position
    return (
        f'<Placemark id="p{_xml(one.id)}"><name>{_xml(one.title)}</name>'
        f"<Snippet {_SNIPPET}>{_xml(words.label(kind(one.status)))}</Snippet>"
        f"<description>{escape(shown)}</description><styleUrl>#{one.status}</styleUrl>"
        f'<ExtendedData><SchemaData schemaUrl="#{layer}">{data}</SchemaData></ExtendedData>'
        f"<Point><coordinates>{lon:.7f},{lat:.7f}</coordinates></Point></Placemark>\n"
    )


def _is_code(column: Column, told: tuple[Column, ...]) -> bool:
    """Whether the same stands beside it in words."""
    return any(other.name == f"{column.name}_zh" for other in told)


def _xml(value: Value) -> str:
    return escape(text(value))
