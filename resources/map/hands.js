// Pointer and keyboard: what is under them, in words; a click or Enter selects, opens a cluster or fans out.
"use strict";
(function (bf) {
  const map = bf.map, words = bf.words, container = map.getContainer();
  const label = Object.fromEntries(bf.data.legend), order = [...bf.data.order].reverse();
  const tip = L.tooltip({ direction: "top", opacity: 1 });
  let hovered = null;

  bf.describe = (item) => {
    if (item.id) { return "\u2068" + bf.short(item.name) + "\u2069 · " + label[item.status]; } // isolated, as <bdi> is
    if (item.n === 1) { return words.one.replace("{state}", label[item.status]); }
    const parts = order.filter((key) => item.counts[key]).map((key) => words.part
      .replace("{n}", bf.number(item.counts[key])).replace("{state}", label[key]));
    return words.cluster.replace("{n}", bf.number(item.n))
      .replace("{states}", parts.join(words.comma));
  };
  function content(item) {
    const made = document.createElement("div");
    if (item.id) { made.appendChild(bf.isolated(item.name)); return made; }
    L.DomUtil.create("div", "bf-count", made).textContent = words.sites.replace("{n}", bf.number(item.n));
    const list = L.DomUtil.create("ul", "bf-states", made);
    for (const key of order.filter((one) => (item.counts || { [item.status]: 1 })[one])) {
      const line = L.DomUtil.create("li", "", list);
      L.DomUtil.create("span", "", line).innerHTML = bf.data.symbols[key]; // our own drawing
      L.DomUtil.create("span", "", line).textContent = words.part
        .replace("{n}", bf.number(item.counts[key])).replace("{state}", label[key]);
    }
    return made;
  }
  bf.hover = (item, beside) => {
    if (item === hovered && !beside) { return; }
    hovered = item;
    container.style.cursor = item ? "pointer" : "";
    if (!item) { map.closeTooltip(tip); return; }
    tip.options.offset = L.point(beside || [0, -item.r - 2]);
    tip.setLatLng(map.layerPointToLatLng(bf.layer.place(item))).setContent(content(item));
    map.openTooltip(tip);
  };
  function under(e) {
    const target = e.originalEvent.target;
    return bf.mode || (target.closest && target.closest(".leaflet-control, .bf-fan")) ? null : bf.layer.itemAt(e.layerPoint);
  }
  bf.choose = (site) => { bf.select(site.id); bf.tell("select", { id: site.id }); bf.fire("select", site.id); };
  bf.act = (item, byKey) => {
    if (!item.id) { return open(item); }
    const stack = bf.stackOf(item);
    if (stack.length > 1) { bf.openFan(stack, byKey); } else { bf.closeFan(); bf.choose(item); }
    return undefined;
  };
  async function open(cluster) { // as near as all of its sites fit
    const at = (x, y) => map.options.crs.pointToLatLng(L.point(x, y).multiplyBy(256), 0);
    const box = L.latLngBounds(at(cluster.left, cluster.top), at(cluster.left + cluster.size, cluster.top + cluster.size));
    const asked = { w: box.getWest(), s: box.getSouth(), e: box.getEast(), n: box.getNorth() };
    const found = (await bf.fetch("extent", asked).catch(() => ({}))).box;
    const wanted = found ? L.latLngBounds([found[1], found[0]], [found[3], found[2]]) : box;
    const zoom = Math.min(map.getBoundsZoom(wanted, false, L.point(80, 80)), map.getMaxZoom());
    const nearer = Math.max(zoom, Math.min(map.getZoom() + 1, map.getMaxZoom()));
    if (nearer <= map.getZoom()) { bf.say(words.dense); map.setView(wanted.getCenter(), map.getZoom()); return; }
    map.setView(wanted.getCenter(), nearer);
  }

  map.on("click", (e) => {
    if (bf.mode) { return; }
    const item = under(e);
    if (item) { bf.act(item, false); } else { bf.fire("clear"); }
  });
  map.on("mousemove", (e) => {
    if (!(e.originalEvent.target.closest && e.originalEvent.target.closest(".bf-fan"))) { bf.hover(under(e)); }
  });
  map.on("mouseout movestart zoomstart", () => bf.hover(null));

  const middle = () => bf.layer.itemAt(map.containerPointToLayerPoint(map.getSize().divideBy(2)), Infinity);
  function tellMiddle() { // those who steer by keys hear what Enter would take
    if (document.activeElement !== container || bf.mode) { return; }
    const item = middle();
    bf.hover(item);
    bf.say(item ? words.nearest.replace("{what}", () => bf.describe(item)) : words.nothing);
  }
  container.addEventListener("focus", () => { if (container.matches(":focus-visible")) { tellMiddle(); } });
  container.addEventListener("keydown", (e) => {
    if (e.target !== container || bf.mode) { return; }
    if (e.key === "Enter") {
      const item = middle();
      if (item) { bf.act(item, true); }
      e.preventDefault();
    } else if (e.key === "Escape") { bf.fire("clear"); bf.hover(null); }
  });
  container.addEventListener("blur", () => bf.hover(null));
  bf.on("content", () => { // nothing is named that is no longer there
    if (hovered && !bf.layer.sites.includes(hovered) && !bf.layer.clusters.includes(hovered)) { bf.hover(null); }
  });
  bf.on("content", () => { if (container.matches(":focus-visible")) { tellMiddle(); } });
})(window.barrierfree);
