import { byId } from "./elements.js";
import { gaussKruger } from "./gauss-kruger.js";
import { onLanguageChange, say } from "./language.js";

/** Coordinates under the pointer, or of the centre while there is none, and the level. */
export function startReadout(map) {
  let place = map.getCenter();
  let followsPointer = false;
  const render = () => {
    const { lng, lat } = place.wrap();
    byId("position-geographic").value = `${lng.toFixed(7)}, ${lat.toFixed(7)}`;
    const { easting, northing } = gaussKruger(lng, lat);
    byId("position-projected").value = say("eastNorth", { east: easting.toFixed(2), north: northing.toFixed(2) });
  };
  const renderLevel = () => {
    // The ladder counts tiles of 256 pixels, MapLibre's zoom tiles of 512.
    byId("level").value = (map.getZoom() + 1).toFixed(1);
    byId("level").title = `MapLibre zoom ${map.getZoom().toFixed(2)}`;
    if (!followsPointer) {
      place = map.getCenter();
      render();
    }
  };
  map.on("mousemove", (event) => { followsPointer = true; place = event.lngLat; render(); });
  map.on("mouseout", () => { followsPointer = false; });
  map.on("move", renderLevel);
  onLanguageChange(render);
  renderLevel();
  render();
}
