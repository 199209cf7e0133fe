import { byId, element } from "./elements.js";
import { onLanguageChange, say } from "./language.js";

let content = null;
let closed = null;

/** Opens the side panel; `render` returns {title, nodes} and runs again when the language changes. */
export function openPanel(render, { onClose = null, focus = false } = {}) {
  if (closed) closed();
  content = render;
  closed = onClose;
  draw();
  if (focus) byId("panel").querySelector("button")?.focus();
}

export function closePanel() {
  byId("panel").hidden = true;
  content = null;
  if (closed) closed();
  closed = null;
}

export function draw() {
  if (!content) return;
  const { title, nodes } = content();
  const panel = byId("panel");
  panel.replaceChildren(
    element("div", { class: "panel-head" }, element("h2", { text: title }),
      element("button", { type: "button", class: "plain", id: "panel-close", "aria-label": say("close"), title: say("close"), onclick: closePanel, text: "×" })),
    element("div", { class: "panel-body" }, ...nodes));
  panel.hidden = false;
}

onLanguageChange(draw);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && content && event.target.id !== "search-input") closePanel();
});
