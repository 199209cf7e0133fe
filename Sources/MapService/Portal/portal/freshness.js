import * as notices from "./notices.js";
import { service } from "./service.js";

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
