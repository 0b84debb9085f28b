"""Leaflet alone: prints the median ms of work from the JSON of the points to pixels, of 15 fresh drawings."""

import pathlib
import sys

from PySide6.QtCore import QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

folder, points, page = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
page.write_text(f"""<link rel="stylesheet" href="file://{folder}/leaflet.css"><script src="file://{folder}/leaflet.js">
</script><body style="margin:0"><div id="map" style="height:100vh"></div><script src="file://{points}"></script><script>
const map = L.map("map", {{ preferCanvas: true, zoomSnap: 0.25 }}).fitBounds(POINTS), text = JSON.stringify(POINTS);
const frame = () => new Promise((done) => requestAnimationFrame(done)), times = [];
(async () => {{ for (let round = 0; round < 15; round += 1) {{
  await frame();
  const begun = performance.now(), layer = L.layerGroup().addTo(map);
  JSON.parse(text).forEach((p) => layer.addLayer(L.circleMarker(p, {{ radius: 5 }})));
  const renderer = map.getRenderer(layer.getLayers()[0]);
  renderer._redraw();
  renderer._ctx.getImageData(0, 0, 1, 1);
  times.push(performance.now() - begun);
  layer.remove();
}} document.title = "ms " + times.sort((x, y) => x - y)[7]; }})();</script>""")
application, view = QApplication([]), QWebEngineView()
view.resize(900, 600)
view.titleChanged.connect(lambda t: t.startswith("ms ") and (print(t[3:], flush=True), view.close()))
view.load(QUrl.fromLocalFile(str(page)))
view.show()
application.exec()
