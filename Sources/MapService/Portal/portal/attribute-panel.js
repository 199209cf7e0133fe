import { catalogue, featureTitle, layerTitle } from "./catalogue.js";
import { element } from "./elements.js";
import { say } from "./language.js";
import * as notices from "./notices.js";
import { draw, openPanel } from "./panel.js";
import { service } from "./service.js";

const pixels = 6;
const requestsAtOnce = 6;

/** Shows what lies at a place that was clicked, and any one feature that another part of the portal names. */
export class AttributePanel {
  constructor(view) {
    this.view = view;
    this.pending = null;
    view.map.on("click", (event) => this.showAt(event));
  }

  async showAt({ point, lngLat }) {
    this.pending?.abort();
    const request = (this.pending = new AbortController());
    const { signal } = request;
    const radius = Math.max(pixels * this.view.metresPerPixel(point), 0.5);
    const drawn = this.view.drawnAround(point, pixels);
    const state = this.open(request);
    const layers = this.layersToAsk();
    const asked = await this.ask(layers, lngLat, radius, signal);
    if (signal.aborted) return;
    const answered = new Set(asked.filter((answer) => !answer.failure).map((answer) => answer.layer.id));
    state.found = asked.flatMap(({ layer, features }) => features.map((feature) => ({ layer, feature, ofTile: false })));
    state.found.push(...tileFeatures(drawn, answered));
    state.found.sort((a, b) => rank(a) - rank(b) || breadth(a) - breadth(b) || (b.layer.order ?? 0) - (a.layer.order ?? 0));
    state.loading = false;
    const failed = asked.find((answer) => answer.failure);
    if (failed) notices.show("noItems", { values: { reason: failed.failure.message } });
    else notices.clear("noItems");
    this.select(state, 0);
  }

  /** Opens one feature by layer and id; `fallback` stands in when the server has no such item. */
  async showFeature(layer, id, fallback) {
    this.pending?.abort();
    const request = (this.pending = new AbortController());
    const { signal } = request;
    const state = this.open(request);
    let feature = fallback;
    if (layer.servedByFeature !== false && id !== undefined && id !== null) {
      try {
        feature = await service.item(layer.id, id);
      } catch (failure) {
        if (failure.status !== 404) notices.show("noItems", { values: { reason: failure.message } });
      }
    }
    if (signal.aborted) return;
    state.found = [{ layer, feature, ofTile: false }];
    state.loading = false;
    this.select(state, 0);
  }

  /** The panel while `request` runs; closing it ends the request. */
  open(request) {
    const state = { found: [], selected: 0, loading: true };
    openPanel(() => this.content(state), { onClose: () => { request.abort(); this.view.highlight(null); } });
    this.view.highlight(null);
    return state;
  }

  select(state, index) {
    state.selected = index;
    this.view.highlight(state.found[index]?.feature);
    draw();
  }

  layersToAsk() {
    const level = this.view.map.getZoom() + 1;
    return catalogue.layers.filter((layer) => {
      const [first, last] = layer.levels ?? [0, 24];
      return layer.servedByFeature && (layer.state ?? "ready") === "ready" && this.view.isVisible(layer.id)
        && level >= first && Math.floor(level) <= Math.max(last, 20);
    });
  }

  async ask(layers, place, radius, signal) {
    const waiting = [...layers];
    const answers = [];
    const worker = async () => {
      for (let layer = waiting.shift(); layer; layer = waiting.shift()) {
        try {
          const collection = await service.itemsAround(layer.id, place, radius, signal);
          answers.push({ layer, features: collection.features ?? [] });
        } catch (failure) {
          if (signal.aborted) return;
          answers.push({ layer, features: [], failure });
        }
      }
    };
    await Promise.all(Array.from({ length: requestsAtOnce }, worker));
    return answers;
  }

  content(state) {
    if (state.loading) return { title: say("attributes"), nodes: [element("p", { class: "message", text: say("loading") })] };
    if (!state.found.length) return { title: say("attributes"), nodes: [element("p", { class: "message", text: say("noFeatures") })] };
    const nodes = state.found.map((entry, index) => element("section", { class: "feature" },
      element("button", { type: "button", class: "feature-title", "aria-expanded": String(index === state.selected), onclick: () => this.select(state, index) },
        element("span", { class: "feature-layer", text: layerTitle(entry.layer) }), element("span", { text: featureTitle(entry.layer, entry.feature) })),
      index === state.selected ? attributeTable(entry) : null));
    return { title: say("attributesHere", { count: state.found.length }), nodes };
  }
}

function attributeTable({ layer, feature, ofTile }) {
  const properties = feature.properties ?? {};
  const fields = layer.fields ?? [];
  const known = new Set(fields.map((field) => field.name));
  const rows = fields.filter((field) => properties[field.name] !== undefined).map((field) => [field.title || field.name, field.name, properties[field.name]]);
  rows.push(...Object.keys(properties).filter((name) => !known.has(name)).map((name) => [name, name, properties[name]]));
  if (feature.id !== undefined) rows.unshift([say("featureId"), "id", feature.id]);
  return element("table", { class: "facts attributes" }, ofTile ? element("caption", { text: say("tileOnly") }) : null,
    element("tbody", {}, ...rows.filter(([, , value]) => value !== null && value !== "").map(([title, name, value]) =>
      element("tr", {}, element("th", { scope: "row", title: name, text: title }), element("td", { text: shown(value) })))));
}

function shown(value) {
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Drawn features of layers that no feature query answered, each once. */
function tileFeatures(drawn, answered) {
  const seen = new Set();
  const found = [];
  for (const feature of drawn) {
    // A polygon's label stands for the polygon.
    const id = feature.sourceLayer.replace(/\.label$/, "");
    const key = `${id}/${feature.id ?? JSON.stringify(feature.properties)}`;
    if (answered.has(id) || seen.has(key)) continue;
    seen.add(key);
    const { geometry, properties } = feature;
    found.push({ layer: catalogue.byId.get(id) ?? { id, title: id }, feature: { type: "Feature", id: feature.id, geometry, properties }, ofTile: true });
  }
  return found;
}

/** Small things first: they are what a click on several aims at. */
function rank({ feature }) {
  const type = feature.geometry?.type ?? "";
  if (type.endsWith("Point")) return 0;
  return type.endsWith("LineString") ? 1 : 2;
}

/** Degrees from corner to corner, so that a building comes before the town around it. */
function breadth({ feature }) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (value) => {
    if (typeof value?.[0] === "number") {
      box[0] = Math.min(box[0], value[0]);
      box[1] = Math.min(box[1], value[1]);
      box[2] = Math.max(box[2], value[0]);
      box[3] = Math.max(box[3], value[1]);
    } else value?.forEach(visit);
  };
  visit(feature.geometry?.coordinates);
  return box[0] > box[2] ? 0 : Math.hypot(box[2] - box[0], box[3] - box[1]);
}
