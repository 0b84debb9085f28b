"""Nothing leaves the map's page, and nothing in a name becomes part of it; seen in a real web engine."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from pytestqt.exceptions import TimeoutError as WaitedTooLong
from pytestqt.qtbot import QtBot

from barrierfree.gui.map_page import MapPage
from tests.builders import new_site, survey
from tests.gui.program import running
from tests.gui.test_map_page import ask, shown

pytestmark = pytest.mark.slow
LEAVING = {
    "fetch http": ("fetch('http://example.org/a').catch(() => 0)", "http://example.org/a"),
    "fetch https": ("fetch('https://example.org/b').catch(() => 0)", "https://example.org/b"),
    "fetch file": ("fetch('file:///etc/passwd').catch(() => 0)", "file"),
    "fetch ftp": ("fetch('ftp://example.org/c').catch(() => 0)", "ftp"),
    "request": ("(r => { r.open('POST', 'https://example.org/d'); r.send('x'); })(new XMLHttpRequest())",
                "https://example.org/d"),
    "beacon": ("navigator.sendBeacon('https://example.org/e', 'x')", "https://example.org/e"),
    "websocket": ("(() => { try { new WebSocket('wss://example.org/f'); } catch (e) {} })()", "wss://example.org/f"),
    "events": ("new EventSource('https://example.org/g')", "https://example.org/g"),
    "image": ("new Image().src = 'http://example.org/h.png'", "http://example.org/h.png"),
    "image of a file": ("new Image().src = 'file:///etc/hostname'", "file"),
    "script": ("add('script', { src: 'https://example.org/i.js' })", "https://example.org/i.js"),
    "style": ("add('link', { rel: 'stylesheet', href: 'https://example.org/j.css' })", "https://example.org/j.css"),
    "font": ("new FontFace('f', 'url(https://example.org/k.woff)').load().catch(() => 0)", "https://example.org/k.woff"),
    "frame": ("add('iframe', { src: 'https://example.org/l' })", "https://example.org"),
    "frame of a file": ("add('iframe', { src: 'file:///etc/passwd' })", "file"),
    "inline script": ("add('script', { textContent: 'document.title = \"hacked\"' })", "inline"),
    "handler": ("add('p', { innerHTML: '<img src=x onerror=\"document.title=1\">' })", "inline"),
    "link": ("add('a', { href: 'https://example.org/m' }).click()", "https://example.org/m"),
    "link to a new window": ("add('a', { href: 'https://example.org/n', target: '_blank' }).click()",
                             "https://example.org/n"),
    "window": ("window.open('https://example.org/o')", "https://example.org/o"),
    "address": ("location.href = 'https://example.org/p'", "https://example.org/p"),
    "address ftp": ("location.href = 'ftp://example.org/q'", "ftp://example.org/q"),
    "address of a letter": ("location.href = 'mailto:x@example.org'", "mailto:x@example.org"),
    "address of a file": ("location.href = 'file:///etc/passwd'", "file:///etc/passwd"),
    "address elsewhere": ("location.href = 'barrierfree://other/'", "barrierfree://other/"),
    "form": ("(f => { f.method = 'post'; f.submit(); })(add('form', { action: 'https://example.org/r' }))",
             "https://example.org/r"),
    "form here": ("(f => { f.method = 'post'; f.submit(); })(add('form', { action: 'barrierfree://map/event/x' }))",
                  "barrierfree"),
    "download": ("add('a', { href: 'data:text/plain,x', download: 'x.txt' }).click()", "data:text/plain,x"),
    "download of a blob": ("add('a', { href: URL.createObjectURL(new Blob(['x'])), download: 'y' }).click()", "blob:"),
    "place": ("navigator.geolocation.getCurrentPosition(() => { document.title = 'hacked'; }, () => 0)", "Geolocation"),
    "notes": ("Notification.requestPermission()", "Notifications"),
}  # fmt: skip
ADD = (
    "window.add = (tag, values) => { const made = Object.assign(document.createElement(tag), values);"
    " document.body.appendChild(made); return made; }; 1"
)


def counted(page: MapPage, seen: str) -> bool:
    return any(seen in one for one in page.map.blocker.blocked)


def test_nothing_leaves_and_every_attempt_is_counted(qtbot: QtBot, tmp_path: Path) -> None:
    with survey(tmp_path / "s.gpkg") as store:
        store.add_sites([new_site("a")], person="p")
    with running(qtbot, tmp_path / "s.gpkg", tmp_path / "home") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: bool(ask(qtbot, page, "barrierfree.state.painted")), timeout=10000)
        assert page.map.blocker.blocked == []
        ask(qtbot, page, ADD)
        missed = []
        for what, (script, seen) in LEAVING.items():
            page.map.blocker.blocked.clear()
            ask(qtbot, page, f"{{ {script}; }} 1")
            try:
                qtbot.waitUntil(partial(counted, page, seen), timeout=3000)
            except WaitedTooLong:
                missed.append((what, list(page.map.blocker.blocked)))
        assert missed == []
        assert ask(qtbot, page, "document.title") != "hacked"
        assert ask(qtbot, page, "location.href") == "barrierfree://map/"
        assert ask(qtbot, page, "barrierfree.state.drawn") == 1, "the page still stands"


NAMES = {
    "<img src=x onerror=\"document.title='hacked'\">": "<img src=x onerror=\"document.title='hacked'\">",
    "</script><script>document.title='hacked'</script>": "</script><script>document.title='hacked'</script>",
    "\u202eright to left\u200f": "\u202eright to left\u200f",
    "长" * 2000: "长" * 79 + "…",
    "😀" * 90: "😀" * 79 + "…",
    "two\nlines\u2028and\ta\x00third": "two lines and a third",
    "']); document.title='hacked'; //": "']); document.title='hacked'; //",
}


def test_names_are_shown_as_they_are_and_never_become_markup(qtbot: QtBot, tmp_path: Path) -> None:
    with survey(tmp_path / "s.gpkg") as store:
        sites = [new_site(str(n), name, lon=116.445 + n * 0.003) for n, name in enumerate(NAMES)]
        ids = store.add_sites(sites, person="p").ids
    with running(qtbot, tmp_path / "s.gpkg", tmp_path / "home") as program:
        page = shown(qtbot, program)
        qtbot.waitUntil(lambda: ask(qtbot, page, "barrierfree.state.drawn") == len(NAMES), timeout=10000)
        for site, wanted in zip(ids, NAMES.values(), strict=True):
            ask(qtbot, page, f"barrierfree.hover(barrierfree.layer.sites.find(s => s.id === '{site}')); 1")
            assert ask(qtbot, page, "document.querySelector('.leaflet-tooltip bdi').textContent") == wanted
            tip = "document.querySelector('.leaflet-tooltip')"
            assert ask(qtbot, page, f"{tip}.querySelectorAll('bdi *, img, script').length") == 0
            assert ask(qtbot, page, f"getComputedStyle({tip}.querySelector('bdi')).unicodeBidi") == "isolate"
            inside = f"(r => r.left >= 0 && r.right <= innerWidth && r.width <= 300)({tip}.getBoundingClientRect())"
            assert ask(qtbot, page, inside)
            ask(
                qtbot,
                page,
                f"barrierfree.say(barrierfree.describe(barrierfree.layer.sites.find(s => s.id === '{site}'))); 1",
            )
            assert ask(qtbot, page, "document.querySelector('.bf-live').children.length") == 0
            page.map.show_changes([site])
        assert ask(qtbot, page, "document.title") != "hacked"
        assert page.map.blocker.blocked == []
