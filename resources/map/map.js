// The live part of the map page: asks for its view, draws shapes on one canvas, tells what was selected.
"use strict";
(function () {
  const data = window.barrierfreeData;
  const map = window[window.barrierfreeMapName]; // folium makes it in a script of its own, before this one
  const words = data.words;
  for (const [name, value] of Object.entries(data.colours)) {
    document.documentElement.style.setProperty("--bf-" + name, value);
  }
  map.getContainer().style.background = data.colours.ground;
  map.getContainer().setAttribute("aria-label", words.map);
  L.control.zoom({ position: "topright", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false, position: "bottomright" }).addTo(map);

  // -- glyphs: each status is drawn once for each size and stamped from there; all sites are one layer --------------
  const width = data.legend.length * 2 * data.radii[0] * data.ratio;
  const sheet = new ImageData(Uint8ClampedArray.from(atob(data.sheet), (one) => one.charCodeAt(0)), width);
  const stamps = new Map();
  function stamp(status, r) {
    const key = r + status;
    if (!stamps.has(key)) {
      const canvas = document.createElement("canvas"), side = 2 * r * data.ratio;
      const above = data.radii.slice(0, data.radii.indexOf(r)).reduce((sum, one) => sum + 2 * one * data.ratio, 0);
      const left = data.legend.findIndex((one) => one[0] === status) * 2 * data.radii[0] * data.ratio;
      canvas.width = canvas.height = side;
      canvas.getContext("2d").putImageData(sheet, -left, -above, left, above, side, side);
      stamps.set(key, canvas);
    }
    return stamps.get(key);
  }
  function radius() {
    const zoom = map.getZoom();
    return data.radii[zoom >= 17 ? 0 : zoom >= 15.5 ? 1 : zoom >= 14 ? 2 : 3];
  }
  let chosen = "";
  const Sites = L.Canvas.extend({ // a renderer without paths: panning and the zoom's animation are Leaflet's
    sites: [],
    request: function () {
      if (this._map) { this._redrawRequest = this._redrawRequest || L.Util.requestAnimFrame(this._redraw, this); }
    },
    _draw: function () {
      if (!this._ctx || !this._bounds) { return; }
      const begun = performance.now(), r = radius(), held = {};
      for (const key of data.order) { held[key] = stamp(key, r); }
      const min = this._bounds.min, max = this._bounds.max;
      let ringed = null;
      for (const site of this.sites) {
        const p = site.at = this._map.latLngToLayerPoint([site[3], site[2]]);
        if (p.x < min.x - r || p.x > max.x + r || p.y < min.y - r || p.y > max.y + r) { continue; }
        if (held[site[4]]) { this._ctx.drawImage(held[site[4]], p.x - r, p.y - r, 2 * r, 2 * r); }
        if (site[0] === chosen) { ringed = p; }
      }
      if (ringed) { // last, so that no neighbour covers it
        this._ctx.beginPath();
        this._ctx.arc(ringed.x, ringed.y, r + 5, 0, Math.PI * 2);
        this._ctx.lineWidth = 4;
        this._ctx.strokeStyle = data.colours.focus;
        this._ctx.stroke();
      }
      state.lastDrawMs = performance.now() - begun;
    },
    nearest: function (point) {
      let best = null, least = (radius() + 6) ** 2;
      for (let i = this.sites.length - 1; i >= 0; i -= 1) { // from the top
        const p = this.sites[i].at;
        const far = p ? (p.x - point.x) ** 2 + (p.y - point.y) ** 2 : Infinity;
        if (far < least) { best = this.sites[i]; least = far; }
      }
      return best;
    },
  });

  // -- ground: the outline and a grid in metres --------------------------------------------------------------------
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
    const height = (b.getNorth() - b.getSouth()) / metre;
    const step = [50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000].find((s) => height / s < 9) || 100000;
    const style = { pane: "ground", renderer: ground, interactive: false, color: data.colours.grid, weight: 1 };
    const dy = step * metre, dx = step * across;
    for (let y = Math.floor(b.getSouth() / dy) * dy; y <= b.getNorth(); y += dy) {
      grid.addLayer(L.polyline([[y, b.getWest()], [y, b.getEast()]], style));
    }
    for (let x = Math.floor(b.getWest() / dx) * dx; x <= b.getEast(); x += dx) {
      grid.addLayer(L.polyline([[b.getSouth(), x], [b.getNorth(), x]], style));
    }
  }

  // -- boxes: how many are shown, legend -----------------------------------------------------------------------------
  const Count = L.Control.extend({
    onAdd: function () {
      const box = L.DomUtil.create("div", "bf-box");
      this.line = L.DomUtil.create("div", "bf-count", box);
      this.line.setAttribute("role", "status");
      this.note = L.DomUtil.create("div", "bf-note", box);
      this.note.textContent = data.outline_note;
      return box;
    },
  });
  const count = new Count({ position: "topleft" }).addTo(map);
  const Legend = L.Control.extend({
    onAdd: function () {
      const box = L.DomUtil.create("details", "bf-box bf-legend");
      const head = L.DomUtil.create("summary", "", box);
      head.textContent = words.legend;
      const list = L.DomUtil.create("ul", "", box);
      for (const [key, word] of data.legend) {
        const item = L.DomUtil.create("li", "", list);
        const picture = L.DomUtil.create("span", "", item);
        picture.innerHTML = data.symbols[key]; // our own drawing, shipped with the program
        L.DomUtil.create("span", "", item).textContent = word;
      }
      box.open = window.innerHeight > 240 + 32 * data.legend.length;
      L.DomEvent.disableClickPropagation(box);
      return box;
    },
  });
  new Legend({ position: "bottomleft" }).addTo(map);

  // -- sites ---------------------------------------------------------------------------------------------------------
  const rank = Object.fromEntries(data.order.map((key, at) => [key, at]));
  let asking = null, hovered = null;
  const state = { drawn: 0, total: 0, requests: 0, aborted: 0, ready: false, lastDrawMs: 0 };
  const layer = new Sites().addTo(map);
  const tip = L.tooltip({ direction: "top", offset: [0, -12] });
  function under(e) {
    const target = e.originalEvent.target;
    return target.closest && target.closest(".leaflet-control") ? null : layer.nearest(e.layerPoint);
  }
  function hover(site) {
    if (site === hovered) { return; }
    hovered = site;
    map.getContainer().style.cursor = site ? "pointer" : "";
    if (site) {
      tip.setLatLng([site[3], site[2]]).setContent(tooltip(site[1]));
      map.openTooltip(tip);
    } else { map.closeTooltip(tip); }
  }
  map.on("click", (e) => {
    const site = under(e);
    if (site) { select(site[0]); tell("select", { id: site[0] }); }
  });
  map.on("mousemove", (e) => hover(under(e)));
  map.on("mouseout movestart zoomstart", () => hover(null));

  function tell(kind, values) {
    const query = new URLSearchParams(values || {});
    fetch("event/" + kind + "?" + query.toString()).catch(() => {});
  }
  function tooltip(name) {
    const text = document.createElement("span");
    text.textContent = name;
    return text;
  }
  function same(a, b) {
    return a.length === b.length && a.every((site, i) => site.length === b[i].length && b[i].every((v, k) => v === site[k]));
  }
  function draw(answer) {
    answer.sites.sort((a, b) => rank[a[4]] - rank[b[4]]); // what needs most attention lies on top
    if (!same(layer.sites, answer.sites)) {
      hover(null);
      layer.sites = answer.sites;
      layer.request();
    }
    state.drawn = answer.sites.length;
    state.total = answer.total;
    count.line.textContent = words.shown.replace("{shown}", state.drawn.toLocaleString("en"))
      .replace("{total}", state.total.toLocaleString("en"));
    tell("drawn", { drawn: state.drawn, total: state.total });
    if (!state.painted) {
      state.painted = true;
      requestAnimationFrame(() => requestAnimationFrame(() => tell("painted")));
    }
  }
  async function ask() {
    if (asking) { asking.abort(); state.aborted += 1; }
    const mine = asking = new AbortController();
    const b = map.getBounds().pad(0.02);
    const first = window.barrierfreeFirst; // came with the page, so that the first view needs no request
    if (first) {
      window.barrierfreeFirst = null;
      asking = null;
      draw({ sites: first.sites.filter((one) => b.contains([one[3], one[2]])), total: first.total });
      return;
    }
    const query = new URLSearchParams({ w: b.getWest(), s: b.getSouth(), e: b.getEast(), n: b.getNorth() });
    state.requests += 1;
    try {
      const reply = await fetch("features?" + query.toString(), { signal: mine.signal });
      const answer = await reply.json();
      if (mine === asking) { asking = null; draw(answer); }
    } catch (error) {
      if (mine === asking) { asking = null; if (error.name !== "AbortError") { count.line.textContent = words.failed; } }
    }
  }
  function select(id, pan) {
    chosen = id;
    layer.request();
    if (pan) { map.panTo(pan); }
  }
  map.on("moveend", () => { drawGrid(); ask(); tell("view", { lon: map.getCenter().lng, lat: map.getCenter().lat }); });
  window.barrierfree = {
    state: state,
    refresh: ask,
    select: (id, lat, lon) => select(id, lat === undefined ? null : [lat, lon]),
    showAll: (options) => map.fitBounds([[data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]],
      { padding: [12, 12], ...options }),
    position: (id) => {
      const site = layer.sites.find((one) => one[0] === id);
      return site ? map.latLngToContainerPoint([site[3], site[2]]) : null;
    },
    flush: () => { layer._redraw(); layer._ctx.getImageData(0, 0, 1, 1); }, // for measurements: painted when it returns
    ring: () => radius() + 5,
    colourAt: (x, y) => { // of a point of the container, for tests: "r,g,b"
      const at = map.containerPointToLayerPoint([x, y]).subtract(layer._bounds.min), by = layer._container.width / layer._bounds.getSize().x;
      return layer._ctx.getImageData(Math.round(at.x * by), Math.round(at.y * by), 1, 1).data.slice(0, 3).join(",");
    },
    map: map,
    showGround: (shown) => { // a basemap takes the place of the grid and of what fills the outline
      if (shown === grounded) { return; }
      grounded = shown;
      if (outline) { outline.setStyle({ fillOpacity: shown ? 1 : 0 }); }
      drawGrid();
    },
  };
  window.barrierfree.showAll({ animate: false }); // asks for its sites while the glyphs load
  state.ready = true;
  tell("ready");
})();
