"""How long the first opening of the map page takes until its sites are painted, in ms; the window stood idle before."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QEventLoop

from benchmarks.children.program import opened, rest


def main(survey: str) -> None:
    program, window = opened(survey)
    rest(2500)
    begun = time.perf_counter()
    window.show_page("map")
    loop = QEventLoop()
    window.page("map").map.painted.connect(loop.quit)  # type: ignore[attr-defined]
    loop.exec()
    took = (time.perf_counter() - begun) * 1000
    program.close()
    print(took, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
