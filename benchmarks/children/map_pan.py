"""Pans and zooms of our page over a survey until each is drawn; prints JSON: p50, p95 in ms, the renderer's MB.

Writes what each view showed to a script, for the bare page: the positions, radii and colours of its shapes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.children.program import opened, rest, until

PANS = 50

# Every third step zooms at the middle of the survey, the others pan by a third of the window.
_SCRIPT = """
(async () => {
  const map = barrierfree.map, box = %s, times = [], shapes = [];
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  let told = null;
  barrierfree.on("content", () => { if (told) { told(); } });
  async function step(move) {
    const drawn = new Promise((done) => { told = done; }), begun = performance.now();
    move();
    await drawn;
    barrierfree.flush();
    times.push(performance.now() - begun);
    told = null;
    const seen = barrierfree.layer.sites.concat(barrierfree.layer.clusters);
    const where = (s) => map.layerPointToLatLng(s.at || barrierfree.layer.place(s));
    const inks = Object.entries(barrierfree.data.inks), ink = (s) => barrierfree.data.inks[s.status];
    const parts = (s) => inks.map(([key, ink]) => [ink, s.counts[key] || 0]).filter((one) => one[1]);
    const rounded = (p, s) => [+p.lat.toFixed(6), +p.lng.toFixed(6), s.r, s.n, s.n > 1 ? parts(s) : ink(s)];
    shapes.push({ centre: [map.getCenter().lat, map.getCenter().lng], zoom: map.getZoom(),
      items: seen.map((s) => rounded(where(s), s)) });
    await frame();
  }
  const zooms = [12, 15.5, 14, 16, 15.75, 13, 16.5];
  const pans = [[270, 150], [-200, -120], [-270, 150], [200, -180]];
  const middle = [(box[1] + box[3]) / 2, (box[0] + box[2]) / 2]; // zooms lead back to it: there are sites
  await step(() => map.setView(middle, 12.5, { animate: false }));
  times.length = shapes.length = 0;
  for (let n = 0; n < %d; n += 1) {
    await step(() => (n %% 3 ? map.panBy(pans[n %% pans.length], { animate: false })
      : map.setView(middle, zooms[n / 3 %% zooms.length], { animate: false })));
  }
  times.sort((a, b) => a - b);
  const part = (share) => times[Math.floor(times.length * share)];
  window.benchDone = JSON.stringify({ p50: part(0.5), p95: part(0.95),
    shapes: Math.max(...shapes.map((s) => s.items.length)), views: shapes });
})();
"""


def resident_mb(process: int) -> float:
    """The memory a process has for itself, in MB (Linux): private pages, without what it shares with others."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    kb = sum(int(line.split()[1]) for line in text.splitlines() if line.startswith(("Private_Clean", "Private_Dirty")))
    return kb / 1000


def main(survey: str, shapes: str) -> None:
    program, window = opened(survey)
    rest(2000)
    window.show_page("map")
    frame = window.page("map").map  # type: ignore[attr-defined]
    until(lambda: frame.is_ready)
    rest(1500)
    got: list[Any] = []
    extent: list[Any] = []
    window.page("map")._context.tasks.read(lambda store: store.extent(), extent.append)  # type: ignore[attr-defined]
    until(lambda: bool(extent))
    frame.ask(_SCRIPT % (json.dumps(extent[0]), PANS), lambda _answer: None)
    found: list[str] = []

    def look() -> bool:
        frame.ask("window.benchDone || ''", lambda text: found.append(text) if text and not found else None)
        return bool(found)

    until(look, 300_000)
    rest(500)
    answer = json.loads(found[0])
    memory = resident_mb(frame._page.renderProcessPid())
    program.close()
    if shapes:
        Path(shapes).write_text(f"const VIEWS = {json.dumps(answer['views'])};")
    got.append({"p50": answer["p50"], "p95": answer["p95"], "shapes": answer["shapes"], "memory": memory})
    print(json.dumps(got[0]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
