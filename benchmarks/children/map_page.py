"""How long the first opening of the map page takes until its sites are painted, in ms; the window stood idle before."""

from __future__ import annotations

import sys
import time

from benchmarks.children.program import opened, rest, until


def main(survey: str) -> None:
    program, window = opened(survey)
    rest(2500)
    begun = time.perf_counter()
    window.show_page("map")
    view = window.page("map").map  # type: ignore[attr-defined]
    drawn: list[int] = []
    view.drawn.connect(lambda n, _total: drawn.append(n))
    until(lambda: any(drawn))
    view.ask("requestAnimationFrame(() => { document.title = 'painted'; })", lambda _answer: None)
    until(lambda: view.view.title() == "painted")
    took = (time.perf_counter() - begun) * 1000
    program.close()
    print(took, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
