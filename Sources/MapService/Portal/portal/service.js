/** A failed request: `status` is 0 when the server did not answer. */
export class ServiceFailure extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** An absolute address under the portal's own; braces of tile templates stay as they are. */
export function address(path) {
  return new URL(".", document.baseURI).href + path.replace(/^\//, "");
}

/** Makes an address from a document absolute: paths count from the server's root. */
export function absolute(url) {
  if (typeof url !== "string" || /^[a-z][a-z0-9+.-]*:/i.test(url)) return url;
  return url.startsWith("/") ? location.origin + url : address(url);
}

async function get(path, options = {}) {
  let response;
  try {
    response = await fetch(address(path), { headers: { Accept: "application/geo+json, application/json" }, cache: "no-cache", ...options });
  } catch (failure) {
    if (failure.name === "AbortError") throw failure;
    throw new ServiceFailure(failure.message, 0);
  }
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new ServiceFailure(problem.detail ?? problem.title ?? `HTTP ${response.status}`, response.status);
  }
  return response.json();
}

const encoded = encodeURIComponent;

export const service = {
  portal: () => get("api/portal.json"),
  changes: (since) => get(`api/changes?since=${encoded(since)}`),
  style: (id) => get(`styles/${encoded(id)}/style.json`),
  legend: (id, level) => get(`styles/${encoded(id)}/legend.json${level === null ? "" : `?level=${level}`}`),
  tiles: (map) => get(`tiles/${encoded(map)}.json`),
  collections: async () => (await get("collections")).collections ?? [],
  report: (layer) => get(`collections/${encoded(layer)}/report`),
  item: (layer, id) => get(`collections/${encoded(layer)}/items/${encoded(id)}`),
  search: (text, signal) => get(`search?q=${encoded(text)}&limit=10`, { signal }),
  itemsAround: (layer, { lng, lat }, radiusMetres, signal) =>
    get(`collections/${encoded(layer)}/items?center=${lng.toFixed(8)},${lat.toFixed(8)}&radius=${radiusMetres.toFixed(2)}&limit=5`, { signal }),
};
