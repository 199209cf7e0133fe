import { catalogue } from "./catalogue.js";
import { byId, element } from "./elements.js";
import { onLanguageChange, say } from "./language.js";
import { service } from "./service.js";

const pauseMilliseconds = 250;

/** Search by name: a combobox whose list is steered with the arrow keys. */
export class SearchBox {
  constructor(onChoice) {
    this.onChoice = onChoice;
    this.input = byId("search-input");
    this.list = byId("search-results");
    this.results = [];
    this.active = -1;
    this.message = null;
    this.pending = null;
    this.input.addEventListener("input", () => this.schedule());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => { if (this.results.length) this.render(); });
    document.addEventListener("pointerdown", (event) => { if (!event.target.closest(".search")) this.hide(); });
    onLanguageChange(() => this.hide());
  }

  schedule() {
    clearTimeout(this.timer);
    this.pending?.abort();
    const text = this.input.value.trim();
    if (!text) {
      this.results = [];
      this.hide();
      return;
    }
    this.timer = setTimeout(() => this.search(text), pauseMilliseconds);
  }

  async search(text) {
    this.pending = new AbortController();
    const { signal } = this.pending;
    this.results = [];
    this.active = -1;
    this.message = say("searching");
    this.render();
    try {
      const found = await service.search(text, signal);
      this.results = (found.features ?? []).filter((feature) => feature?.geometry?.coordinates);
      this.message = this.results.length ? null : say("nothingFound", { text });
    } catch (failure) {
      if (signal.aborted) return;
      this.message = say("noSearch", { reason: failure.message });
    }
    if (!signal.aborted) this.render();
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "Escape") this.hide();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const count = this.results.length;
      if (!count) return;
      if (event.key === "ArrowDown") this.active = (this.active + 1) % count;
      else this.active = this.active <= 0 ? count - 1 : this.active - 1;
      this.render();
    } else if (event.key === "Enter" && this.results.length) this.choose(Math.max(this.active, 0));
  }

  choose(index) {
    const feature = this.results[index];
    this.hide();
    this.input.value = feature.properties?.name ?? this.input.value;
    this.onChoice(feature);
  }

  hide() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  render() {
    this.list.replaceChildren(...(this.message ? [element("li", { class: "message", text: this.message })] : this.results.map((feature, index) => this.row(feature, index))));
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    if (this.active >= 0) {
      this.input.setAttribute("aria-activedescendant", `search-result-${this.active}`);
      this.list.children[this.active]?.scrollIntoView({ block: "nearest" });
    }
  }

  row(feature, index) {
    const { name, layer, layerTitle } = feature.properties ?? {};
    return element("li", { role: "option", id: `search-result-${index}`, "aria-selected": String(index === this.active), onclick: () => this.choose(index) },
      element("span", { text: name ?? "–" }), element("small", { text: layerTitle ?? catalogue.byId.get(layer)?.title ?? layer ?? "" }));
  }
}
