"""What one would write otherwise: a folium.CircleMarker for each site, in a web view; prints ms until painted.

The page's scripts are our local ones, so that nothing waits for a network.
"""

import pathlib
import sqlite3
import sys
import time

import folium
from PySide6.QtCore import QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication, QMainWindow

leaflet, survey, page = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
folium.Map.default_js = [("leaflet", f"file://{leaflet}/leaflet.js")]
folium.Map.default_css = [("leaflet", f"file://{leaflet}/leaflet.css")]
application, window = QApplication([]), QMainWindow()
window.resize(1366, 768)
window.show()
application.processEvents()
begun = time.perf_counter()
rows = sqlite3.connect(survey).execute("SELECT lat, lon, name FROM sites WHERE lon IS NOT NULL").fetchall()
lats, lons = [r[0] for r in rows], [r[1] for r in rows]
made = folium.Map(tiles=None, prefer_canvas=True)
for lat, lon, name in rows:
    folium.CircleMarker([lat, lon], radius=5, tooltip=name).add_to(made)
made.fit_bounds([[min(lats), min(lons)], [max(lats), max(lons)]])
painted = "<script>requestAnimationFrame(() => requestAnimationFrame(() => { document.title = 'painted'; }));</script>"
page.write_text(made.get_root().render().replace("</html>", painted + "</html>"))
view = QWebEngineView()
window.setCentralWidget(view)
view.titleChanged.connect(lambda title: title == "painted" and application.exit())
view.load(QUrl.fromLocalFile(str(page)))
application.exec()
print((time.perf_counter() - begun) * 1000)
