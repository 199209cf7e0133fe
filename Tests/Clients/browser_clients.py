#!/usr/bin/env python3
"""Proves the service with the map libraries of web pages: OpenLayers, Leaflet with Proj4Leaflet, and MapLibre GL JS, in a headless
Chromium.

    browser_clients.py WORKMAP [--share DIR] [--screenshots DIR] [--only REGEX]

Imports one square of known ground position and serves it on a free loopback port. Pages of another port, so of another origin, show it
by every interface that these libraries speak, in Web Mercator, in EPSG:4490 and in EPSG:4547. The middle of what a screenshot shows has
to lie within half a pixel of where the library itself holds that ground position to be, one pixel where it enlarges or reduces tiles.
Nothing may fail: no request, no tile, no line of error on the console. Exit code 0 when every check holds.

What the libraries cannot do is left out: MapLibre GL JS knows Web Mercator alone, so neither EPSG:4490 nor EPSG:4547; Leaflet has no
WMTS client and no vector tiles of its own, and turns the axes of WMS 1.3.0 for EPSG:4326 alone, so its EPSG:4490 is asked by 1.1.1.
OpenLayers takes scale denominators to be OGC's, so the Tianditu profile, whose numbers are of 96 dpi, is shown by a grid that the page
gives, as pages for Tianditu do, and not by its capabilities.
"""
import argparse
import json
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Portal"))

from browser import Browser
from browser_libraries import Site, unpacked
from served_map import Checks, ServedMap, needed, repository
from wms_clients import carried
from wmts_clients import SQUARE, Picture, feature, mercator, run

SIDE = 400
"""Pixels of the map's sides on the pages."""
OFF = (37.3, -21.6)
"""Where the square's middle lies beside the map's, in pixels: not at whole ones."""
METRES = 156543.03392804097 / 2 ** 18
DEGREES = 1.40625 / 2 ** 18
RESOLUTIONS = {"EPSG:3857": METRES, "EPSG:4490": DEGREES, "EPSG:4326": DEGREES, "EPSG:4547": METRES}
KEYED = "/vec_{0}/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET={0}&FORMAT=tiles" \
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk=x"
KEYED_C, KEYED_W = KEYED.format("c"), KEYED.format("w")
DATA_SERVER = "/DataServer?T=vec_c&x={x}&y={y}&l={z}"
XYZ = "/tiles/standard/{z}/{x}/{y}.png"


KNOWN = {
    "openlayers OGC API map tiles EPSG:3857": (
        ("the square is drawn", "nothing fails"),
        "limits that leave out level 0, which the set has, stop OpenLayers"),
    "maplibre style.json as it is EPSG:3857": (
        ("nothing fails",), "the TileJSON leaves out layers that have no data yet, which the style draws"),
}
KNOWN["openlayers OGC API vector tiles EPSG:3857"] = KNOWN["openlayers OGC API map tiles EPSG:3857"]
"""What is known not to hold, by the map, and why. What holds after all fails the run until it is struck from here."""


class Case:
    """One map on one page: how it is named, which case of the page it is, in which CRS, and what the case has to know."""

    def __init__(self, client, title, name, system, *, scale=1, tolerance=0.5, **more):
        self.client, self.title, self.name, self.system = client, title, name, system
        self.scale, self.tolerance, self.more = scale, tolerance, more

    @property
    def label(self):
        return f"{self.client} {self.title} {self.system}"


def own_grid(system):
    """OpenLayers' own grid for EPSG:4547 has no level of the wanted resolution, so it reduces tiles."""
    return 1 if system == "EPSG:4547" else 0.5


def openlayers():
    def of(*arguments, **more):
        return Case("openlayers", *arguments, **more)

    for encoding in ("KVP", "REST"):
        yield of(f"WMTS by capabilities, {encoding}", "wmts", "EPSG:3857", set="w", encoding=encoding)
        yield of(f"WMTS by capabilities, {encoding}", "wmts", "EPSG:4490", set="c", encoding=encoding)
        yield of(f"WMTS by capabilities, {encoding}", "wmts", "EPSG:4547", set="CGCS2000GK114", encoding=encoding)
    yield of("WMTS between two levels", "wmts", "EPSG:4490", set="c", encoding="KVP", scale=1.3, tolerance=1)
    yield of("Tianditu WMTS with identifiers from 1", "tianditu", "EPSG:4490")
    yield of("Tianditu template", "template", "EPSG:4490", template=KEYED_C)
    yield of("Tianditu template", "template", "EPSG:3857", template=KEYED_W)
    yield of("Tianditu DataServer", "template", "EPSG:4490", template=DATA_SERVER)
    for version in ("1.1.1", "1.3.0"):
        for system in ("EPSG:4490", "EPSG:4547", "EPSG:3857"):
            yield of(f"WMS {version} in one image", "imageWMS", system, version=version)
            yield of(f"WMS {version} in tiles", "tileWMS", system, version=version, tolerance=own_grid(system))
            yield of(f"WMS {version} GetFeatureInfo", "information", system, version=version)
    yield of("XYZ", "template", "EPSG:3857", template=XYZ)
    yield of("XYZ as OSM", "osm", "EPSG:3857")
    yield of("vector tiles", "vectorTile", "EPSG:3857")
    for system, tile_set in (("EPSG:3857", "w"), ("EPSG:4490", "c")):
        yield of("OGC API map tiles", "mapTileset", system, tileset=f"/map/tiles/{tile_set}")
        yield of("OGC API vector tiles", "vectorTileset", system, tileset=f"/tiles/{tile_set}")
    for system in ("EPSG:3857", "EPSG:4490", "EPSG:4547"):
        yield of("GeoJSON of the items", "items", system)
        yield of("ArcGIS export in one image", "imageArcGIS", system)
        yield of("ArcGIS export in tiles", "tileArcGIS", system, tolerance=own_grid(system))
        yield of("ArcGIS feature layer", "featureLayer", system)
    yield of("GeoJSON of the items in a box", "items", "EPSG:3857", asked="EPSG:3857")


def leaflet():
    def of(*arguments, zoom=18, **more):
        return Case("leaflet", *arguments, zoom=zoom, **more)

    yield of("XYZ", "tiles", "EPSG:3857", template=XYZ)
    yield of("Tianditu template", "tiles", "EPSG:3857", template=KEYED_W)
    for title, template in (("Tianditu template", KEYED_C), ("Tianditu DataServer", DATA_SERVER)):
        yield of(title, "tiles", "EPSG:4490", template=template)
        yield of(f"{title} at an offset of 1", "tiles", "EPSG:4326", zoom=17, offset=1, template=template)
    for version in ("1.1.1", "1.3.0"):
        yield of(f"WMS {version}", "wms", "EPSG:3857", version=version)
        yield of(f"WMS {version}", "wms", "EPSG:4326", zoom=17, version=version)
    yield of("WMS 1.1.1", "wms", "EPSG:4490", version="1.1.1")
    for system, zoom in (("EPSG:3857", 18), ("EPSG:4490", 18)):
        yield of("GeoJSON of the items", "geoJSON", system, zoom=zoom)


def maplibre():
    def of(*arguments, **more):
        return Case("maplibre", *arguments, "EPSG:3857", **more)

    # Its levels count tiles of 512 pixels: tiles of level 18 are at their own size at 17.
    yield of("style.json as it is", "style", zoom=17)
    yield of("XYZ", "raster", zoom=17)
    yield of("XYZ between two levels", "raster", zoom=16.6, scale=2 ** 0.4, tolerance=1)
    yield of("XYZ @2x", "large", zoom=17, tolerance=1)
    yield of("TileJSON of pictures", "rasterTileJSON", zoom=17)
    yield of("TileJSON of vector tiles", "tileJSON", zoom=17)
    yield of("WMS 1.1.1 by template", "wms", zoom=17)
    yield of("GeoJSON of the items", "geoJSON", zoom=17)


def corners(system):
    west, south, east, north = SQUARE
    places = [(x, y) for x in (west, east) for y in (south, north)]
    return [mercator(*each) if system == "EPSG:3857" else carried(system, *each) for each in places]


def given(case, base):
    """What a page has to know: the place in degrees, and the same in the case's CRS, east first everywhere."""
    around = corners(case.system)
    middle = [sum(each[axis] for each in around) / 4 for axis in (0, 1)]
    resolution = RESOLUTIONS[case.system] * case.scale
    centre = [middle[axis] - OFF[axis] * resolution for axis in (0, 1)]
    place = [(SQUARE[0] + SQUARE[2]) / 2, (SQUARE[1] + SQUARE[3]) / 2]
    if case.client != "openlayers":
        centre = [place[axis] - OFF[axis] * DEGREES * case.scale for axis in (0, 1)]
    size = [(max(each[axis] for each in around) - min(each[axis] for each in around)) / resolution for axis in (0, 1)]
    return {"base": base, "system": case.system, "middle": middle, "centre": centre, "place": place, "resolution": resolution, **case.more}, size


class Proof:
    def __init__(self, checks, browser, site, service, scratch, screenshots):
        self.checks, self.browser, self.site, self.service = checks, browser, site, service
        self.scratch, self.screenshots = scratch, screenshots

    def prove(self, case):
        page = self.browser
        self.forget()
        page.call("Page.navigate", url=f"{self.site.base}/{case.client}.html")
        if not self.check(case, "the page starts", page.wait("typeof show === 'function'", 30), *page.errors[:1]):
            return
        wanted, size = given(case, self.service.base)
        try:
            shown = page.run(f"Promise.race([show({json.dumps(case.name)}, {json.dumps(wanted)}), new Promise((_, late) => "
                             "setTimeout(() => late(new Error(`not drawn in 20 s; ${failures}`)), 20000))])")
        except RuntimeError as error:
            self.check(case, "the map is drawn", False, [str(error).split("\n")[0], *self.wrong()])
            return
        self.measure(case, self.picture(case), shown["middle"], size)
        asked = [url for _, url in page.responses if url.startswith(self.service.base)]
        wrong = shown["failures"] + self.wrong()
        self.check(case, "nothing fails", not wrong and bool(asked), wrong[:5] or f"{len(asked)} requests")

    def check(self, case, what, holds, remark=""):
        known, reason = KNOWN.get(case.label, ((), ""))
        if what not in known:
            return self.checks.check(f"{case.label}: {what}", holds, remark)
        if holds:
            return self.checks.check(f"{case.label}: {what}, which KNOWN denies", False, remark)
        print(f"known {case.label}: not that {what}: {reason}", flush=True)
        return False

    def forget(self):
        self.browser.call("Page.navigate", url="about:blank")
        for kept in (self.browser.errors, self.browser.responses, self.browser.failures):
            kept.clear()

    def wrong(self):
        page = self.browser
        return page.errors + page.failures + [f"{status} {url}" for status, url in page.responses if status >= 400]

    def picture(self, case):
        png = self.browser.shot({"x": 0, "y": 0, "width": SIDE, "height": SIDE})
        file = self.scratch / "shot.png"
        file.write_bytes(png)
        if self.screenshots:
            (self.screenshots / f"{re.sub('[^A-Za-z0-9.@]+', '-', case.label)}.png").write_bytes(png)
        return Picture.read(file, self.scratch)

    def measure(self, case, picture, middle, size):
        found = picture.drawn()
        if not self.check(case, "the square is drawn", found is not None and max(found[2:]) < SIDE, found or ""):
            return
        off = (found[0] - middle[0], found[1] - middle[1])
        self.check(case, f"it lies within {case.tolerance} px of its ground position",
                   max(map(abs, off)) < case.tolerance, f"{off[0]:+.2f}, {off[1]:+.2f} px")
        # The outline lies half outside and may touch one more pixel on each side; tiles between pixels are blurred by one more.
        more = [found[2] - size[0], found[3] - size[1]]
        self.check(case, "it has its size", all(-1 < each < 6 for each in more), f"{found[2]} x {found[3]} px for {size[0]:.1f} x {size[1]:.1f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workmap", type=pathlib.Path)
    parser.add_argument("--share", type=pathlib.Path, help="where Tiles/ and Styles/ lie; looked for around the program by default")
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("--libraries", type=pathlib.Path, default=repository() / ".build-libraries")
    parser.add_argument("--only", default="", help="a regular expression of the maps to prove")
    arguments = parser.parse_args()
    for program, package in (("gdal_translate", "gdal-bin"), ("gdaltransform", "gdal-bin"), ("chromium", "chromium")):
        needed(program, package)
    if arguments.screenshots:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
    checks = Checks()
    libraries = unpacked(arguments.libraries)
    with tempfile.TemporaryDirectory(prefix="workmap-browser-", ignore_cleanup_errors=True) as folder:
        scratch = pathlib.Path(folder)
        run.cache = str(scratch / "cache")
        source = scratch / "square.geojson"
        squares = [SQUARE, (113.60, 22.90, 113.601, 22.901), (113.80, 23.10, 113.801, 23.101)]
        source.write_text(json.dumps({"type": "FeatureCollection", "features": [feature(each) for each in squares]}))
        share = ["--share", str(arguments.share)] if arguments.share else []
        run(str(arguments.workmap), "import", str(source), "--layer", "square", "--crs", "EPSG:4490", "--data", str(scratch / "data"), *share)
        with ServedMap(arguments.workmap, scratch / "data", options=share) as service, Site(libraries) as site:
            browser = Browser(scratch / "profile", workers=True)
            try:
                proof = Proof(checks, browser, site, service, scratch, arguments.screenshots)
                for case in (*openlayers(), *leaflet(), *maplibre()):
                    if re.search(arguments.only, case.label):
                        proof.prove(case)
            finally:
                browser.close()
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
