import { catalogue, groups, layerTitle } from "./catalogue.js";
import { byId, element } from "./elements.js";
import { localTime, onLanguageChange, other, say } from "./language.js";
import { openReport } from "./report-panel.js";

const states = ["ready", "preparing", "absent", "failed"];

/** The tree of layers; `view` hides and shows them. */
export class LayerTree {
  constructor(view) {
    this.view = view;
    this.closedGroups = new Set();
    onLanguageChange(() => this.render());
  }

  render() {
    const root = byId("layers");
    const focused = document.activeElement?.id;
    const nodes = groups.map((group) => this.group(group, catalogue.inGroup(group)));
    const note = this.view.mode === "raster" ? element("p", { class: "tree-note", text: say("rasterNote") }) : null;
    root.replaceChildren(...[note, ...nodes].filter(Boolean));
    if (focused && root.querySelector(`#${CSS.escape(focused)}`)) byId(focused).focus();
  }

  group(group, layers) {
    const details = element("details", { open: !this.closedGroups.has(group), "data-group": group },
      element("summary", { title: say(`group_${group}`, {}, other()) },
        element("input", { type: "checkbox", id: `group-${group}`, disabled: this.view.mode === "raster" || layers.length === 0,
          "aria-label": say(`group_${group}`), onclick: (event) => event.stopPropagation(),
          onchange: (event) => this.setAll(layers, event.target.checked) }),
        element("span", { text: say(`group_${group}`) }), element("small", { class: "secondary", text: say(`group_${group}`, {}, other()) }),
        element("small", { class: "number", text: `${layers.length}` })),
      element("ul", {}, ...layers.map((layer) => this.layer(layer))));
    details.addEventListener("toggle", () => this.closedGroups[details.open ? "delete" : "add"](group));
    const box = details.querySelector("summary input");
    const visible = layers.filter((layer) => this.view.isVisible(layer.id)).length;
    box.checked = visible > 0;
    box.indeterminate = visible > 0 && visible < layers.length;
    return details;
  }

  layer(layer) {
    const state = states.includes(layer.state) ? layer.state : "unknown";
    const stateText = [say(`state_${state}`), layer.stateMessage].filter(Boolean).join(": ");
    const box = element("input", { type: "checkbox", id: `layer-${layer.id}`, disabled: this.view.mode === "raster",
      onchange: (event) => { this.view.setVisible(layer.id, event.target.checked); this.render(); } });
    box.checked = this.view.isVisible(layer.id);
    const facts = [layerTitle(layer, other()), layer.description !== layerTitle(layer, "en") ? layer.description : null, stateText,
      layer.importedAt ? say("imported", { time: localTime(layer.importedAt) }) : null];
    const count = Number.isFinite(layer.featureCount) ? layer.featureCount.toLocaleString("en-US") : "";
    return element("li", { "data-layer": layer.id },
      element("label", { title: facts.filter(Boolean).join("\n") },
        box, element("span", { class: `state ${state}`, role: "img", "aria-label": stateText }),
        element("span", { class: "layer-title" }, element("span", { text: layerTitle(layer) }), element("small", { text: state === "ready" ? layerTitle(layer, other()) : stateText }))),
      element("span", { class: "layer-count", title: say("count", { count }), text: count }),
      layer.hasReport ? element("button", { type: "button", class: "link", id: `report-${layer.id}`, "aria-label": say("reportTitle", { layer: layerTitle(layer) }),
        title: `${say("reportLink")} ${say("reportLink", {}, other())}`, onclick: () => openReport(layer), text: say("reportShort") }) : element("span", { class: "no-report" }));
  }

  setAll(layers, visible) {
    for (const layer of layers) this.view.setVisible(layer.id, visible);
    this.render();
  }
}
