// The basemap under the sites: pictures by Leaflet, vector tiles by protomaps-leaflet in colours of the theme.
"use strict";
(function () {
  const bf = window.barrierfree, map = bf.map, nonce = document.currentScript.nonce;
  const BLURRED = 4, SHARP = 7; // zooms beyond the file's own: pictures get blurred, lines do not
  const FONT = '"Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif';
  let info = null, layer = null, script = null;
  const state = bf.basemapState = { name: "", shown: false, tiles: 0, failed: 0 };

  // -- what a feature is, in the newer and the older Protomaps schema and in OpenMapTiles ------------------------------
  const ROADS = { motorway: "highway", trunk: "highway", primary: "major_road", secondary: "major_road",
    tertiary: "major_road", medium_road: "major_road", minor: "minor_road", residential: "minor_road",
    unclassified: "minor_road", living_street: "minor_road", service: "minor_road", track: "path", transit: "rail",
    footway: "path", pedestrian: "path", path: "path", steps: "path", cycleway: "path" };
  function own(props) { return props.kind ?? props["pmap:kind"] ?? props.class ?? props.subclass; }
  function road(props) {
    const kind = own(props);
    if (kind === undefined || kind === "other") {
      return props.railway ? "rail" : ROADS[String(props.highway ?? props.kind_detail).replace("_link", "")] ?? "path";
    }
    return ROADS[kind] ?? kind;
  }
  const GREEN = new Set(["park", "garden", "wood", "forest", "grass", "grassland", "scrub", "meadow", "pitch", "playground",
    "golf_course", "nature_reserve", "national_park", "protected_area", "cemetery", "allotments", "village_green",
    "recreation_ground", "zoo", "farmland", "orchard", "vineyard", "heath", "wetland", "stadium"]);
  const BUILT = new Set(["school", "kindergarten", "college", "university", "hospital", "clinic"]);
  const PAVED = new Set(["pedestrian", "parking", "platform", "square", "commercial", "industrial", "railway"]);
  function ground(props) {
    const kind = own(props);
    if (kind !== undefined && kind !== "other") { return kind; }
    return props.leisure ?? props.natural ?? props.landuse ?? props.amenity;
  }
  function place(props) { return props.kind_detail ?? own(props); }
  function poi(props) {
    const kind = props.railway ?? props.amenity ?? props.leisure ?? props.tourism ?? props.shop;
    return kind ?? own(props);
  }

  // -- rules: calm, so that the signs of the survey stay the loudest ---------------------------------------------------
  function paintRules(c, P) {
    const at = (...stops) => P.exp(1.6, stops);
    const area = (fill, more) => new P.PolygonSymbolizer({ fill: fill, ...more });
    const line = (colour, width, more) =>
      new P.LineSymbolizer({ color: colour, width: width, lineJoin: "round", lineCap: "round", ...more });
    const flat = (z, f) => f.geomType === 3, thin = (z, f) => f.geomType === 2;
    const rules = [], add = (names, symbolizer, filter, minzoom) => {
      for (const name of names) { rules.push({ dataLayer: name, symbolizer: symbolizer, filter: filter, minzoom: minzoom }); }
    };
    const grounds = ["landuse", "landcover", "natural", "park", "globallandcover"];
    add(grounds, area(c.built), (z, f) => flat(z, f) && BUILT.has(ground(f.props)));
    add(grounds, area(c.paved), (z, f) => flat(z, f) && PAVED.has(ground(f.props)), 13);
    add(grounds, area(c.green), (z, f) => flat(z, f) && GREEN.has(ground(f.props)));
    add(["water", "ocean"], area(c.water), flat);
    add(["water", "waterway", "physical_line"], line(c.water, at([11, 0.6], [15, 2.5], [19, 12])),
      (z, f) => thin(z, f) && !["stream", "ditch", "drain", "weir", "dam"].includes(own(f.props)), 11);
    add(["water", "waterway"], line(c.water, at([14, 0.6], [18, 3])),
      (z, f) => thin(z, f) && ["stream", "ditch", "drain"].includes(own(f.props)), 14);
    add(["buildings", "building"], area(c.building, { stroke: c.wall, width: 0.8 }), flat, 13);
    const roads = ["roads", "transportation"], widths = {
      minor_road: at([12, 0.5], [14, 1.6], [16, 5], [19, 16]), major_road: at([9, 0.6], [12, 1.8], [14, 3.2], [16, 8], [19, 22]),
      highway: at([6, 0.7], [10, 1.8], [12, 2.6], [14, 4.2], [16, 10], [19, 26]),
    };
    const kinds = Object.keys(widths), isService = (f) => (f.props.kind_detail ?? f.props.highway ?? f.props.class) === "service";
    for (const kind of kinds) { // the edges of all first, so that crossings are open
      add(roads, line(c.kerb, (z) => widths[kind](z) + 1.6), (z, f) => thin(z, f) && road(f.props) === kind && !isService(f), 13);
    }
    add(roads, line(c.kerb, at([14, 1.8], [16, 4.2], [19, 10])), (z, f) => thin(z, f) && isService(f), 14);
    add(roads, line(c.road, at([14, 0.8], [16, 2.6], [19, 8.4])), (z, f) => thin(z, f) && isService(f), 14);
    add(roads, line("", 0, { dash: [4, 3], dashColor: c.path, dashWidth: 1.2, perFeature: true, lineCap: "butt" }),
      (z, f) => thin(z, f) && road(f.props) === "path", 15);
    add([...roads, "transit"], line("", 0, { dash: [8, 5], dashColor: c.rail, dashWidth: 1.6, perFeature: true, lineCap: "butt" }),
      (z, f) => thin(z, f) && road(f.props) === "rail", 12);
    for (const kind of kinds) {
      const wide = kind === "highway" ? c.highway : kind === "major_road" ? c.major : c.road;
      add(roads, line((z) => (z < 13 ? c.far : wide), widths[kind]), (z, f) => thin(z, f) && road(f.props) === kind && !isService(f));
    }
    add(["boundaries", "boundary"], line("", 0, { dash: [6, 4], dashColor: c.rail, dashWidth: 1, perFeature: true, lineCap: "butt" }), thin);
    if (info.schema === "unknown") { // layers with names of their own: their shapes without a meaning
      add(info.layers, area(c.building, { stroke: c.wall, width: 0.8 }), flat);
      add(info.layers, line(c.rail, 1.2), thin);
    }
    return rules;
  }
  function labelRules(c, P) {
    const names = { labelProps: info.chinese ? ["name:zh", "name:zh-Hans", "name"] : ["name:en", "name:latin", "name"] };
    const text = (size, fill, more) => ({ ...names, font: face(size), fill: fill, stroke: c.halo, width: 3, lineHeight: 1.4, ...more });
    const face = (size) => size.replace(/\d+$/, (px) => Math.round(px * info.scale)) + "px " + FONT;
    const rules = [], add = (layers, symbolizer, filter, minzoom, maxzoom) => {
      for (const one of layers) {
        rules.push({ dataLayer: one, symbolizer: symbolizer, filter: filter, minzoom: minzoom, maxzoom: maxzoom });
      }
    };
    const spot = (size) => new P.GroupSymbolizer([
      new P.CircleSymbolizer({ radius: 2, fill: c.spot, stroke: c.halo, width: 1 }),
      new P.OffsetTextSymbolizer(text(size, c.faint, { offsetX: 5, offsetY: 3, maxLineChars: 16 })),
    ]);
    const point = (z, f) => f.geomType === 1;
    const far = new Set(["city", "town", "country", "region", "state", "locality"]);
    add(["places", "place"], new P.CenteredTextSymbolizer(text("600 15", c.text)), (z, f) => point(z, f) && far.has(place(f.props)), 0, 15);
    add(["places", "place"], new P.CenteredTextSymbolizer(text("600 13", c.faint, { letterSpacing: 1 })),
      (z, f) => point(z, f) && !far.has(place(f.props)), 12, 17);
    add(["pois", "poi"], spot("600 12"), (z, f) => point(z, f) && ["station", "subway"].includes(poi(f.props)), 13);
    const streets = ["roads", "transportation_name"], named = (z, f) => f.geomType === 2 && (f.props.name ?? "") !== "";
    add(streets, new P.LineLabelSymbolizer(text("600 12", c.text)),
      (z, f) => named(z, f) && ["highway", "major_road"].includes(road(f.props)), 13);
    add(streets, new P.LineLabelSymbolizer(text("12", c.text)), (z, f) => named(z, f) && road(f.props) === "minor_road", 15);
    const early = new Set(["hospital", "university", "college", "school", "park", "townhall", "museum", "library", "mall",
      "stadium", "bus_station", "residential"]);
    add(["pois", "poi"], spot("12"), (z, f) => point(z, f) && early.has(poi(f.props)), 16);
    add(streets, new P.LineLabelSymbolizer(text("11", c.faint)), (z, f) => named(z, f) && road(f.props) === "path", 18);
    add(["water", "physical_point", "water_name"], new P.CenteredTextSymbolizer(text("italic 12", c.deep)), point, 13);
    add(["pois", "poi"], spot("11"), (z, f) => point(z, f) && poi(f.props) !== "building", 18);
    add(["pois", "poi"], new P.CenteredTextSymbolizer(text("11", c.faint)), (z, f) => point(z, f) && poi(f.props) === "building", 17);
    return rules;
  }

  // -- layers ------------------------------------------------------------------------------------------------------
  const bounds = () => L.latLngBounds([info.bounds[1], info.bounds[0]], [info.bounds[3], info.bounds[2]]);
  const url = () => "tiles/" + info.number + "/{z}/{x}/{y}";
  function pictures() {
    const shift = info.tile_size === 512 ? 1 : 0; // a tile of 512 px stands for four of the zoom below
    return L.tileLayer(url(), {
      tileSize: info.tile_size, zoomOffset: -shift, minZoom: info.min_zoom + shift, maxNativeZoom: info.max_zoom + shift,
      maxZoom: info.max_zoom + shift + BLURRED, bounds: bounds(), noWrap: true, className: "bf-pictures bf-" + info.theme,
    });
  }
  function shapes() {
    const P = window.protomapsL;
    return P.leafletLayer({
      url: url(), maxDataZoom: info.max_zoom, minZoom: info.min_zoom && info.min_zoom + 1, maxZoom: info.max_zoom + SHARP,
      bounds: bounds(), noWrap: true, attribution: "", lang: info.chinese ? "zh" : "en",
      paintRules: paintRules(info.colours, P), labelRules: labelRules(info.colours, P),
    });
  }
  function drawer() { // its script is loaded with the first vector basemap only
    script = script || new Promise((done, failed) => {
      const element = document.createElement("script");
      element.nonce = nonce;
      element.src = "script/protomaps-leaflet.js";
      element.onload = done;
      element.onerror = failed;
      document.head.append(element);
    });
    return script;
  }

  // -- whose data it is, and why nothing is seen of it here: plain text, never markup --------------------------------
  const Note = L.Control.extend({
    onAdd: () => {
      const box = L.DomUtil.create("div", "bf-source");
      L.DomEvent.disableClickPropagation(box);
      return box;
    },
  });
  const note = new Note({ position: "bottomright" }).addTo(map);
  function tellSource() {
    const zoom = Math.round(map.getZoom()), words = info ? info.words : {};
    const inside = !!layer && bounds().intersects(map.getBounds());
    const near = !!layer && zoom <= layer.options.maxZoom, far = !!layer && zoom >= layer.options.minZoom;
    state.shown = inside && near && far;
    const why = !layer || state.shown ? "" : !inside ? words.outside : near ? words.far : words.near;
    note.getContainer().style.fontSize = 12 * (info ? info.scale : 1) + "px";
    note.getContainer().textContent = why || (info ? info.attribution : "");
    note.getContainer().hidden = !note.getContainer().textContent;
    bf.showGround(!state.shown);
  }
  if (map.attributionControl) { map.attributionControl.remove(); } // it would make markup and links of a file's words
  map.on("moveend zoomend", tellSource);

  bf.showBasemap = async () => {
    const given = window.barrierfreeBasemap || null, mine = info = given;
    if (given && given.kind === "vector") { await drawer(); }
    if (mine !== info) { return; } // another was chosen meanwhile
    if (layer) { layer.remove(); }
    layer = given ? (given.kind === "vector" ? shapes() : pictures()) : null;
    state.name = given ? given.name : "";
    state.tiles = state.failed = 0;
    if (layer) {
      if (given.kind === "raster") { layer.on("tileloadstart", (e) => { // between two zooms pictures are scaled: without an overlap seams would show
        for (const side of ["width", "height"]) { e.tile.style[side] = parseFloat(e.tile.style[side]) + 1 + "px"; }
      }); }
      layer.on("tileload", () => { state.tiles += 1; });
      layer.on("tileerror", () => { state.failed += 1; });
      layer.addTo(map);
    }
    tellSource();
  };
  bf.showBasemap(); // what was told before this script ran
})();
