import { byId, element } from "./elements.js";
import { either, language, other, say } from "./language.js";
import * as notices from "./notices.js";
import { draw, openPanel } from "./panel.js";
import { absolute, address, service } from "./service.js";

/** The legend of the style that is shown, whole or as far as the present level draws it. */
export class LegendPanel {
  constructor(view) {
    this.view = view;
    this.style = null;
    this.isOpen = false;
    this.onlyThisLevel = true;
    this.legend = null;
    this.shown = null;
    byId("legend").addEventListener("click", () => this.open());
    view.map.on("zoomend", () => this.load());
  }

  /** Another style is drawn from now on. */
  use(style) {
    this.style = style;
    this.load();
  }

  open() {
    this.isOpen = true;
    this.legend = null;
    this.shown = null;
    openPanel(() => this.content(), { onClose: () => { this.isOpen = false; } });
    this.load();
  }

  level() {
    return this.onlyThisLevel ? Math.min(Math.max(Math.floor(this.view.map.getZoom() + 1), 1), 20) : null;
  }

  async load() {
    if (!this.isOpen || !this.style) return;
    const wanted = `${this.style} ${this.level() ?? ""}`;
    if (wanted === this.shown) return;
    this.shown = wanted;
    try {
      const legend = await service.legend(this.style, this.level());
      if (!this.isOpen || this.shown !== wanted) return;
      this.legend = legend;
      notices.clear("noLegend");
      draw();
    } catch (failure) {
      this.shown = null;
      notices.show("noLegend", { values: { reason: failure.message } });
    }
  }

  content() {
    const level = this.level();
    const query = level === null ? "" : `?level=${level}`;
    const box = element("input", { type: "checkbox", id: "legend-level", onchange: (event) => { this.onlyThisLevel = event.target.checked; draw(); this.load(); } });
    box.checked = this.onlyThisLevel;
    const head = element("p", { class: "legend-head" },
      element("label", {}, box, element("span", { text: say("legendLevel") })),
      element("a", { href: absolute(address(`styles/${encodeURIComponent(this.style)}/legend.png${query}`)), target: "_blank", rel: "noopener", text: say("legendPicture") }));
    if (!this.legend) return { title: say("legend"), nodes: [head, element("p", { class: "message", text: say("loading") })] };
    return { title: say("legend"), nodes: [head, ...groups(this.legend.rows)] };
  }
}

function groups(rows) {
  const nodes = [];
  let list = null;
  let group = null;
  for (const row of rows) {
    if (row.group !== group) {
      group = row.group;
      list = element("ul", { class: "legend" });
      nodes.push(element("h3", { text: either(row.groupTitle ?? row.group) }), list);
    }
    list.append(entry(row));
  }
  return nodes;
}

function entry(row) {
  const { width, height, image } = row.swatch;
  return element("li", {},
    element("div", { class: "legend-row" }, element("img", { src: image, width, height, alt: "" }),
      element("span", { text: either(row.title, language()) }), row.title.zh === row.title.en ? null : element("small", { text: either(row.title, other()) })),
    row.classes?.length ? element("ul", {}, ...row.classes.map(entry)) : null);
}
