// The core of the map page: asks for its view, tells what happens, and what the other scripts build on.
//
// What another script may use (all of it hangs on `barrierfree`; joined in the order of STATIC in map/page.py and run
// before `start`, so that they can add panes, layers and controls before anything is drawn):
//   map, data, words       Leaflet's map; what the page was made with; its texts
//   state                  counts for tests: shown, matching, total, requests, aborted, clustered, draws, stamped, …
//   on(kind, f)            "content": other things are shown; "select": (id); "clear": the pointer left, close what floats
//   fetch(path, values, signal)   asks the program (MapScheme): a promise of JSON; values become the query
//   tell(kind, values)     tells the program (MapFrame.told); nothing comes back
//   say(text)              a sentence for those who hear the page (aria-live)
//   box(position, name)    a box of our kind on the map, in a corner of Leaflet's
//   mode                   "" or the name of the tool that has the pointer and Enter; while set, nothing is selected
//                          (tools.js says how a tool is made; startTool(name) and endTool() are called by the program)
//   refresh(), changed(ids), select(id, lat, lon), showAll(options)
//   layer.sites, layer.clusters    what is shown, with id, name, lon, lat, status · n, counts, at (layer point when drawn)
//   layer.itemAt(layerPoint, far)  the site or cluster there, or nearest within `far` px
//   act(item)              what a click on it does; describe(item): it in words; short(text): a text that fits a line
//   stackOf(site)          the sites on the same spot, itself first; openFan(sites), closeFan()
// Texts of the survey are data: they only ever become textContent, inside <bdi> where they stand beside others.
"use strict";
(function () {
  const data = window.barrierfreeData;
  const map = window[window.barrierfreeMapName]; // folium makes it in a script of its own, before this one
  const words = data.words, container = map.getContainer();
  const listeners = {};
  const state = {
    drawn: 0, matching: 0, total: 0, requests: 0, aborted: 0, asked: 0, clustered: false, draws: 0, stamped: 0, painted: false,
    ready: false, lastDrawMs: 0,
  };
  const bf = window.barrierfree = { map: map, data: data, words: words, state: state, mode: "" };
  for (const [name, value] of Object.entries(data.colours)) {
    document.documentElement.style.setProperty("--bf-" + name, value);
  }
  document.documentElement.style.setProperty("--bf-scale", data.scale);
  map.setMinZoom(2).setMaxZoom(20); // 11 cm a pixel at 40 degrees north: nearer nothing comes apart
  container.style.background = data.colours.ground;
  container.setAttribute("role", "application");
  container.setAttribute("aria-roledescription", words.map);
  container.setAttribute("aria-label", words.map + words.keys);
  L.control.zoom({ position: "topright", zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  L.control.scale({ imperial: false, maxWidth: 100 * data.scale, position: "bottomright" }).addTo(map);

  bf.on = (kind, f) => { (listeners[kind] = listeners[kind] || []).push(f); };
  bf.fire = (kind, value) => { for (const f of listeners[kind] || []) { f(value); } };
  const query = (values) => "?" + new URLSearchParams(values || {}).toString().replace(/\+/g, "%20"); // as Qt reads it
  bf.tell = (kind, values) => { fetch("event/" + kind + query(values)).catch(() => {}); };
  bf.fetch = async (path, values, signal) => {
    const reply = await fetch(path + query(values), { signal: signal });
    return reply.json();
  };
  document.addEventListener("securitypolicyviolation", (e) => { // the program counts what was kept from leaving
    bf.tell("blocked", { what: e.blockedURI, rule: e.effectiveDirective });
  });

  // -- words -----------------------------------------------------------------------------------------------------------
  const live = L.DomUtil.create("div", "bf-live", container);
  live.setAttribute("aria-live", "polite");
  bf.say = (text) => { live.textContent = text; };
  bf.number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, ","); // whole ones; the engine's own way loads its languages first
  bf.short = (text, most) => {
    const letters = Array.from(text.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, " ").trim());
    return letters.length > (most || 80) ? letters.slice(0, (most || 80) - 1).join("") + "…" : letters.join("");
  };
  bf.isolated = (text) => { // what is written from right to left, or says that it is, turns nothing else around
    const made = document.createElement("bdi");
    made.textContent = bf.short(text);
    return made;
  };

  // -- boxes: how many are shown, legend -------------------------------------------------------------------------------
  bf.box = (position, name) => {
    const made = new (L.Control.extend({
      onAdd: () => {
        const box = L.DomUtil.create("div", "bf-box " + (name || ""));
        L.DomEvent.disableClickPropagation(box);
        L.DomEvent.disableScrollPropagation(box);
        return box;
      },
    }))({ position: position }).addTo(map);
    return made.getContainer();
  };
  const count = bf.box("topleft", ""), line = L.DomUtil.create("div", "bf-count", count);
  line.setAttribute("role", "status");
  L.DomUtil.create("div", "bf-note", count).textContent = data.outline_note;
  const legend = L.DomUtil.create("details", "bf-legend", bf.box("bottomleft", ""));
  L.DomUtil.create("summary", "", legend).textContent = words.legend;
  const list = L.DomUtil.create("ul", "", legend);
  for (const [key, word] of data.legend) {
    const item = L.DomUtil.create("li", "", list);
    L.DomUtil.create("span", "", item).innerHTML = data.symbols[key]; // our own drawing, shipped with the program
    L.DomUtil.create("span", "", item).textContent = word;
  }
  legend.open = window.innerHeight > 240 + 32 * data.legend.length;

  // -- what is in view -------------------------------------------------------------------------------------------------
  let asking = null;
  function told(answer) { // how many are shown of how many; a cluster counts where its middle is seen
    const b = map.getBounds();
    state.drawn = bf.layer.sites.filter((s) => b.contains([s.lat, s.lon])).length;
    for (const c of bf.layer.clusters) { state.drawn += b.contains(c.latLng) ? c.n : 0; }
    state.total = answer.total;
    state.matching = answer.matching === undefined ? answer.total : answer.matching;
    line.textContent = (state.matching === state.total ? words.shown : words.shownOf)
      .replace("{shown}", bf.number(state.drawn)).replace("{matching}", bf.number(state.matching))
      .replace("{total}", bf.number(state.total));
    bf.tell("drawn", { drawn: state.drawn, matching: state.matching, total: state.total });
    bf.fire("content");
    if (!state.painted) {
      state.painted = true;
      requestAnimationFrame(() => requestAnimationFrame(() => bf.tell("painted")));
    }
  }
  function draw(answer) {
    state.clustered = Boolean(answer.clusters && answer.clusters.length);
    bf.layer.show(answer);
    told(answer);
  }
  bf.view = () => {
    const b = map.getBounds().pad(0.02);
    return { w: b.getWest(), s: b.getSouth(), e: b.getEast(), n: b.getNorth(), z: map.getZoom() };
  };
  async function ask(path, values, use) { // one question at a time: a new one takes the place of that before
    if (asking) { asking.abort(); state.aborted += 1; }
    const mine = asking = new AbortController();
    state.requests += 1;
    try {
      const answer = await bf.fetch(path, values, mine.signal);
      if (mine === asking) { asking = null; use(answer); }
    } catch (error) {
      if (mine === asking) { asking = null; if (error.name !== "AbortError") { line.textContent = words.failed; } }
    }
  }
  bf.refresh = () => {
    const first = window.barrierfreeFirst; // came with the page, so that the first view needs no request
    if (first) {
      const b = map.getBounds().pad(0.02);
      window.barrierfreeFirst = null;
      draw({ ...first, sites: first.sites.filter((one) => b.contains([one[3], one[2]])) });
      return undefined;
    }
    return ask("features", bf.view(), draw);
  };
  bf.changed = (ids) => { // only these are asked for; where clusters stand for them, those of the view are
    window.barrierfreeFirst = null;
    if (asking || state.clustered || !state.painted) { return bf.refresh(); }
    state.asked += ids.length;
    return ask("sites", { ids: ids.join(",") }, (answer) => {
      const b = map.getBounds().pad(0.02), gone = new Set(ids);
      const kept = bf.layer.sites.filter((s) => !gone.has(s.id)).map((s) => s.row);
      draw({ ...answer, sites: kept.concat(answer.sites.filter((one) => b.contains([one[3], one[2]]))) });
    });
  };
  let followed = null; // where the view goes because a site there was chosen: no other view for the list beside it
  for (const kind of ["dragstart", "zoomstart", "keydown"]) { map.on(kind, () => { followed = null; }); }
  function inSight(latlng) { // not near the edge, and no box lies on it
    const p = map.latLngToContainerPoint(latlng), size = map.getSize(), edge = Math.min(60, size.x / 8, size.y / 8);
    if (p.x < edge || p.y < edge || p.x > size.x - edge || p.y > size.y - edge) { return false; }
    const at = container.getBoundingClientRect(), top = document.elementFromPoint(at.left + p.x, at.top + p.y);
    return !(top && top.closest(".leaflet-control"));
  }
  bf.select = (id, lat, lon) => { // with a position: brought into sight, where it is not
    bf.layer.choose(id, lat === undefined ? null : L.latLng(lat, lon));
    if (lat === undefined || inSight([lat, lon])) { return; }
    followed = L.latLng(lat, lon);
    if (map._animatingZoom) { map.once("zoomend", () => map.panTo([lat, lon])); } else { map.panTo(followed); } // its end would take it back
  };
  bf.showAll = (options) => map.fitBounds([[data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]],
    { padding: [12, 12], maxZoom: 18, ...options });
  bf.start = () => {
    map.on("moveend", () => {
      bf.refresh();
      const c = map.getCenter();
      bf.tell("view", { lon: c.lng, lat: c.lat, zoom: map.getZoom(), followed: followed ? 1 : "" });
      if (followed && map.latLngToContainerPoint(followed).distanceTo(map.getSize().divideBy(2)) < 3) { followed = null; }
    });
    const box = legend.getBoundingClientRect(), size = map.getSize();
    if (box.width * box.height > 0.15 * size.x * size.y) { legend.open = false; } // it would cover what it explains
    bf.showAll({ animate: false }); // asks for its sites
    state.ready = true;
    bf.tell("ready");
  };
})();
