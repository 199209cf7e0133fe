import { byId, element } from "./elements.js";
import { onLanguageChange, say } from "./language.js";

const shown = new Map();

/** Shows a message until it is cleared; one message a key. `kind` is "error" or "note"; notes go after four seconds. */
export function show(key, { kind = "error", values = {} } = {}) {
  clearTimeout(shown.get(key)?.timer);
  const timer = kind === "note" ? setTimeout(() => clear(key), 4000) : undefined;
  shown.set(key, { kind, values, timer });
  render();
}

export function clear(key) {
  if (shown.delete(key)) render();
}

function render() {
  byId("notices").replaceChildren(
    ...[...shown].map(([key, { kind, values }]) =>
      element("div", { class: `notice ${kind}` }, say(key, values),
        element("button", { type: "button", class: "plain", "aria-label": say("close"), onclick: () => clear(key), text: "×" }))));
}

onLanguageChange(render);
