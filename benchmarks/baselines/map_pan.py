"""Leaflet alone: the same pans and zooms, and the same shapes as layers on a canvas; prints JSON: p50, p95 in ms.

What each view shows is given at once: nothing is asked for. A cluster is a ring of its states with a sign and a number.
"""

import pathlib
import sys

from PySide6.QtCore import QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

folder, shapes, page = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
page.write_text(f"""<link rel="stylesheet" href="file://{folder}/leaflet.css"><script src="file://{folder}/leaflet.js">
</script><body style="margin:0"><div id="map" style="height:100vh"></div><script src="file://{shapes}"></script><script>
const map = L.map("map", {{ preferCanvas: true, zoomSnap: 0.25 }}).setView(VIEWS[0].centre, VIEWS[0].zoom);
const Ring = L.CircleMarker.extend({{ _updatePath: function () {{
  const ctx = this._renderer._ctx, p = this._point, r = this._radius;
  if (!this._renderer._drawing || this._empty()) {{ return; }}
  ctx.beginPath(); ctx.arc(p.x, p.y, r + 1, 0, 7); ctx.fillStyle = "white"; ctx.fill();
  let from = 0; ctx.lineWidth = 5;
  for (const [ink, n] of this.options.parts) {{
    const to = from + 2 * Math.PI * n / this.options.n;
    ctx.beginPath(); ctx.arc(p.x, p.y, r - 2.5, from, to); ctx.strokeStyle = ink; ctx.stroke(); from = to;
  }}
  ctx.beginPath(); ctx.moveTo(p.x, p.y - 12); ctx.lineTo(p.x + 6, p.y - 2); ctx.lineTo(p.x - 6, p.y - 2); ctx.fill();
  ctx.fillStyle = "black"; ctx.font = "600 12px sans-serif"; ctx.textAlign = "center";
  ctx.fillText(this.options.n.toLocaleString("en"), p.x, p.y + 8);
}} }});
const frame = () => new Promise((done) => requestAnimationFrame(done)), times = [];
(async () => {{ let layer = L.layerGroup().addTo(map); for (const view of VIEWS) {{
  const text = JSON.stringify(view.items);
  await frame();
  const begun = performance.now();
  map.setView(view.centre, view.zoom, {{ animate: false }});
  layer.remove();
  layer = L.layerGroup().addTo(map);
  JSON.parse(text).forEach((p) => layer.addLayer(p[3] > 1
    ? new Ring([p[0], p[1]], {{ radius: p[2], n: p[3], parts: p[4] }})
    : L.circleMarker([p[0], p[1]], {{ radius: p[2], color: p[4] }})));
  const one = layer.getLayers()[0];
  if (one) {{ const renderer = map.getRenderer(one); renderer._redraw(); renderer._ctx.getImageData(0, 0, 1, 1); }}
  times.push(performance.now() - begun);
}}
times.sort((a, b) => a - b);
const part = (share) => times[Math.floor(times.length * share)];
document.title = JSON.stringify({{ p50: part(0.5), p95: part(0.95) }});
}})();</script>""")
application, view = QApplication([]), QWebEngineView()
view.resize(830, 640)
view.titleChanged.connect(lambda t: t.startswith("{") and (print(t, flush=True), view.close()))
view.load(QUrl.fromLocalFile(str(page)))
view.show()
application.exec()
