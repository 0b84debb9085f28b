// A shape around sites: drawn with the pointer, or the view by Enter; the program counts what lies in it.
"use strict";
(function (bf) {
  const map = bf.map, words = bf.words, MOST = 400; // corners that are told; more are smoothed away
  let shape = null, points = [], from = null;
  function draw(corners) {
    if (shape) { shape.remove(); }
    shape = corners.length > 1 ? L.polygon(corners, bf.ink({ dashArray: "6 5" })).addTo(map) : null;
  }
  function tell(corners) {
    let kept = corners.map((one) => map.latLngToLayerPoint(one));
    for (let off = 0.5; kept.length > MOST; off *= 1.5) { kept = L.LineUtil.simplify(kept, off); }
    const ring = corners.length > MOST ? kept.map((one) => map.layerPointToLatLng(one)) : corners;
    draw(ring);
    bf.state.ring = ring.map((one) => [one.lng, one.lat]);
    bf.tell("area", { ring: ring.map((one) => one.lng.toFixed(7) + "," + one.lat.toFixed(7)).join(";") });
  }
  const corners = (a, b) => [L.latLng(a.lat, a.lng), L.latLng(a.lat, b.lng), L.latLng(b.lat, b.lng), L.latLng(b.lat, a.lng)];
  function whole() { const b = map.getBounds(); tell(corners(b.getNorthWest(), b.getSouthEast())); }
  bf.showArea = (text) => { bf.tellTool(text); };
  bf.clearArea = () => { draw([]); bf.state.ring = null; };
  const common = {
    drags: true,
    buttons: [[words.inView, whole]],
    enter: whole,
    end: () => { if (shape) { bf.tell("unarea"); } bf.clearArea(); },
    cancel: () => { const had = Boolean(shape); bf.clearArea(); bf.tellTool(""); points = []; if (had) { bf.tell("unarea"); } return had; },
  };
  bf.addTool("lasso", {
    ...common,
    down: (e) => { points = [e.latlng]; return true; },
    move: (latlng) => {
      const last = map.latLngToLayerPoint(points[points.length - 1]);
      if (last.distanceTo(map.latLngToLayerPoint(latlng)) >= 3) { points.push(latlng); draw(points); }
    },
    up: (latlng) => {
      points.push(latlng);
      if (points.length > 3) { tell(points); } else { bf.clearArea(); }
    },
  });
  bf.addTool("rectangle", {
    ...common,
    down: (e) => { from = e.latlng; return true; },
    move: (latlng) => draw(corners(from, latlng)),
    up: (latlng, moved) => { if (moved > 3) { tell(corners(from, latlng)); } else { bf.clearArea(); } },
  });
})(window.barrierfree);
