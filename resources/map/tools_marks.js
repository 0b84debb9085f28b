// What the program points out: where the person stands, a place looked for; and the legend, which filters.
"use strict";
(function (bf) {
  const map = bf.map, words = bf.words, held = {};
  map.createPane("marks").style.zIndex = 610;
  map.getPane("marks").style.pointerEvents = "none";
  bf.showMark = (kind, place) => { // kind: "here" or "place"; place: {lon, lat, text, metres} or null
    if (held[kind]) { held[kind].remove(); delete held[kind]; }
    bf.state[kind] = place;
    if (!place) { return; }
    const at = [place.lat, place.lon], group = held[kind] = L.layerGroup().addTo(map);
    if (place.metres) { L.circle(at, bf.ink({ radius: place.metres, weight: 1 })).addTo(group); }
    L.marker(at, {
      pane: "marks", interactive: false, keyboard: false,
      icon: L.divIcon({ className: "bf-mark bf-mark-" + kind, iconSize: [32, 32] }),
    }).addTo(group);
    const text = document.createElement("div");
    text.appendChild(bf.isolated(place.text));
    L.tooltip({ permanent: true, direction: "right", offset: [16, 0], opacity: 1, pane: "marks" })
      .setLatLng(at).setContent(text).addTo(group);
  };

  // -- the legend: each state is a button of the filter that list and map share -------------------------------------------
  const buttons = {};
  document.querySelectorAll(".bf-legend li").forEach((item, at) => {
    const key = bf.data.legend[at][0], button = document.createElement("button");
    button.type = "button";
    button.className = "bf-row";
    button.append(...item.childNodes);
    item.append(button);
    const count = L.DomUtil.create("span", "bf-number", button);
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", () => bf.tell("status", { status: key }));
    buttons[key] = { button: button, count: count };
  });
  const legend = document.querySelector(".bf-legend"); // two columns of targets one can hit
  const all = L.DomUtil.create("button", "bf-button", legend);
  all.type = "button";
  all.textContent = words.allStates;
  all.hidden = true;
  all.addEventListener("click", () => bf.tell("status", { status: "" }));
  function count() { // of what is drawn in view; of a state that is not wanted nothing is known here
    const b = map.getBounds(), found = {};
    for (const site of bf.layer.sites) { if (b.contains([site.lat, site.lon])) { found[site.status] = (found[site.status] || 0) + 1; } }
    for (const one of bf.layer.clusters) {
      if (b.contains(one.latLng)) { for (const [key, n] of Object.entries(one.counts)) { found[key] = (found[key] || 0) + n; } }
    }
    const chosen = bf.state.legend || [];
    for (const [key, row] of Object.entries(buttons)) {
      row.count.textContent = chosen.length && !chosen.includes(key) ? "" : bf.number(found[key] || 0);
    }
  }
  bf.on("content", count);
  bf.showLegend = (chosen) => { // which states are wanted; none: all
    for (const [key, row] of Object.entries(buttons)) {
      const on = chosen.includes(key);
      row.button.setAttribute("aria-pressed", String(on));
      row.button.classList.toggle("bf-off", chosen.length > 0 && !on);
    }
    all.hidden = !chosen.length;
    bf.state.legend = chosen;
  };

  // -- the form of a site: double click, Ctrl+Enter -------------------------------------------------------------------------
  map.on("dblclick", (e) => {
    const item = bf.mode ? null : bf.layer.itemAt(e.layerPoint);
    if (item && item.id && bf.stackOf(item).length === 1) { L.DomEvent.stop(e.originalEvent); bf.tell("open", { id: item.id }); }
  });
  map.doubleClickZoom.disable(); // ours instead: not where a site is meant
  map.on("dblclick", (e) => { if (!bf.mode && !bf.layer.itemAt(e.layerPoint)) { map.setZoomAround(e.containerPoint, map.getZoom() + 1); } });
  map.getContainer().addEventListener("keydown", (e) => {
    if (bf.mode || e.key !== "Enter" || !(e.ctrlKey || e.metaKey)) { return; }
    const chosen = bf.layer.chosen;
    const middle = bf.layer.itemAt(map.containerPointToLayerPoint(map.getSize().divideBy(2)), Infinity);
    const id = chosen || (middle && middle.id);
    if (id) { bf.tell("open", { id: id }); }
    e.stopImmediatePropagation();
    e.preventDefault();
  }, true);
})(window.barrierfree);
