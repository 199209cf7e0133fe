// What a web page with OpenLayers writes to show the map, a case each. `show` gives where the client holds the square's middle to
// be, in pixels of the page, when everything is drawn.
'use strict';

// Both have north first by their authority, which `+axis=neu` tells WMS 1.3.0 and WMTS; positions in the page are east first.
// `+to_meter` is WMTS's length of a degree. Without it OpenLayers takes a sphere of 6370997 m, and finds tiles by capabilities, which
// state scales, 0.3 degrees beside where they are.
proj4.defs('EPSG:4490', '+proj=longlat +ellps=GRS80 +no_defs +axis=neu +to_meter=111319.49079327358');
proj4.defs('EPSG:4547', '+proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m +no_defs +axis=neu');
ol.proj.proj4.register(proj4);
ol.proj.get('EPSG:4490').setExtent([-180, -90, 180, 90]);

const failures = [];
const crossOrigin = 'anonymous';
const degrees = Array.from({length: 20}, (_, i) => 0.703125 / 2 ** i);
const identifiers = degrees.map((_, i) => String(i + 1));
const drawn = new ol.style.Style({fill: new ol.style.Fill({color: '#c08040'}), stroke: new ol.style.Stroke({color: '#804000', width: 1.6})});
const tiles = source => new ol.layer.Tile({source});
const image = source => new ol.layer.Image({source});
const vector = source => new ol.layer.Vector({source, style: drawn});
const squareOnly = feature => feature.get('layer') === 'square' ? drawn : undefined;

async function answered(url) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${await answer.text()}`);
  return answer;
}

async function fromCapabilities(given) {
  const text = await (await answered(`${given.base}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities`)).text();
  const document = new ol.format.WMTSCapabilities().read(text);
  const options = ol.source.WMTS.optionsFromCapabilities(
    document, {layer: 'standard', matrixSet: given.set, projection: given.system, requestEncoding: given.encoding, crossOrigin});
  if (options.matrixSet !== given.set) throw new Error(`the capabilities lead to the set ${options.matrixSet}`);
  if (options.requestEncoding !== given.encoding) throw new Error(`the capabilities lead to the encoding ${options.requestEncoding}`);
  // By REST OpenLayers takes the templates of all formats for mirrors of one another, vector tiles among them.
  if (given.encoding === 'REST') options.urls = options.urls.filter(each => each.endsWith('.png'));
  return tiles(new ol.source.WMTS(options));
}

// `first` is the identifier of the level that is one tile high.
const degreeGrid = first => new ol.tilegrid.TileGrid({
  extent: [-180, -90, 180, 90], origin: [-180, 90], resolutions: [...Array.from({length: first}, (_, i) => 0.703125 * 2 ** (first - i)), ...degrees]});

function wms(given, Source) {
  return new Source({
    url: `${given.base}/wms`, params: {LAYERS: given.layers ?? 'standard', VERSION: given.version, FORMAT: 'image/png', TRANSPARENT: false},
    projection: given.system, crossOrigin, ratio: 1});
}

// The features that GetFeatureInfo finds at the middle, drawn where their coordinates are; and the legend is a picture.
async function information(given) {
  const source = wms({...given, layers: 'square'}, ol.source.ImageWMS);
  const url = source.getFeatureInfoUrl(given.middle, given.resolution, given.system, {INFO_FORMAT: 'application/json', FEATURE_COUNT: 5});
  const found = await (await answered(url)).json();
  const kinds = found.features.map(each => each.properties.kind);
  if (kinds.length !== 1 || kinds[0] !== 1) throw new Error(`GetFeatureInfo finds ${JSON.stringify(kinds)}`);
  const legend = await createImageBitmap(await (await answered(source.getLegendUrl(given.resolution, {LAYER: 'square'}))).blob());
  if (legend.width < 10 || legend.height < 10) throw new Error(`the legend has ${legend.width} x ${legend.height} pixels`);
  const read = new ol.format.GeoJSON().readFeatures(found, {featureProjection: given.system});
  return vector(new ol.source.Vector({features: read}));
}

function items(given) {
  const format = new ol.format.GeoJSON(given.asked ? {dataProjection: given.asked} : {});
  const crs = code => `http://www.opengis.net/def/crs/EPSG/0/${code.split(':')[1]}`;
  const url = given.asked
    ? box => `${given.base}/collections/square/items?limit=10&bbox=${box.join(',')}&bbox-crs=${crs(given.asked)}&crs=${crs(given.asked)}`
    : `${given.base}/collections/square/items`;
  const strategy = given.asked ? ol.loadingstrategy.bbox : ol.loadingstrategy.all;
  return vector(new ol.source.Vector({format, url, strategy}));
}

const services = given => `${given.base}/arcgis/rest/services`;

// The grid that a tiled service of ArcGIS describes; its first level need not be 0.
async function esriTiles(url) {
  const {tileInfo} = await (await answered(`${url}?f=json`)).json();
  const {origin, lods} = tileInfo;
  const grid = new ol.tilegrid.TileGrid({origin: [origin.x, origin.y], resolutions: lods.map(each => each.resolution), tileSize: [tileInfo.cols, tileInfo.rows]});
  return {grid, address: ending => ([z, x, y]) => `${url}/tile/${lods[z].level}/${y}/${x}${ending}`};
}

async function mapServer(given) {
  const {grid, address} = await esriTiles(`${services(given)}/${given.service}/MapServer`);
  return tiles(new ol.source.TileImage({tileGrid: grid, tileUrlFunction: address(''), projection: given.system, crossOrigin}));
}

async function vectorTileServer(given) {
  const {grid, address} = await esriTiles(`${services(given)}/${given.service}/VectorTileServer`);
  const source = new ol.source.VectorTile({format: new ol.format.MVT(), tileGrid: grid, tileUrlFunction: address('.pbf'), projection: given.system});
  return new ol.layer.VectorTile({source, style: squareOnly});
}

// A feature layer of ArcGIS, read as OpenLayers' example reads it.
async function featureLayer(given) {
  const code = given.system.split(':')[1];
  const {layers} = await (await answered(`${services(given)}/standard/MapServer?f=json`)).json();
  const layer = `${services(given)}/standard/MapServer/${layers.find(each => each.name === 'square').id}`;
  const url = box => `${layer}/query?f=json&returnGeometry=true&outFields=*&outSR=${code}&inSR=${code}` +
    `&spatialRel=esriSpatialRelIntersects&geometryType=esriGeometryEnvelope&geometry=${encodeURIComponent(
      JSON.stringify({xmin: box[0], ymin: box[1], xmax: box[2], ymax: box[3], spatialReference: {wkid: Number(code)}}))}`;
  return vector(new ol.source.Vector({format: new ol.format.EsriJSON(), url, strategy: ol.loadingstrategy.bbox}));
}

// The features of a WFS in the view, as OpenLayers' example has them.
const wfsGeoJSON = given => vector(new ol.source.Vector({
  format: new ol.format.GeoJSON(), strategy: ol.loadingstrategy.bbox,
  url: box => `${given.base}/wfs?service=WFS&version=2.0.0&request=GetFeature&typename=wm:square&outputFormat=application/json` +
    `&srsname=${given.system}&bbox=${box.join(',')},${given.system}`}));

// The same as GML, asked for with a filter in XML that OpenLayers writes, and read by OpenLayers.
async function wfsGML(given) {
  const {and, bbox, equalTo} = ol.format.filter;
  const [x, y] = given.middle, reach = 200 * given.resolution;
  const type = {featureNS: 'urn:workmap:features', featureType: 'square'};
  const request = new ol.format.WFS({version: '2.0.0'}).writeGetFeature({
    srsName: given.system, featureNS: type.featureNS, featurePrefix: 'wm', featureTypes: [type.featureType],
    filter: and(bbox('geometry', [x - reach, y - reach, x + reach, y + reach], given.system), equalTo('kind', 1))});
  const answer = await fetch(`${given.base}/wfs`, {method: 'POST', body: new XMLSerializer().serializeToString(request)});
  const text = await answer.text();
  if (!answer.ok) throw new Error(`/wfs answers ${answer.status}: ${text}`);
  const features = new ol.format.WFS({version: '2.0.0', ...type}).readFeatures(text);
  if (features.length !== 1 || features[0].get('kind') !== '1') throw new Error(`WFS finds ${features.length} features: ${text}`);
  return vector(new ol.source.Vector({features}));
}

const cases = {
  wmts: fromCapabilities,
  // As pages for Tianditu have it: no capabilities, identifiers from 1, a key.
  tianditu: given => tiles(new ol.source.WMTS({
    url: `${given.base}/vec_c/wmts?tk=x`, layer: 'vec', style: 'default', matrixSet: 'c', format: 'tiles', projection: given.system, crossOrigin,
    tileGrid: new ol.tilegrid.WMTS({origin: [-180, 90], resolutions: degrees, matrixIds: identifiers})})),
  template: given => tiles(new ol.source.XYZ({
    url: given.base + given.template, projection: given.system, crossOrigin, ...(given.system === 'EPSG:4490' ? {tileGrid: degreeGrid(given.first ?? 1)} : {})})),
  imageWMS: given => image(wms(given, ol.source.ImageWMS)),
  tileWMS: given => tiles(wms(given, ol.source.TileWMS)),
  information,
  osm: given => tiles(new ol.source.OSM({url: `${given.base}/tiles/standard/{z}/{x}/{y}.png`, maxZoom: 18, attributions: '', crossOrigin})),
  vectorTile: given => new ol.layer.VectorTile({
    source: new ol.source.VectorTile({format: new ol.format.MVT(), url: `${given.base}/tiles/standard/{z}/{x}/{y}.mvt`, maxZoom: 18}), style: squareOnly}),
  mapTileset: given => tiles(new ol.source.OGCMapTile({url: given.base + given.tileset, mediaType: 'image/png', projection: given.system, crossOrigin})),
  vectorTileset: given => new ol.layer.VectorTile({
    source: new ol.source.OGCVectorTile({url: given.base + given.tileset, format: new ol.format.MVT(), projection: given.system}), style: squareOnly}),
  items,
  imageArcGIS: given => image(new ol.source.ImageArcGISRest({url: `${services(given)}/standard/MapServer`, ratio: 1, crossOrigin})),
  tileArcGIS: given => tiles(new ol.source.TileArcGISRest({url: `${services(given)}/standard/MapServer`, crossOrigin})),
  mapServer,
  vectorTileServer,
  featureLayer,
  wfsGeoJSON,
  wfsGML,
};

function watch(source) {
  for (const kind of ['tileloaderror', 'imageloaderror', 'featuresloaderror']) source.on(kind, event => failures.push(`${kind} of ${event.tile?.src_ ?? ''}`));
  source.on('change', () => { if (source.getState() === 'error') failures.push(`the source failed: ${source.error_ ?? ''}`); });
}

// A source that reads a document first is in no hurry: the map knows of nothing to be drawn until it has been read.
function settled(source) {
  return new Promise(done => {
    const look = () => source.getState() === 'loading' || source.getState() === 'undefined' ? source.once('change', look) : done();
    look();
  });
}

async function show(name, given) {
  const layer = await cases[name](given);
  watch(layer.getSource());
  await settled(layer.getSource());
  const map = new ol.Map({
    target: 'map', controls: [], pixelRatio: 1, layers: [layer],
    view: new ol.View({projection: given.system, center: given.centre, resolution: given.resolution})});
  await new Promise(done => map.once('rendercomplete', done));
  if (layer.getSource().getState() !== 'ready') failures.push(`the source is ${layer.getSource().getState()}`);
  if (Math.abs(map.getView().getResolution() / given.resolution - 1) > 1e-9) failures.push(`the view took ${map.getView().getResolution()}`);
  return {middle: map.getPixelFromCoordinate(given.middle), failures, version: ol.util.VERSION};
}
