// Files of the user's under the sites: points, lines, areas in a calm style; what is written of them is only ever text.
"use strict";
(function (bf) {
  const map = bf.map, held = new Map();
  map.createPane("layers").style.zIndex = 350;
  map.getPane("layers").style.pointerEvents = "none";
  const canvas = L.canvas({ pane: "layers", padding: 0.3 });
  const list = L.DomUtil.create("ul", "bf-layers", document.querySelector(".bf-legend"));
  const flip = (pairs) => pairs.map(([x, y]) => [y, x]);
  function drawn([kind, coordinates, lines], style) {
    const made = kind === "Point" ? L.circleMarker([coordinates[1], coordinates[0]], { ...style, radius: 5, fillOpacity: 0.6, dashArray: null })
      : kind === "LineString" ? L.polyline(flip(coordinates), style) : L.polygon(coordinates.map(flip), style);
    made.lines = lines;
    return made;
  }
  async function show(layer) {
    const mine = { group: L.layerGroup(), told: layer };
    held.set(layer.key, mine);
    const parts = await bf.fetch("layer/" + layer.key).catch(() => []);
    if (held.get(layer.key) !== mine) { return; } // taken away meanwhile
    const style = {
      pane: "layers", renderer: canvas, interactive: false, color: layer.colour, weight: 2, dashArray: layer.dash || null,
      fillOpacity: 0.12,
    };
    for (const part of parts) { mine.group.addLayer(drawn(part, style)); }
    mine.group.addTo(map);
    bf.state.layers[layer.key] = parts.length;
  }
  bf.state.layers = {};
  bf.showLayers = (layers) => {
    const wanted = new Map(layers.map((one) => [one.key, one]));
    for (const [key, one] of held) {
      if (JSON.stringify(wanted.get(key)) !== JSON.stringify(one.told)) { one.group.remove(); held.delete(key); delete bf.state.layers[key]; }
    }
    list.textContent = "";
    for (const one of layers) {
      const item = L.DomUtil.create("li", "", list), swatch = L.DomUtil.create("span", "bf-swatch", item);
      swatch.style.borderTop = "3px " + (one.dash ? "dashed " : "solid ") + one.colour;
      item.appendChild(bf.isolated(one.told));
      if (!held.has(one.key)) { show(one); }
    }
  };
  bf.showBox = (box) => map.fitBounds([[box[1], box[0]], [box[3], box[2]]], { padding: [20, 20], maxZoom: 18 });

  // -- what is written of the shape under the pointer ----------------------------------------------------------------------
  const tip = L.tooltip({ direction: "top", opacity: 1, offset: [0, -6] });
  let waiting = 0, last = null;
  function under(point) {
    let found = null;
    for (const { group } of held.values()) {
      group.eachLayer((one) => { if (one.lines.length && one._containsPoint && one._containsPoint(point)) { found = one; } });
    }
    return found;
  }
  function tell(e) {
    waiting = 0;
    const target = e.originalEvent.target, over = target.closest && target.closest(".leaflet-control, .bf-fan");
    const found = bf.mode || over || bf.layer.itemAt(e.layerPoint) ? null : under(e.layerPoint);
    if (found && found !== last) {
      const box = document.createElement("div");
      for (const line of found.lines) {
        const row = L.DomUtil.create("div", "", box);
        row.appendChild(bf.isolated(line));
      }
      tip.setContent(box);
    }
    if (found) { tip.setLatLng(e.latlng); map.openTooltip(tip); } else if (last) { map.closeTooltip(tip); }
    last = found;
  }
  map.on("mousemove", (e) => { if (held.size && !waiting) { waiting = requestAnimationFrame(() => tell(e)); } });
  map.on("mouseout", () => { last = null; map.closeTooltip(tip); });
})(window.barrierfree);
