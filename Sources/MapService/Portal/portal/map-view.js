import { absolute, address } from "./service.js";

const highlightSource = "portal-highlight";
const nothing = { type: "FeatureCollection", features: [] };
const highlightColour = "#e6007e";
const highlightLayers = [
  { id: "portal-highlight-fill", type: "fill", source: highlightSource, filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": highlightColour, "fill-opacity": 0.15 } },
  { id: "portal-highlight-line", type: "line", source: highlightSource, filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": highlightColour, "line-width": 3 } },
  { id: "portal-highlight-point", type: "circle", source: highlightSource, filter: ["==", ["geometry-type"], "Point"],
    paint: { "circle-color": "rgba(0,0,0,0)", "circle-radius": 10, "circle-stroke-color": highlightColour, "circle-stroke-width": 3 } },
];

/** The map in one of two modes: a style document over vector tiles, or finished raster tiles. */
export class MapView {
  constructor({ mapId, portal, onFailure }) {
    this.mapId = mapId;
    this.mode = "vector";
    this.hidden = new Set();
    this.highlighted = nothing;
    this.document = null;
    this.tileset = {};
    this.revalidates = false;
    const bounds = portal.bounds?.length === 4 ? portal.bounds : null;
    this.map = new maplibregl.Map({
      container: "map",
      style: { version: 8, sources: {}, layers: [] },
      ...(bounds ? { bounds, fitBoundsOptions: { padding: 24 } } : { center: portal.center ?? [113.75, 23.02], zoom: portal.zoom ?? 10 }),
      maxZoom: 19.9,
      hash: true,
      pitchWithRotate: false,
      dragRotate: false,
      attributionControl: false,
      // Tiles that changed while the page was open are asked for anew; the server answers 304 for the others.
      transformRequest: (url) => ({ url: absolute(url), cache: this.revalidates ? "no-cache" : undefined }),
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
    this.map.addControl(new maplibregl.ScaleControl({ maxWidth: 120, unit: "metric" }), "bottom-left");
    this.map.addControl(new maplibregl.AttributionControl({ compact: false }), "bottom-right");
    this.map.on("error", (event) => onFailure(event.error ?? new Error("map")));
  }

  /** Takes a style document and a tileset in; both stay for later switches of mode. */
  show(styleDocument, tileset) {
    this.document = styleDocument;
    this.tileset = tileset ?? {};
    this.apply();
  }

  /** New data: the same documents or newer ones, and no tile that is held counts any more. */
  refresh(styleDocument, tileset) {
    this.revalidates = true;
    this.show(styleDocument, tileset);
    for (const id of Object.keys(this.map.getStyle().sources)) {
      const source = this.map.getSource(id);
      // Handing the same addresses over again makes the source ask for every tile in view.
      if (source?.setTiles && source.tiles) source.setTiles(source.tiles);
    }
  }

  /** The same documents or newer ones; tiles that are held stay. */
  keep(styleDocument, tileset) {
    this.revalidates = true;
    this.show(styleDocument, tileset);
  }

  /** Asks anew for the vector tiles in view that lie in one of the blocks, and for no others. */
  refreshTiles(blocks) {
    this.revalidates = true;
    const dirty = blocks.filter((block) => block.kind === "vector" && block.matrixSet === "w");
    for (const [id, { type }] of Object.entries(this.map.getStyle().sources)) {
      const held = this.map.style.sourceCaches?.[id];
      if (type !== "vector" || !dirty.length) continue;
      // The library has no public way to one tile; without its inner one the source asks for all.
      if (!held?._tiles || !held._reloadTile) {
        const source = this.map.getSource(id);
        source?.setTiles?.(source.tiles);
        continue;
      }
      for (const [key, { tileID }] of Object.entries(held._tiles)) {
        if (dirty.some((block) => isIn(block, tileID.canonical))) held._reloadTile(key, "reloading");
      }
    }
  }

  /** Another map of the service from the next `show` on. */
  setMap(mapId) {
    this.mapId = mapId;
  }

  setMode(mode) {
    this.mode = mode;
    this.apply();
  }

  apply() {
    const style = this.mode === "raster" ? this.rasterStyle() : this.vectorStyle();
    style.sources[highlightSource] = { type: "geojson", data: this.highlighted };
    style.layers.push(...highlightLayers);
    this.map.setStyle(style, { diff: true });
  }

  vectorStyle() {
    const style = structuredClone(this.document);
    if (typeof style.sprite === "string") style.sprite = absolute(style.sprite);
    if (style.glyphs) style.glyphs = absolute(style.glyphs);
    for (const source of Object.values(style.sources)) {
      if (source.url) source.url = absolute(source.url);
      if (source.tiles) source.tiles = source.tiles.map(absolute);
    }
    const source = style.sources.workmap;
    if (source && this.tileset.tiles?.length) {
      // Written out, so that a refresh does not wait for the document a second time.
      const { minzoom, maxzoom, bounds, attribution } = this.tileset;
      style.sources.workmap = { type: "vector", tiles: this.tileset.tiles.map(absolute), minzoom: minzoom ?? 0, maxzoom: maxzoom ?? 18,
        ...(bounds ? { bounds } : {}), attribution: attribution || "标准作业图 · 内部用图" };
    }
    for (const layer of style.layers) {
      if (this.hidden.has(layerOf(layer))) layer.layout = { ...layer.layout, visibility: "none" };
    }
    return style;
  }

  rasterStyle() {
    const ratio = window.devicePixelRatio > 1 ? "@2x" : "";
    const { bounds, attribution } = this.tileset;
    return {
      version: 8,
      sources: { "workmap-raster": { type: "raster", tiles: [`${address("tiles/")}${encodeURIComponent(this.mapId)}/{z}/{x}/{y}${ratio}.png`], tileSize: 256,
        minzoom: 0, maxzoom: 20, ...(bounds ? { bounds } : {}), attribution: attribution || "标准作业图 · 内部用图" } },
      // Tiles on which nothing is drawn are transparent; the ground of the style lies under them.
      layers: [...(this.document?.layers ?? []).filter((layer) => layer.type === "background"), { id: "workmap-raster", type: "raster", source: "workmap-raster", paint: { "raster-fade-duration": 0 } }],
    };
  }

  isVisible(id) {
    return !this.hidden.has(id);
  }

  setVisible(id, visible) {
    this.hidden[visible ? "delete" : "add"](id);
    if (this.mode === "raster" || !this.document) return;
    for (const layer of this.document.layers) {
      if (layerOf(layer) === id && this.map.getLayer(layer.id)) {
        this.map.setLayoutProperty(layer.id, "visibility", visible ? layer.layout?.visibility ?? "visible" : "none");
      }
    }
  }

  highlight(feature) {
    this.highlighted = feature?.geometry ? { type: "Feature", properties: {}, geometry: feature.geometry } : nothing;
    this.map.getSource(highlightSource)?.setData(this.highlighted);
  }

  /** What vector tiles draw within a few pixels, topmost first, one a feature. */
  drawnAround(point, pixels) {
    if (this.mode === "raster") return [];
    const box = [[point.x - pixels, point.y - pixels], [point.x + pixels, point.y + pixels]];
    return this.map.queryRenderedFeatures(box).filter((feature) => feature.source === "workmap");
  }

  /** Ground metres that a screen pixel covers at a latitude. */
  metresPerPixel(point) {
    const here = this.map.unproject([point.x, point.y]);
    return here.distanceTo(this.map.unproject([point.x + 10, point.y])) / 10;
  }

  goTo(coordinates, layer) {
    const firstLevel = layer?.levels?.[0] ?? 0;
    const zoom = Math.min(Math.max(this.map.getZoom(), 15, firstLevel), 19);
    const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 1200;
    this.map.flyTo({ center: coordinates, zoom, duration });
  }
}

/** The catalogue's layer that a style layer draws. */
export function layerOf(styleLayer) {
  return styleLayer.metadata?.["workmap:layer"] ?? styleLayer["source-layer"] ?? "";
}

/** Whether an XYZ tile lies in a block, whose rows and columns have both ends in them. */
function isIn({ level, rows, columns }, { z, x, y }) {
  return z === level && x >= columns[0] && x <= columns[1] && y >= rows[0] && y <= rows[1];
}
