import { layerTitle } from "./catalogue.js";
import { element } from "./elements.js";
import { either, localTime, say } from "./language.js";
import { draw, openPanel } from "./panel.js";
import { service } from "./service.js";

/** Members with a place of their own; whatever else a report has is shown by its name. */
const facts = {
  featuresIn: "recordsIn", recordsIn: "recordsIn", stored: "stored", featuresStored: "stored", rejected: "rejected", recordsRejected: "rejected",
  encoding: "encoding", durationSeconds: "seconds", seconds: "seconds", startedAt: "startedAt",
  featuresWithoutGeometry: "withoutGeometry", identifiersAssigned: "identifiersAssigned", recordsPerSecond: "perSecond", version: "version", envelope: "envelope",
};
const order = ["recordsIn", "stored", "rejected", "crsDeclared", "crsUsed", "encoding", "envelope", "withoutGeometry", "identifiersAssigned", "version", "startedAt", "seconds", "perSecond"];
const tallies = ["rejections", "diagnostics", "repairs", "notices"];

export async function openReport(layer) {
  let report = null;
  let failure = null;
  openPanel(() => ({ title: say("reportTitle", { layer: layerTitle(layer) }), nodes: failure ? [message(say("noReport", { reason: failure.message }))]
    : report ? reportNodes(report) : [message(say("loading"))] }), { focus: true });
  try {
    report = await service.report(layer.id);
  } catch (caught) {
    failure = caught;
  }
  draw();
}

function reportNodes(report) {
  const rows = [];
  const further = [];
  let statement = "";
  for (const [member, value] of Object.entries(report)) {
    if (member === "layer" || member === "files" || member === "sources" || tallies.includes(member)) continue;
    if (member === "crs" && value && typeof value === "object") {
      rows.push(["crsDeclared", value.declared], ["crsUsed", value.used]);
      statement = value.statement ?? statement;
    } else if (member === "crs") rows.push(["crsUsed", value]);
    else if (member === "datumStatement") statement = value;
    else if (facts[member]) rows.push([facts[member], value]);
    else further.push([member, value]);
  }
  rows.sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  const nodes = [table(rows.filter(([, value]) => present(value)).map(([key, value]) => [say(key), fact(key, value)]), "facts")];
  const files = report.files ?? report.sources ?? [];
  if (files.length) nodes.push(heading("files"), sources(files));
  const remarks = [];
  for (const member of tallies) remarks.push(...tallyNodes(member, report[member]));
  nodes.push(...remarks);
  if (!remarks.length) nodes.push(heading("diagnostics"), message(say("noDiagnostics")));
  const rest = further.filter(([, value]) => present(value));
  if (statement) nodes.push(heading("datumStatement"), element("p", { class: "statement", text: inOneLanguage(statement) }));
  if (rest.length) nodes.push(heading("furtherMembers"), table(rest.map(([member, value]) => [member, plain(value)]), "facts"));
  return nodes;
}

function fact(key, value) {
  if (key === "startedAt") return localTime(value);
  if (key === "perSecond") return plain(Math.round(value));
  if (key === "envelope" && Number.isFinite(value.minX)) return `${plain(value.minX)}, ${plain(value.minY)} – ${plain(value.maxX)}, ${plain(value.maxY)}`;
  return plain(value);
}

function sources(files) {
  const columns = [["file", "name"], ["format", "format"], ["recordsIn", "recordsIn"], ["stored", "featuresStored"], ["rejected", "recordsRejected"], ["crsUsed", "usedCRS"]]
    .filter(([, member]) => files.some((file) => present(file[member])));
  const cells = (file) => columns.map(([, member]) => element("td", { class: typeof file[member] === "number" ? "number" : null, text: plain(file[member]) }));
  return element("div", { class: "scroll", tabindex: "0" }, element("table", { class: "sources" },
    element("thead", {}, element("tr", {}, ...columns.map(([key]) => element("th", { scope: "col", text: say(key) })))),
    element("tbody", {}, ...files.map((file) => element("tr", {}, ...cells(file))))));
}

/** A text of two lines, Chinese and English: the line of the language that is shown. */
function inOneLanguage(text) {
  const lines = String(text).split("\n");
  return lines.length === 2 ? either({ zh: lines[0], en: lines[1] }) : text;
}

/** Tallies come as {key: count} or as a list of {key, count, examples}. */
function tallyNodes(member, tally) {
  if (!tally) return [];
  const entries = Array.isArray(tally) ? tally : Object.entries(tally).map(([key, count]) => ({ key, count }));
  if (!entries.length) return [];
  if (entries.every((entry) => !entry.examples?.length)) {
    return [heading(member), table(entries.map((entry) => [entry.key, plain(entry.count)]), "facts")];
  }
  const columns = ["file", "place", "field", "value", "reason", "suggestion"];
  const body = entries.flatMap((entry) => [
    element("tr", { class: "tally" }, element("th", { colspan: columns.length, scope: "rowgroup", text: `${entry.key} × ${plain(entry.count)}` })),
    ...(entry.examples ?? []).map((example) => element("tr", {}, ...columns.map((column) => element("td", { text: cell(example, column) }))))]);
  return [heading(member), element("div", { class: "scroll", tabindex: "0" }, element("table", { class: "diagnostics" },
    element("thead", {}, element("tr", {}, ...columns.map((column) => element("th", { scope: "col", text: say(column) })))), element("tbody", {}, ...body)))];
}

function cell(example, column) {
  if (column === "file") return plain(example.file ?? example.source);
  if (column === "place") return plain(example.place ?? example.line ?? example.feature);
  return plain(either(example[column]));
}

function present(value) {
  if (value === null || value === undefined || value === "") return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

function plain(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return value.toLocaleString("en-US", { maximumFractionDigits: 3 });
  if (Array.isArray(value)) return value.map(plain).join(", ");
  if (typeof value === "object") return Object.entries(value).filter(([, inner]) => present(inner)).map(([key, inner]) => `${key}: ${plain(inner)}`).join("; ");
  return String(value);
}

function heading(key) {
  return element("h3", { text: say(key) });
}

function message(text) {
  return element("p", { class: "message", text });
}

function table(rows, name) {
  return element("table", { class: name }, element("tbody", {}, ...rows.map(([key, value]) => element("tr", {}, element("th", { scope: "row", text: key }), element("td", { text: value })))));
}
