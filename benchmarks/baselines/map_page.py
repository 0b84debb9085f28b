"""Leaflet alone in a web view: arguments are the Leaflet folder and the points; prints ms until painted."""

import pathlib
import sys
import time

from PySide6.QtCore import QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QMainWindow

folder, points, page = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
page.write_text(f"""<link rel="stylesheet" href="file://{folder}/leaflet.css"><script src="file://{folder}/leaflet.js">
</script><body style="margin:0"><div id="map" style="height:100vh"></div><script src="file://{points}"></script><script>
const map = L.map("map", {{ preferCanvas: true, zoomSnap: 0.25 }}).fitBounds(POINTS);
POINTS.forEach((p) => L.circleMarker(p, {{ radius: 5 }}).addTo(map));
requestAnimationFrame(() => requestAnimationFrame(() => {{ document.title = "painted"; }}));</script>""")
application, window = QApplication([]), QMainWindow()
window.resize(1366, 768)
window.show()
application.processEvents()
begun, view = time.perf_counter(), QWebEngineView()
window.setCentralWidget(view)
view.titleChanged.connect(lambda title: title == "painted" and application.exit())
view.load(QUrl.fromLocalFile(str(page)))
application.exec()
print((time.perf_counter() - begun) * 1000)
