// Draws sites as glyphs and clusters as rings on one canvas, and only what has changed.
"use strict";
(function (bf) {
  const map = bf.map, data = bf.data, state = bf.state, TAU = 2 * Math.PI;

  // -- glyphs: each status is drawn once for each size and stamped from there ---------------------------------------------
  const width = data.legend.length * 2 * data.radii[0] * data.ratio;
  const sheet = new ImageData(Uint8ClampedArray.from(atob(data.sheet), (one) => one.charCodeAt(0)), width);
  const stamps = new Map();
  bf.stamp = (status, r) => {
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
  };
  bf.radius = () => {
    const zoom = map.getZoom();
    return data.radii[zoom >= 17 ? 0 : zoom >= 15.5 ? 1 : zoom >= 14 ? 2 : 3];
  };
  const rank = Object.fromEntries(data.order.map((key, at) => [key, at]));
  const worstFirst = [...data.order].reverse();

  const reach = (n) => (n < 10 ? 19 : n < 100 ? 21 : n < 1000 ? 24 : n < 10000 ? 27 : 30); // px: what a number needs

  // -- what is drawn: positions as parts of the world's width, so that a drawing only scales and shifts them ----------------
  function siteOf(row) {
    const sine = Math.sin(row[3] * Math.PI / 180);
    return {
      row: row, id: row[0], name: row[1], lon: row[2], lat: row[3], status: row[4], n: 1, key: row[0],
      fx: row[2] / 360 + 0.5, fy: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI), at: null, r: 0, stack: 1,
    };
  }
  function clusterOf(row, level, states) {
    const cells = 2 ** (level + 2), n = row[2], counts = {};
    states.forEach((key, at) => { if (row[5 + at]) { counts[key] = row[5 + at]; } });
    const fx = row[3] / n / 2 ** 30, fy = row[4] / n / 2 ** 30;
    return {
      row: row, key: level + "/" + row[0] + "/" + row[1], cell: [level, row[0], row[1]], n: n, counts: counts, fx: fx, fy: fy,
      left: row[0] / cells, top: row[1] / cells, size: 1 / cells, status: worstFirst.find((key) => counts[key]),
      latLng: L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * fy))) * 180 / Math.PI, (fx - 0.5) * 360), at: null,
      r: n > 1 ? reach(n) : 0, square: null,
    };
  }
  const inks = [...new Set(worstFirst.map((key) => data.inks[key]))]; // states of one colour share a piece of the ring
  function ring(ctx, item, p) { // the mix of states around it, the glyph of the worst and the number in it
    const r = item.r, thick = 5, small = data.radii[2], text = bf.number(item.n);
    ctx.beginPath();
    ctx.arc(p.x, p.y, r + 1, 0, TAU);
    ctx.fillStyle = data.colours.surface;
    ctx.fill();
    const pieces = inks.map((ink) => worstFirst.reduce((sum, key) => sum + (data.inks[key] === ink && item.counts[key] || 0), 0));
    const gap = pieces.filter(Boolean).length > 1 ? 1.2 / r : 0;
    let from = -TAU / 4;
    ctx.lineWidth = thick;
    pieces.forEach((n, at) => {
      if (!n) { return; }
      const to = from + TAU * n / item.n;
      ctx.beginPath(); // a state that few have is still seen
      ctx.arc(p.x, p.y, r - thick / 2, from, Math.max(from + 0.05, to - gap));
      ctx.strokeStyle = inks[at];
      ctx.stroke();
      from = to;
    });
    ctx.drawImage(bf.stamp(item.status, small), p.x - small, p.y - r + thick + 1, 2 * small, 2 * small);
    ctx.fillStyle = data.colours.ink;
    ctx.font = "600 " + (text.length > 6 ? 10 : text.length > 5 ? 11 : 12) + "px " + data.font;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(text, p.x, p.y + r * 0.26 + 1);
  }

  // Rings are drawn once and kept in the squares of one picture: their arcs are what costs.
  const HALF = 32, ACROSS = 16, MOST = ACROSS * ACROSS;
  let kept = null, used = 0;
  function keep(items) { // all that are new at once: to draw in the picture and from it by turns would copy it each time
    const fresh = items.filter((item) => item.n > 1 && !item.square);
    if (!fresh.length || items.length > MOST) { return; }
    if (!kept) {
      kept = document.createElement("canvas");
      kept.width = kept.height = ACROSS * 2 * HALF * data.ratio;
      kept.getContext("2d").scale(data.ratio, data.ratio);
    }
    const ctx = kept.getContext("2d");
    if (used + fresh.length > MOST) { // full of what is gone: begin anew
      ctx.clearRect(0, 0, ACROSS * 2 * HALF, ACROSS * 2 * HALF);
      used = 0;
      for (const item of items) { item.square = null; }
      keep(items);
      return;
    }
    for (const item of fresh) {
      item.square = L.point((used % ACROSS) * 2 * HALF, Math.floor(used / ACROSS) * 2 * HALF);
      used += 1;
      ring(ctx, item, item.square.add([HALF, HALF]));
    }
  }
  function stampRing(ctx, item, p) {
    if (!item.square) { ring(ctx, item, p); return; }
    const by = data.ratio, side = 2 * HALF;
    ctx.drawImage(kept, item.square.x * by, item.square.y * by, side * by, side * by, p.x - HALF, p.y - HALF, side, side);
  }
  const same = (a, b) => a.every((value, at) => value === b[at]);

  bf.layer = new (L.Canvas.extend({ // a renderer without paths: panning and the zoom's animation are Leaflet's
    sites: [],
    clusters: [],
    chosen: "",
    spot: null, // where the chosen one is, also while a cluster stands for it
    show: function (answer) {
      const level = answer.level, before = new Map();
      for (const item of this.sites.concat(this.clusters)) { before.set(item.key, item); }
      const kept = (make) => (row) => {
        const made = make(row), held = before.get(made.key);
        if (!held || !same(held.row, row)) { changed.push(made); return made; }
        before.delete(made.key);
        return held;
      };
      const changed = [];
      this.sites = answer.sites.map(kept(siteOf)).sort((a, b) => rank[a.status] - rank[b.status]); // the worst on top
      this.clusters = (answer.clusters || []).map(kept((row) => clusterOf(row, level, answer.states)));
      if (bf.markStacks) { bf.markStacks(this.sites, changed); }
      this.touch([...before.values(), ...changed]);
    },
    choose: function (id, latLng) {
      const touched = this.sites.filter((s) => s.id === this.chosen || s.id === id), found = this.sites.find((s) => s.id === id);
      const spot = found ? L.latLng(found.lat, found.lon) : latLng;
      this.chosen = id;
      this.spot = spot || null;
      this.touch(state.clustered ? this.clusters : touched);
    },
    touch: function (items) { // draw anew where these are or were
      if (!items.length || !this._map) { return; }
      if (items.length > 100 || this._redrawRequest && !this._redrawBounds) { this._redrawBounds = null; } else {
        for (const item of items) {
          for (const p of [item.at, this.place(item)]) {
            if (!p) { continue; }
            this._redrawBounds = this._redrawBounds || L.bounds([]);
            this._redrawBounds.extend([p.x - item.r - 12, p.y - item.r - 12]).extend([p.x + item.r + 12, p.y + item.r + 12]);
          }
        }
      }
      this._redrawRequest = this._redrawRequest || L.Util.requestAnimFrame(this._redraw, this);
    },
    place: function (item) { // where it is drawn: a cluster within its own cell, so that none covers another's number
      const scale = this._map.options.crs.scale(this._map.getZoom()), origin = this._map.getPixelOrigin();
      let x = item.fx * scale, y = item.fy * scale;
      item.r = item.n > 1 ? reach(item.n) : bf.radius();
      if (item.size) {
        const size = item.size * scale, room = Math.max(0, size / 2 - item.r - 1);
        const cx = item.left * scale + size / 2, cy = item.top * scale + size / 2;
        x = Math.max(cx - room, Math.min(cx + room, x));
        y = Math.max(cy - room, Math.min(cy + room, y));
      }
      return L.point(Math.round(x) - origin.x, Math.round(y) - origin.y);
    },
    _draw: function () {
      if (!this._ctx || !this._bounds) { return; }
      const begun = performance.now(), part = this._redrawBounds, ctx = this._ctx, near = part || this._bounds;
      state.draws += 1;
      state.lastStamped = 0;
      ctx.save();
      if (part) {
        const size = part.getSize();
        ctx.beginPath();
        ctx.rect(part.min.x, part.min.y, size.x, size.y);
        ctx.clip();
      }
      keep(this.clusters);
      let ringed = null;
      for (const item of this.sites.concat(this.clusters)) {
        const p = item.at = this.place(item), r = item.r + 6;
        if (p.x < near.min.x - r || p.x > near.max.x + r || p.y < near.min.y - r || p.y > near.max.y + r) { continue; }
        state.lastStamped += 1;
        if (item.n > 1) { stampRing(ctx, item, p); } else {
          ctx.drawImage(bf.stamp(item.status, item.r), p.x - item.r, p.y - item.r, 2 * item.r, 2 * item.r);
        }
        if (item.stack > 1) { this.badge(item, p); }
        if (item.id && item.id === this.chosen) { ringed = p; }
      }
      if (!ringed && this.spot && state.clustered) { ringed = map.latLngToLayerPoint(this.spot); }
      if (ringed) { // last, so that no neighbour covers it
        ctx.beginPath();
        ctx.arc(ringed.x, ringed.y, bf.radius() + 5, 0, TAU);
        ctx.lineWidth = 4;
        ctx.strokeStyle = data.colours.focus;
        ctx.stroke();
      }
      ctx.restore();
      state.stamped += state.lastStamped;
      state.lastDrawMs = performance.now() - begun;
    },
    badge: function (item, p) { // several on one spot: how many
      const ctx = this._ctx, x = p.x + item.r - 1, y = p.y - item.r + 1;
      ctx.beginPath();
      ctx.arc(x, y, 8, 0, TAU);
      ctx.fillStyle = data.colours.ink;
      ctx.fill();
      ctx.fillStyle = data.colours.surface;
      ctx.font = "600 10px " + data.font;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillText(item.stack > 99 ? "99+" : String(item.stack), x, y + 0.5);
    },
    itemAt: function (point, far) {
      let best = null, least = Infinity;
      for (const item of this.clusters.concat(this.sites)) {
        const p = item.at;
        if (!p) { continue; }
        const away = Math.hypot(p.x - point.x, p.y - point.y) - (far === undefined && item.n > 1 ? item.r - 6 : 0);
        if (away <= least && away < (far === undefined ? (item.n > 1 ? 6 : item.r + 6) : far)) { best = item; least = away; }
      }
      return best;
    },
  }))().addTo(map);

  // -- for tests and measurements --------------------------------------------------------------------------------------
  bf.position = (id) => {
    const site = bf.layer.sites.find((one) => one.id === id);
    return site ? map.latLngToContainerPoint([site.lat, site.lon]) : null;
  };
  bf.flush = () => { bf.layer._redraw(); bf.layer._ctx.getImageData(0, 0, 1, 1); }; // painted when it returns
  bf.ring = () => bf.radius() + 5;
  bf.colourAt = (x, y) => { // of a point of the container: "r,g,b"
    const layer = bf.layer, at = map.containerPointToLayerPoint([x, y]).subtract(layer._bounds.min);
    const by = layer._container.width / layer._bounds.getSize().x;
    return layer._ctx.getImageData(Math.round(at.x * by), Math.round(at.y * by), 1, 1).data.slice(0, 3).join(",");
  };
})(window.barrierfree);
