// What a web page with Leaflet writes to show the map, a case each. `show` gives where the client holds the square's middle to be,
// in pixels of the page, when everything is drawn.
'use strict';

const failures = [];
const crossOrigin = 'anonymous';

// Tianditu's grid of degrees: level 1 has 0.703125 degrees a pixel, two tiles beside each other.
const cgcs2000 = new L.Proj.CRS('EPSG:4490', '+proj=longlat +ellps=GRS80 +no_defs', {
  origin: [-180, 90], resolutions: Array.from({length: 21}, (_, i) => 1.40625 / 2 ** i), bounds: L.bounds([-180, -90], [180, 90])});
const systems = {'EPSG:3857': L.CRS.EPSG3857, 'EPSG:4326': L.CRS.EPSG4326, 'EPSG:4490': cgcs2000};

async function geoJSON(given) {
  const answer = await fetch(`${given.base}/collections/square/items`);
  if (!answer.ok) throw new Error(`the items answer ${answer.status}: ${await answer.text()}`);
  return L.geoJSON(await answer.json(), {style: {color: '#804000', weight: 1.6, fillColor: '#c08040', fillOpacity: 1}});
}

const cases = {
  tiles: given => L.tileLayer(given.base + given.template, {maxZoom: 20, zoomOffset: given.offset ?? 0, tms: given.upward ?? false, crossOrigin}),
  wms: given => L.tileLayer.wms(`${given.base}/wms`, {layers: 'standard', format: 'image/png', version: given.version, crossOrigin}),
  geoJSON,
};

// Where the middle is, not rounded to whole pixels as `latLngToContainerPoint` rounds it.
function placed(map, [longitude, latitude]) {
  const point = map.project([latitude, longitude]).subtract(map.getPixelOrigin());
  const shift = map.layerPointToContainerPoint([0, 0]);
  return [point.x + shift.x, point.y + shift.y];
}

async function show(name, given) {
  const map = L.map('map', {
    crs: systems[given.system], zoomControl: false, attributionControl: false, fadeAnimation: false, zoomAnimation: false, renderer: L.canvas(),
    center: [given.centre[1], given.centre[0]], zoom: given.zoom});
  const layer = await cases[name](given);
  if (layer instanceof L.GridLayer) {
    layer.on('tileerror', event => failures.push(`tileerror of ${event.tile.src}`));
    const loaded = new Promise(done => layer.once('load', done));
    layer.addTo(map);
    await loaded;
  } else {
    layer.addTo(map);
  }
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return {middle: placed(map, given.place), failures, version: L.version};
}
