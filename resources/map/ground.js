// What lies under the sites: the outline and a grid in metres.
"use strict";
(function (bf) {
  const map = bf.map, data = bf.data;
  map.createPane("ground").style.zIndex = 250;
  const ground = L.canvas({ pane: "ground" });
  const grid = L.layerGroup().addTo(map);
  let outline = null, grounded = true;
  if (data.outline && data.outline.type) {
    outline = L.geoJSON(data.outline, {
      pane: "ground", interactive: false, renderer: ground,
      style: { color: data.colours.accent, weight: 2, dashArray: "6 5", fillColor: data.colours.area, fillOpacity: 1 },
    }).addTo(map);
  }
  function drawGrid() {
    grid.clearLayers();
    if (!grounded) { return; }
    const b = map.getBounds(), metre = 1 / 111320, across = metre / Math.cos(map.getCenter().lat * Math.PI / 180);
    const height = (b.getNorth() - b.getSouth()) / metre, steps = [50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000];
    const step = steps.concat([100000, 200000, 500000, 1000000]).find((s) => height / s < 9) || 5000000;
    const style = { pane: "ground", renderer: ground, interactive: false, color: data.colours.grid, weight: 1 };
    const dy = step * metre, dx = step * across;
    for (let y = Math.floor(b.getSouth() / dy) * dy; y <= b.getNorth(); y += dy) {
      grid.addLayer(L.polyline([[y, b.getWest()], [y, b.getEast()]], style));
    }
    for (let x = Math.floor(b.getWest() / dx) * dx; x <= b.getEast(); x += dx) {
      grid.addLayer(L.polyline([[b.getSouth(), x], [b.getNorth(), x]], style));
    }
  }
  bf.showGround = (shown) => { // a basemap takes the place of the grid and of what fills the outline
    if (shown === grounded) { return; }
    grounded = shown;
    if (outline) { outline.setStyle({ fillOpacity: shown ? 1 : 0 }); }
    drawGrid();
  };
  bf.showOutline = (shown) => { if (outline && shown !== map.hasLayer(outline)) { if (shown) { outline.addTo(map); } else { outline.remove(); } } };
  map.on("moveend", drawGrid);
})(window.barrierfree);
