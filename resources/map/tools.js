// The frame of the tools: one at a time has the pointer and the keys; what it is and how it ends stands on the map.
//
// A tool is added by `bf.addTool(name, {…})`; all of it is optional:
//   cross      whether the middle is marked (Enter takes the middle)          drags      whether pressing does not pan
//   start(), end()   it begins, it ends: nothing of it is left               cancel()   Escape; true: only a part ended
//   click(latlng), down(e), enter(latlng), back()   click, press (true: it holds the pointer), Enter, Backspace
//   move(latlng), up(latlng, moved)   while it holds the pointer; `moved` px between pressing and letting go
//   buttons    [[word, f], …] below its words
// A tool says what stands by `bf.tellTool(text)`; what it draws goes into the pane "tools" by `bf.marks` and `bf.ink`.
"use strict";
(function (bf) {
  const map = bf.map, words = bf.words, container = map.getContainer(), tools = {};
  document.documentElement.style.setProperty("--bf-scale", bf.data.scale);
  map.createPane("tools").style.zIndex = 620;
  map.createPane("notes").style.zIndex = 630;
  for (const name of ["tools", "notes"]) { map.getPane(name).style.pointerEvents = "none"; }
  const svg = L.svg({ pane: "tools" });
  bf.marks = L.layerGroup().addTo(map);
  bf.ink = (more) => ({
    pane: "tools", renderer: svg, interactive: false, color: bf.data.colours.focus, weight: 3, fillOpacity: 0.15, ...more,
  });
  bf.note = (latlng, text, name) => L.tooltip({ permanent: true, direction: "center", className: "bf-note-on " + (name || ""), opacity: 1, pane: "notes" })
    .setLatLng(latlng).setContent(Object.assign(document.createElement("div"), { textContent: text }));

  // -- metres on the ellipsoid: of a degree at the middle latitude (series of the WGS 84 ellipsoid), right to 1 in 10,000
  // over the width of a city; the program says the same to the metre
  bf.step = (a, b) => {
    const lat = (a.lat + b.lat) / 2 * Math.PI / 180;
    const up = 111132.954 - 559.822 * Math.cos(2 * lat) + 1.175 * Math.cos(4 * lat);
    const across = 111412.84 * Math.cos(lat) - 93.5 * Math.cos(3 * lat) + 0.118 * Math.cos(5 * lat);
    return L.point((b.lng - a.lng) * across, (b.lat - a.lat) * up);
  };
  bf.metres = (a, b) => { const step = bf.step(a, b); return Math.hypot(step.x, step.y); };
  bf.direction = (a, b) => {
    const step = bf.step(a, b);
    return words["way" + (Math.round(Math.atan2(step.x, step.y) / (Math.PI / 4)) + 8) % 8];
  };
  bf.toldMetres = (m) => m < 10 ? words.metres.replace("{n}", m.toFixed(1))
    : m < 1000 ? words.metres.replace("{n}", m.toFixed(0)) : words.kilometres.replace("{n}", (m / 1000).toFixed(2));

  // -- what stands on the map while a tool is on ---------------------------------------------------------------------------
  const legend = document.querySelector(".bf-legend"); // while a tool is on it leaves its room to the map
  let unfolded = false;
  const box = bf.box("topleft", "bf-tool"), title = L.DomUtil.create("div", "bf-count", box);
  const hint = L.DomUtil.create("div", "bf-note", box), result = L.DomUtil.create("div", "bf-result", box);
  const row = L.DomUtil.create("div", "bf-buttons", box), cross = L.DomUtil.create("div", "bf-cross", container);
  result.setAttribute("role", "status");
  box.hidden = cross.hidden = true;
  bf.tellTool = (text) => { // large texts leave the map its room: the hint goes when there is a result
    result.textContent = bf.state.toolText = text;
    result.hidden = !text;
    hint.hidden = Boolean(text) && bf.data.scale > 1.4;
  };
  function addButton(word, f) {
    const button = L.DomUtil.create("button", "bf-button", row);
    button.type = "button";
    button.textContent = word;
    button.addEventListener("click", () => { f(); container.focus(); });
  }
  bf.tool = () => tools[bf.mode];
  bf.addTool = (name, tool) => { tools[name] = tool; };
  bf.startTool = (name) => {
    bf.endTool();
    bf.fire("clear");
    bf.hover(null);
    bf.mode = bf.state.tool = name;
    const tool = tools[name];
    title.textContent = words["tool-" + name];
    hint.textContent = words["hint-" + name];
    row.textContent = "";
    for (const [word, f] of tool.buttons || []) { addButton(word, f); }
    addButton(words.endTool, bf.endTool);
    bf.tellTool("");
    unfolded = legend.open;
    legend.open = false;
    box.hidden = false;
    cross.hidden = !tool.cross;
    container.classList.add("bf-busy");
    map.boxZoom.disable();
    if (tool.drags) { map.dragging.disable(); }
    if (tool.start) { tool.start(); }
    container.focus();
    bf.say(title.textContent + words.colon + hint.textContent);
    bf.tell("tool", { name: name });
  };
  bf.endTool = () => {
    if (!bf.mode) { return; }
    const tool = tools[bf.mode];
    letGo();
    bf.mode = bf.state.tool = "";
    if (tool.end) { tool.end(); }
    legend.open = unfolded;
    box.hidden = cross.hidden = true;
    container.classList.remove("bf-busy");
    map.boxZoom.enable();
    map.dragging.enable();
    bf.tell("tool", { name: "" });
  };

  // -- pointer ---------------------------------------------------------------------------------------------------------
  let held = null, ended = 0; // where it was pressed; when it was let go of, so that the click after a drag is none
  function letGo() {
    if (!held) { return; }
    held = null;
    document.removeEventListener("mousemove", onMove);
    document.removeEventListener("mouseup", onUp);
    if (bf.mode && !bf.tool().drags) { map.dragging.enable(); }
  }
  bf.letGo = letGo;
  const far = (e) => Math.hypot(e.clientX - held.x, e.clientY - held.y);
  function onMove(e) { if (held && bf.mode) { bf.tool().move(map.mouseEventToLatLng(e), far(e)); } }
  function onUp(e) {
    const moved = far(e);
    letGo();
    ended = moved > 3 ? performance.now() : 0;
    if (bf.mode) { bf.tool().up(map.mouseEventToLatLng(e), moved); }
  }
  const ours = (e) => !(e.originalEvent.target.closest && e.originalEvent.target.closest(".leaflet-control, .bf-fan"));
  map.on("mousedown", (e) => {
    const tool = bf.tool();
    if (!tool || !tool.down || e.originalEvent.button !== 0 || !ours(e) || !tool.down(e)) { return; }
    held = { x: e.originalEvent.clientX, y: e.originalEvent.clientY };
    map.dragging.disable();
    document.addEventListener("mousemove", onMove);
    document.addEventListener("mouseup", onUp);
  });
  map.on("click", (e) => {
    const tool = bf.tool();
    if (tool && tool.click && ours(e) && performance.now() - ended > 50) { tool.click(e.latlng); }
  });

  // -- keys ------------------------------------------------------------------------------------------------------------
  document.addEventListener("keydown", (e) => {
    const tool = bf.tool(), onMap = e.target === container || e.target === document.body;
    if (!tool) { return; }
    if (e.key === "Escape") {
      if (held) { letGo(); }
      if (!tool.cancel || !tool.cancel()) { bf.endTool(); }
    } else if (e.key === "Enter" && onMap && tool.enter) { tool.enter(map.getCenter()); } else if (e.key === "Backspace" && onMap && tool.back) {
      tool.back();
    } else { return; }
    e.preventDefault();
  });
})(window.barrierfree);
