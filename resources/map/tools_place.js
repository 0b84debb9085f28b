// Moving a site and adding one: the place is pointed at, the program asks before anything is kept.
"use strict";
(function (bf) {
  const map = bf.map, words = bf.words;

  // -- move: drag a site; or Enter takes the one nearest to the middle, and Enter again puts it down there ----------------
  let site = null, pending = false, carried = false; // carried: by keys, not by the pointer
  const drawn = L.layerGroup().addTo(map);
  const called = () => "\u2068" + bf.short(site.name, 40) + "\u2069"; // isolated; as a function no sign in it is read
  function show(latlng) {
    const from = L.latLng(site.lat, site.lon);
    drawn.clearLayers();
    L.polyline([from, latlng], bf.ink({ dashArray: "6 6" })).addTo(drawn);
    L.circleMarker(latlng, bf.ink({ radius: bf.radius() + 4 })).addTo(drawn);
    bf.state.moved = { id: site.id, lon: latlng.lng, lat: latlng.lat, metres: bf.metres(from, latlng) };
    bf.tellTool(words.moving.replace("{distance}", bf.toldMetres(bf.state.moved.metres))
      .replace("{direction}", bf.direction(from, latlng)).replace("{name}", called));
  }
  function drop(latlng) {
    show(latlng);
    pending = true;
    bf.tell("dropped", { id: site.id, lon: latlng.lng, lat: latlng.lat });
  }
  function forget() {
    const said = pending;
    site = null;
    pending = carried = false;
    bf.state.moved = null;
    drawn.clearLayers();
    if (said) { bf.tell("undropped"); }
    hintMove();
  }
  function hintMove() { bf.tellTool(bf.state.clustered ? words.nearer : ""); }
  function take(item) { // of several on one spot the chosen one
    if (pending) { bf.tell("undropped"); }
    pending = carried = false;
    site = bf.stackOf(item).find((one) => one.id === bf.layer.chosen) || item;
  }
  bf.addTool("move", {
    cross: true,
    start: hintMove,
    end: forget,
    cancel: () => { const had = Boolean(site); forget(); return had; },
    down: (e) => {
      const item = bf.layer.itemAt(e.layerPoint);
      if (!item || !item.id) { return false; }
      take(item);
      return true;
    },
    move: (latlng, moved) => { if (site && moved > 3) { show(latlng); } },
    up: (latlng, moved) => { if (site && moved > 3) { drop(latlng); } else { forget(); } },
    enter: (latlng) => {
      if (pending) { bf.tell("keep"); return; }
      if (site) { drop(latlng); return; }
      const item = bf.layer.itemAt(map.latLngToLayerPoint(latlng), Infinity);
      if (!item || !item.id) { bf.say(words.nothing); return; }
      take(item);
      map.panTo([site.lat, site.lon], { animate: false });
      carried = true;
      bf.tellTool(words.taken.replace("{name}", called));
    },
  });
  map.on("move", () => { // carried by keys: it is where the middle is
    if (bf.mode === "move" && carried && site && !pending) { show(map.getCenter()); }
  });
  bf.on("content", () => { if (bf.mode === "move" && !site) { hintMove(); } });
  bf.dropped = () => { // the program has kept it, or it was given up there
    pending = false;
    forget();
  };

  // -- add: where it was clicked, or the middle ---------------------------------------------------------------------------
  function add(latlng) {
    bf.endTool();
    bf.showAdded(latlng);
    bf.tell("add", { lon: latlng.lng, lat: latlng.lat });
  }
  let added = null;
  bf.showAdded = (latlng) => {
    if (added) { added.remove(); added = null; }
    if (latlng) { added = L.circleMarker(latlng, bf.ink({ radius: 12 })).addTo(map); }
  };
  bf.addTool("add", { cross: true, click: add, enter: add });
})(window.barrierfree);
