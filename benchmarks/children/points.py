"""How long our page works from the features' JSON to the pixels, in ms; median of 15 fresh drawings.

Both sides are made to paint at once and read a pixel back: waiting for a frame would measure the screen's rhythm.
"""

from __future__ import annotations

import sys

from benchmarks.children.program import opened, until

# The page's own ``draw`` is reached through its ``refresh``: what it fetches is put in its way.
_SCRIPT = """
(async () => {
  const real = window.fetch;
  const query = new URLSearchParams(barrierfree.view());
  const answer = await (await real("features?" + query)).json(), times = [];
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  async function draw(text) {
    let told, begun = 0;
    const painted = new Promise((done) => { told = done; });
    window.fetch = async (url) => {
      if (url.startsWith("event/")) {
        if (url.startsWith("event/drawn")) { barrierfree.flush(); told(performance.now() - begun); }
        return {};
      }
      begun = performance.now();
      return { json: async () => JSON.parse(text) };
    };
    barrierfree.refresh();
    return painted;
  }
  for (let round = 0; round < 15; round += 1) {
    await draw(JSON.stringify({ sites: [], total: 0 }));
    await frame();
    const sites = answer.sites.map((s) => [round + s[0], ...s.slice(1)]);
    times.push(await draw(JSON.stringify({ sites: sites, total: sites.length })));
  }
  document.title = "ms " + times.sort((x, y) => x - y)[7] + " n " + answer.sites.length;
})();
"""


def main(survey: str) -> None:
    program, window = opened(survey)
    window.show_page("map")
    view = window.page("map").map  # type: ignore[attr-defined]
    drawn: list[int] = []
    view.drawn.connect(lambda n, _total: drawn.append(n))
    until(lambda: any(drawn))
    view.ask(_SCRIPT, lambda _answer: None)
    until(lambda: view.view.title().startswith("ms "))
    title = view.view.title().split()
    program.close()
    print(title[1], flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
