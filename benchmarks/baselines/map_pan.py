"""Leaflet alone: the same pans and zooms, the same circles on a canvas, given at once; prints JSON: p50, p95 in ms."""

import pathlib
import sys

from PySide6.QtCore import QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

folder, shapes, page = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
page.write_text(f"""<link rel="stylesheet" href="file://{folder}/leaflet.css"><script src="file://{folder}/leaflet.js">
</script><body style="margin:0"><div id="map" style="height:100vh"></div><script src="file://{shapes}"></script><script>
const map = L.map("map", {{ preferCanvas: true, zoomSnap: 0.25 }}).setView(VIEWS[0].centre, VIEWS[0].zoom);
const frame = () => new Promise((done) => requestAnimationFrame(done)), times = [];
(async () => {{ let layer = L.layerGroup().addTo(map); for (const view of VIEWS) {{
  const text = JSON.stringify(view.items);
  await frame();
  const begun = performance.now();
  map.setView(view.centre, view.zoom, {{ animate: false }});
  layer.remove();
  layer = L.layerGroup().addTo(map);
  JSON.parse(text).forEach((p) => layer.addLayer(L.circleMarker([p[0], p[1]], {{ radius: p[2] }})));
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
