// What a web page with MapLibre GL JS writes to show the map, a case each. `show` gives where the client holds the square's middle
// to be, in pixels of the page, when everything is drawn.
'use strict';

const failures = [];
const ground = {id: 'ground', type: 'background', paint: {'background-color': '#ece8df'}};
const filled = {type: 'fill', paint: {'fill-color': '#c08040', 'fill-outline-color': '#804000'}};
const picture = {type: 'raster', paint: {'raster-fade-duration': 0}};
const document_ = (source, layer) => ({version: 8, sources: {source}, layers: [ground, {id: 'layer', source: 'source', ...layer}]});

const cases = {
  // The document as it is: its sources, sprites and glyphs by the addresses that are in it.
  style: given => `${given.base}/styles/${given.style}/style.json`,
  raster: given => document_({type: 'raster', tiles: [given.base + given.template], scheme: given.scheme ?? 'xyz', tileSize: 256, maxzoom: 18}, picture),
  rasterTileJSON: given => document_({type: 'raster', url: `${given.base}/map/tiles/w?f=tilejson`, tileSize: 256}, picture),
  vector: given => document_({type: 'vector', tiles: [given.base + given.template], maxzoom: 18}, {'source-layer': 'square', ...filled}),
  tileJSON: given => document_({type: 'vector', url: `${given.base}/tiles/standard.json`}, {'source-layer': 'square', ...filled}),
  geoJSON: given => document_({type: 'geojson', data: `${given.base}/collections/square/items`}, filled),
};

async function show(name, given) {
  const map = new maplibregl.Map({
    container: 'map', style: cases[name](given), center: given.centre, zoom: given.zoom, fadeDuration: 0, attributionControl: false, interactive: false, pixelRatio: given.pixelRatio ?? 1});
  map.on('error', event => failures.push(String(event.error?.message ?? event.type)));
  map.on('styleimagemissing', event => failures.push(`the sprite has no ${event.id}`));
  await new Promise(done => map.once('idle', done));
  const point = map.project(given.place);
  return {middle: [point.x, point.y], failures, version: maplibregl.getVersion?.() ?? ''};
}
