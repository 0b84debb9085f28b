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

  // -- glyphs: each status is drawn once into a small canvas and stamped from there -------------------------------
  const SIZE = 22, RATIO = 2;
  const sprites = {};
  function loadSprites() {
    return Promise.all(Object.entries(data.symbols).map(([key, svg]) => new Promise((done) => {
      const image = new Image();
      image.onload = () => {
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = SIZE * RATIO;
        canvas.getContext("2d").drawImage(image, 0, 0, SIZE * RATIO, SIZE * RATIO);
        sprites[key] = canvas;
        done();
      };
      image.onerror = done;
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(svg);
    })));
  }
  L.Canvas.include({
    _stamp: function (layer) {
      if (!this._drawing || layer._empty()) { return; }
      const p = layer._point, r = layer._radius;
      const sprite = sprites[layer.options.status];
      if (sprite) { this._ctx.drawImage(sprite, p.x - r, p.y - r, 2 * r, 2 * r); }
      if (layer.options.chosen) {
        this._ctx.beginPath();
        this._ctx.arc(p.x, p.y, r + 4, 0, Math.PI * 2);
        this._ctx.lineWidth = 4;
        this._ctx.strokeStyle = data.colours.focus;
        this._ctx.stroke();
      }
    },
  });
  function radius() {
    const zoom = map.getZoom();
    return zoom >= 17 ? SIZE / 2 : zoom >= 15.5 ? 9 : zoom >= 14 ? 7 : 5;
  }
  const Glyph = L.CircleMarker.extend({
    options: { radius: SIZE / 2, weight: 8, status: "", chosen: false },
    _project: function () { this._radius = radius(); L.CircleMarker.prototype._project.call(this); },
    _updatePath: function () { this._renderer._stamp(this); },
  });

  // -- ground: the outline and a grid in metres --------------------------------------------------------------------
  map.createPane("ground").style.zIndex = 250;
  const ground = L.canvas({ pane: "ground" });
  const grid = L.layerGroup().addTo(map);
  let outline = null;
  if (data.outline && data.outline.type) {
    outline = L.geoJSON(data.outline, {
      pane: "ground", interactive: false, renderer: ground,
      style: { color: data.colours.accent, weight: 2, dashArray: "6 5", fillColor: data.colours.area, fillOpacity: 1 },
    }).addTo(map);
  }
  function drawGrid() {
    grid.clearLayers();
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
      box.open = window.innerHeight > 560;
      L.DomEvent.disableClickPropagation(box);
      return box;
    },
  });
  new Legend({ position: "bottomleft" }).addTo(map);

  // -- sites ---------------------------------------------------------------------------------------------------------
  const layer = L.featureGroup().addTo(map); // one listener and one tooltip for all glyphs: half the time of drawing
  layer.on("click", (e) => { select(e.layer.bf[3]); tell("select", { id: e.layer.bf[3] }); });
  layer.bindTooltip((glyph) => tooltip(glyph.bf ? glyph.bf[2] : ""), { direction: "top", offset: [0, -12] });
  const renderer = L.canvas({ tolerance: 6 });
  const rank = Object.fromEntries(data.order.map((key, at) => [key, at]));
  let glyphs = new Map(), chosen = "", asking = null;
  const state = { drawn: 0, total: 0, requests: 0, aborted: 0, ready: false, lastDrawMs: 0 };

  function tell(kind, values) {
    const query = new URLSearchParams(values || {});
    fetch("event/" + kind + "?" + query.toString()).catch(() => {});
  }
  function tooltip(name) {
    const text = document.createElement("span");
    text.textContent = name;
    return text;
  }
  function draw(answer) {
    const begun = performance.now();
    const fresh = new Map();
    answer.sites.sort((a, b) => rank[a[4]] - rank[b[4]]); // what needs most attention lies on top
    for (const [id, name, lon, lat, status] of answer.sites) {
      const held = glyphs.get(id);
      if (held && held.options.status === status && held.bf[0] === lon && held.bf[1] === lat && held.bf[2] === name) {
        fresh.set(id, held);
        glyphs.delete(id);
        continue;
      }
      const glyph = new Glyph([lat, lon], { renderer: renderer, status: status, chosen: id === chosen });
      glyph.bf = [lon, lat, name, id];
      layer.addLayer(glyph);
      fresh.set(id, glyph);
    }
    for (const old of glyphs.values()) { layer.removeLayer(old); }
    glyphs = fresh;
    state.drawn = answer.sites.length;
    state.total = answer.total;
    state.lastDrawMs = performance.now() - begun;
    count.line.textContent = words.shown.replace("{shown}", state.drawn.toLocaleString("en"))
      .replace("{total}", state.total.toLocaleString("en"));
    tell("drawn", { drawn: state.drawn, total: state.total });
  }
  async function ask() {
    if (asking) { asking.abort(); state.aborted += 1; }
    const mine = asking = new AbortController();
    const b = map.getBounds().pad(0.02);
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
    const before = glyphs.get(chosen);
    chosen = id;
    for (const glyph of [before, glyphs.get(id)]) {
      if (glyph) { glyph.options.chosen = glyph === glyphs.get(id); glyph.redraw(); }
    }
    if (pan) { map.panTo(pan); }
  }
  map.on("moveend", () => { drawGrid(); ask(); tell("view", { lon: map.getCenter().lng, lat: map.getCenter().lat }); });
  window.barrierfree = {
    state: state,
    refresh: ask,
    select: (id, lat, lon) => select(id, lat === undefined ? null : [lat, lon]),
    showAll: (options) => map.fitBounds([[data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]],
      { padding: [12, 12], ...options }),
    position: (id) => { const g = glyphs.get(id); return g ? map.latLngToContainerPoint(g.getLatLng()) : null; },
    map: map,
  };
  loadSprites().then(() => { window.barrierfree.showAll({ animate: false }); state.ready = true; tell("ready"); });
})();
