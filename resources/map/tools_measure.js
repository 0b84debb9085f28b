// Distance and area: points by clicks or by Enter at the middle; the figures stand in words and can be copied.
"use strict";
(function (bf) {
  const map = bf.map, words = bf.words, drawn = L.layerGroup().addTo(map);
  let points = [];
  const closed = () => bf.mode === "surface";
  function surface() { // m²: shoelace on a plane through the middle; right to 0.1 % over the width of a city
    const middle = L.latLngBounds(points).getCenter(), flat = points.map((one) => bf.step(middle, one));
    const sum = flat.reduce((all, a, at) => {
      const b = flat[(at + 1) % flat.length];
      return all + a.x * b.y - b.x * a.y;
    }, 0);
    return Math.abs(sum) / 2;
  }
  function told() {
    const sides = points.slice(1).map((one, at) => bf.metres(points[at], one));
    if (closed() && points.length > 2) { sides.push(bf.metres(points[points.length - 1], points[0])); }
    const length = sides.reduce((all, one) => all + one, 0);
    bf.state.measured = { points: points.length, metres: length, square: closed() && points.length > 2 ? surface() : 0 };
    if (!points.length) { return ""; }
    if (points.length === 1) { return words.firstPoint; }
    const line = words.length.replace("{n}", points.length).replace("{distance}", bf.toldMetres(length));
    if (!closed() || points.length < 3) { return line; }
    const square = bf.state.measured.square;
    const area = square < 1e6 ? words.square.replace("{n}", bf.number(Math.round(square)))
      : words.squareKm.replace("{n}", (square / 1e6).toFixed(3));
    return words.surface.replace("{area}", area).replace("{distance}", bf.toldMetres(length));
  }
  function draw() {
    drawn.clearLayers();
    const shape = closed() && points.length > 2 ? L.polygon : L.polyline;
    shape(points, bf.ink()).addTo(drawn);
    points.forEach((one, at) => {
      L.circleMarker(one, bf.ink({ radius: 4, fillOpacity: 1, fillColor: bf.data.colours.surface })).addTo(drawn);
      const next = points[at + 1] || (closed() && points.length > 2 ? points[0] : null);
      if (next) {
        const middle = L.latLng((one.lat + next.lat) / 2, (one.lng + next.lng) / 2);
        bf.note(middle, bf.toldMetres(bf.metres(one, next))).addTo(drawn);
      }
    });
    bf.tellTool(told());
  }
  const add = (latlng) => { points.push(latlng); draw(); };
  const back = () => { points.pop(); draw(); };
  const tool = {
    cross: true, click: add, enter: add, back: back,
    start: () => { points = []; },
    end: () => { points = []; drawn.clearLayers(); },
    buttons: [[words.copy, () => { if (bf.state.toolText) { bf.tell("copy", { text: bf.state.toolText }); } }], [words.undoPoint, back]],
  };
  bf.addTool("distance", tool);
  bf.addTool("surface", tool);
})(window.barrierfree);
