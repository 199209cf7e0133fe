import { AttributePanel } from "./attribute-panel.js";
import { catalogue } from "./catalogue.js";
import { byId, element } from "./elements.js";
import { TileChanges, watchChanges } from "./freshness.js";
import { either, fillTexts, language, onLanguageChange, other, switchLanguage } from "./language.js";
import { LayerTree } from "./layer-tree.js";
import { LegendPanel } from "./legend-panel.js";
import { MapView } from "./map-view.js";
import * as notices from "./notices.js";
import { startReadout } from "./readout.js";
import { SearchBox } from "./search-box.js";
import { service } from "./service.js";

const fallback = { title: { zh: "标准作业图", en: "Standard work map" }, defaultMap: "standard", maps: [{ id: "standard", style: "standard" }] };

async function start() {
  fillTexts();
  byId("language").addEventListener("click", switchLanguage);
  startLayerToggle();
  if (!window.maplibregl) return notices.show("noMapLibrary");
  const portal = await service.portal().catch((failure) => {
    notices.show("noCatalogue", { values: { reason: failure.message } });
    return fallback;
  });
  startTitle(portal);
  let chosen = portal.maps?.find((map) => map.id === portal.defaultMap) ?? portal.maps?.[0] ?? fallback.maps[0];
  let view;
  try {
    view = new MapView({ mapId: chosen.id, portal, onFailure: (failure) => notices.show("mapError", { values: { reason: failure.message } }) });
  } catch {
    return notices.show("noWebGL");
  }
  const ready = new Promise((resolve) => view.map.once("idle", resolve));
  window.workmap = { map: view.map, view, ready: null };
  const tree = new LayerTree(view);
  const panel = new AttributePanel(view);
  const legend = new LegendPanel(view);
  legend.use(chosen.style ?? chosen.id);
  startModes(view, tree);
  const tileChanges = new TileChanges((blocks) => view.refreshTiles(blocks));
  tileChanges.follow(chosen.id);
  startLooks(portal, chosen, async (map) => {
    chosen = map;
    tileChanges.follow(map.id);
    view.setMap(map.id);
    legend.use(map.style ?? map.id);
    await load(view, tree, map, "show");
  });
  startReadout(view.map);
  new SearchBox((feature) => {
    const { layer: layerId, id } = feature.properties;
    const layer = catalogue.byId.get(layerId) ?? { id: layerId, title: feature.properties.layerTitle ?? layerId };
    view.goTo(feature.geometry.coordinates, layer);
    panel.showFeature(layer, id, { ...feature, id });
  });
  const shown = load(view, tree, chosen, "show");
  window.workmap.ready = shown.then(() => settled(view.map)).then(() => ready).then(() => true);
  watchChanges(async () => {
    // With the stream open the vector tiles that changed are there already; pictures and the rest of the page are not.
    await load(view, tree, chosen, tileChanges.isOpen && view.mode === "vector" ? "keep" : "refresh");
    notices.show("updated", { kind: "note" });
  });
  await shown;
}

/** Buttons for the maps that show the same in another way, as by night; none where there is but one. */
function startLooks(portal, chosen, onChoice) {
  const root = chosen.basedOn ?? chosen.id;
  const maps = (portal.maps ?? []).filter((map) => (map.id === root || map.basedOn === root) && map.hasGround !== false && map.shortTitle)
    .sort((a, b) => (b.id === root) - (a.id === root));
  if (maps.length < 2) return;
  let current = chosen.id;
  const render = () => byId("looks").replaceChildren(...maps.map((map) => element("button", { type: "button", id: `look-${map.id}`, "aria-pressed": String(map.id === current),
    title: either(map.title, other()), text: either(map.shortTitle, language()), onclick: () => { current = map.id; render(); onChoice(map); } })));
  onLanguageChange(render);
  render();
}

/** Reads catalogue, style and tileset and hands them to the map (`how` is "show", "refresh", or "keep" for all but the tiles). */
async function load(view, tree, map, how) {
  const collections = service.collections().then((found) => {
    catalogue.replace(found);
    notices.clear("noCatalogue");
  }).catch((failure) => notices.show("noCatalogue", { values: { reason: failure.message } })).then(() => tree.render());
  try {
    const [style, tileset] = await Promise.all([service.style(map.style ?? map.id), service.tiles(map.id).catch(() => null)]);
    view[how](style, tileset);
    notices.clear("noStyle");
  } catch (failure) {
    notices.show("noStyle", { values: { reason: failure.message } });
  }
  await collections;
}

function settled(map) {
  return new Promise((resolve) => {
    if (map.loaded() && map.areTilesLoaded()) resolve();
    else map.once("idle", resolve);
  });
}

function startModes(view, tree) {
  const modes = ["vector", "raster"];
  for (const mode of modes) {
    byId(`mode-${mode}`).addEventListener("click", () => {
      if (!view.document && mode === "vector") return;
      view.setMode(mode);
      for (const each of modes) byId(`mode-${each}`).setAttribute("aria-pressed", String(each === mode));
      tree.render();
    });
  }
}

function startTitle(portal) {
  const render = () => {
    byId("title").textContent = either(portal.title ?? fallback.title, language());
    byId("title-secondary").textContent = either(portal.title ?? fallback.title, other());
    if (portal.statement) byId("datum").title = portal.statement;
    document.title = `${either(portal.title ?? fallback.title, "zh")} ${either(portal.title ?? fallback.title, "en")}`;
  };
  onLanguageChange(render);
  render();
}

function startLayerToggle() {
  const button = byId("toggle-layers");
  const set = (open) => {
    document.body.classList.toggle("layers-closed", !open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.addEventListener("click", () => set(document.body.classList.contains("layers-closed")));
  set(!matchMedia("(max-width: 700px)").matches);
}

start();
