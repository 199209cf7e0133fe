import { texts } from "./texts.js";

const listeners = [];
let current = "zh";

export function language() {
  return current;
}

/** Chinese or English of a `{zh, en}` pair, of a plain string, or of whichever of the two exists. */
export function either(pair, which = current) {
  if (pair === null || pair === undefined) return "";
  if (typeof pair !== "object") return String(pair);
  return pair[which] ?? pair.zh ?? pair.en ?? "";
}

/** The text of a key in the current language, `{name}` replaced from `values`. */
export function say(key, values = {}, which = current) {
  const pattern = either(texts[key] ?? key, which);
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function other() {
  return current === "zh" ? "en" : "zh";
}

export function onLanguageChange(listener) {
  listeners.push(listener);
}

/** Fills every element that names its text in a data attribute; the other language becomes the tooltip. */
export function fillTexts(root = document) {
  for (const node of root.querySelectorAll("[data-text]")) {
    node.textContent = say(node.dataset.text);
    node.title = say(node.dataset.text, {}, other());
  }
  for (const node of root.querySelectorAll("[data-label]")) node.setAttribute("aria-label", say(node.dataset.label));
  for (const node of root.querySelectorAll("[data-placeholder]")) {
    node.placeholder = say(node.dataset.placeholder);
    node.setAttribute("aria-label", say(node.dataset.placeholder));
    node.title = say(node.dataset.placeholder, {}, other());
  }
}

export function switchLanguage() {
  current = other();
  document.documentElement.lang = current === "zh" ? "zh-CN" : "en";
  fillTexts();
  for (const listener of listeners) listener();
}

/** A time of the server in the reader's zone and notation. */
export function localTime(text) {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return String(text);
  return time.toLocaleString(current === "zh" ? "zh-CN" : "en-GB", { dateStyle: "short", timeStyle: "short" });
}
