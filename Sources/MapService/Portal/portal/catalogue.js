import { either, language } from "./language.js";

export const groups = ["base", "admin", "grid", "address", "entity", "overlay"];

/** The layers of the server, in drawing order, by id. */
export const catalogue = {
  layers: [],
  byId: new Map(),

  replace(collections) {
    this.layers = [...collections].filter((layer) => layer?.id).sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
    this.byId = new Map(this.layers.map((layer) => [layer.id, layer]));
  },

  inGroup(group) {
    return this.layers.filter((layer) => (groups.includes(layer.group) ? layer.group : "overlay") === group);
  },
};

export function layerTitle(layer, which = language()) {
  return either({ zh: layer.title ?? layer.id, en: layer.titleEn ?? layer.title ?? layer.id }, which);
}

/** What a feature is called in lists: its name, or its id when it has none. */
export function featureTitle(layer, feature) {
  const properties = feature.properties ?? {};
  const named = properties[layer?.nameField] ?? properties.name ?? properties["名称"];
  return String(named ?? feature.id ?? properties.id ?? "–");
}
