import * as notices from "./notices.js";
import { address, service } from "./service.js";

const periodMilliseconds = 5000;

/** Asks every five seconds whether the data changed; `onChange` runs before the new version counts as seen. */
export function watchChanges(onChange) {
  let seen = null;
  const ask = async () => {
    try {
      const { version } = await service.changes(seen ?? 0);
      notices.clear("offline");
      if (version !== undefined && seen !== null && version !== seen) await onChange();
      seen = version ?? seen;
    } catch (failure) {
      if (failure.status === 0) notices.show("offline");
    }
    setTimeout(ask, periodMilliseconds);
  };
  ask();
}

/** Hears of a map's dirty tiles as they are found, until another map is followed; `isOpen` says whether none can be missed. */
export class TileChanges {
  constructor(onTiles) {
    this.onTiles = onTiles;
    this.isOpen = false;
  }

  follow(mapId) {
    this.source?.close();
    this.isOpen = false;
    if (!window.EventSource) return;
    this.source = new EventSource(address(`tiles/${encodeURIComponent(mapId)}/changes`));
    this.source.addEventListener("open", () => (this.isOpen = true));
    // The browser connects again by itself; what happened meanwhile is seen by its version.
    this.source.addEventListener("error", () => (this.isOpen = false));
    this.source.addEventListener("tiles", (event) => this.onTiles(JSON.parse(event.data).tiles));
  }
}
