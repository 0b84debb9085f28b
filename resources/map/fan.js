// Several sites on one spot: a number beside the glyph, and a fan of buttons when it is asked for.
"use strict";
(function (bf) {
  const map = bf.map, LEG = 44; // px: the least size of a target
  const pane = map.createPane("fan");
  pane.style.zIndex = 640;
  let fan = null, fanned = []; // the ids of its sites

  // What no zoom takes apart is on one spot: less than a glyph apart (2 × the largest radius) at the nearest zoom.
  const NEAREST = map.getMaxZoom();
  function apart() { // in parts of the world's width: also what lies on top of each other now, where one is near
    const now = map.getZoom() >= 18 ? bf.radius() / map.options.crs.scale(map.getZoom()) : 0;
    return Math.max(now, 2 * bf.data.radii[0] / (256 * 2 ** NEAREST));
  }
  bf.stackOf = (site) => {
    const far = apart(), others = bf.layer.sites.filter((s) => s !== site && Math.hypot(s.fx - site.fx, s.fy - site.fy) < far);
    return [site, ...others.sort((a, b) => (a.id < b.id ? -1 : 1))];
  };
  bf.markStacks = (sites, changed) => { // how many share a spot, on the one that is drawn last
    const size = 2 * bf.data.radii[0] / (256 * 2 ** NEAREST), held = new Map();
    for (const site of sites) {
      const key = Math.round(site.fx / size) + "/" + Math.round(site.fy / size), before = held.get(key);
      site.was = site.stack;
      site.stack = before ? before.stack + 1 : 1;
      if (before) { before.stack = 1; }
      held.set(key, site);
    }
    for (const site of sites) { if (site.was !== site.stack && site.at) { changed.push(site); } }
  };

  function places(n) { // px from the spot: a ring while they fit on it, else a spiral; targets never overlap
    const made = [];
    if (n <= 9) {
      const r = Math.max(LEG + 6, (LEG + 4) / 2 / Math.sin(Math.PI / Math.max(n, 2)));
      for (let i = 0; i < n; i += 1) { made.push([r * Math.sin(2 * Math.PI * i / n), -r * Math.cos(2 * Math.PI * i / n)]); }
      return made;
    }
    let angle = 0;
    for (let i = 0; i < n; i += 1) {
      const r = LEG + 14 + (LEG + 6) * angle / (2 * Math.PI);
      made.push([r * Math.sin(angle), -r * Math.cos(angle)]);
      angle += (LEG + 4) / r;
    }
    return made;
  }
  bf.openFan = (sites, focus) => {
    bf.closeFan();
    fanned = sites.map((one) => one.id);
    const middle = bf.layer.place(sites[0]);
    fan = L.DomUtil.create("div", "bf-fan", pane);
    fan.setAttribute("role", "group");
    fan.setAttribute("aria-label", bf.words.fan.replace("{n}", bf.number(sites.length)));
    L.DomUtil.setPosition(fan, middle);
    L.DomEvent.disableClickPropagation(fan);
    const legs = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    fan.appendChild(legs);
    const buttons = places(sites.length).map(([x, y], at) => {
      const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
      line.setAttribute("x2", x);
      line.setAttribute("y2", y);
      legs.appendChild(line);
      return leg(sites[at], x, y);
    });
    fan.addEventListener("keydown", (e) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
      if (step) { buttons[(buttons.indexOf(document.activeElement) + step + buttons.length) % buttons.length].focus(); }
      if (e.key === "Escape") { bf.closeFan(); map.getContainer().focus(); }
      if (step || e.key === "Escape") { e.preventDefault(); e.stopPropagation(); }
    });
    bf.state.fan = sites.length;
    bf.say(fan.getAttribute("aria-label"));
    if (focus) { buttons[0].focus(); }
  };
  function leg(site, x, y) {
    const button = L.DomUtil.create("button", "bf-leg", fan), stamp = bf.stamp(site.status, bf.data.radii[0]);
    const glyph = L.DomUtil.create("canvas", "", button), side = 2 * bf.data.radii[0];
    glyph.width = glyph.height = stamp.width;
    glyph.style.width = glyph.style.height = side + "px";
    glyph.getContext("2d").drawImage(stamp, 0, 0);
    button.type = "button";
    button.setAttribute("aria-label", bf.describe(site));
    L.DomUtil.setPosition(button, L.point(Math.round(x - LEG / 2), Math.round(y - LEG / 2)));
    const tell = () => bf.hover(site, [Math.round(x), Math.round(y - LEG / 2 + 6)]);
    button.addEventListener("focus", tell);
    button.addEventListener("mouseenter", tell);
    button.addEventListener("mouseleave", () => bf.hover(null));
    button.addEventListener("click", () => {
      for (const other of fan.querySelectorAll(".bf-leg")) { other.removeAttribute("aria-pressed"); }
      button.setAttribute("aria-pressed", "true");
      bf.choose(site);
    });
    return button;
  }
  bf.closeFan = () => {
    if (fan) { fan.remove(); fan = null; bf.state.fan = 0; bf.hover(null); }
  };
  map.on("zoomstart", bf.closeFan);
  bf.on("clear", bf.closeFan);
  bf.on("content", () => { // a fan of what is no longer shown would choose what is filtered out
    const shown = new Set(bf.layer.sites.map((one) => one.id));
    if (fan && fanned.some((id) => !shown.has(id))) { bf.closeFan(); }
  });
})(window.barrierfree);
