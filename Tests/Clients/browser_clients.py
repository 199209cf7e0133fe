#!/usr/bin/env python3
"""Proves the service with the map libraries of web pages: OpenLayers, Leaflet with Proj4Leaflet, and MapLibre GL JS, in a headless
Chromium.

    browser_clients.py WORKMAP [--data DIR] [--share DIR] [--screenshots DIR] [--only REGEX]

Imports one square of known ground position and serves it on a free loopback port. Pages of another port, so of another origin, show it
by every interface that these libraries speak, in Web Mercator, in EPSG:4490 and in EPSG:4547. The middle of what a screenshot shows has
to lie within half a pixel of where the library itself holds that ground position to be, one pixel where it enlarges or reduces tiles.
Nothing may fail: no request, no tile, no line of error on the console. Then the demo hamlet, made or taken from a data directory that
holds it, is shown by the style documents as they are, with their sprites and glyphs. Exit code 0 when every check holds.

What the libraries cannot do is left out: MapLibre GL JS knows Web Mercator alone, so neither EPSG:4490 nor EPSG:4547; Leaflet has no
WMTS client and no vector tiles of its own, and turns the axes of WMS 1.3.0 for EPSG:4326 alone, so its EPSG:4490 is asked by 1.1.1.
OpenLayers takes scale denominators to be OGC's, so the Tianditu profile, whose numbers are of 96 dpi, is shown by a grid that the page
gives, as pages for Tianditu do, and not by its capabilities. It finds WorldCRS84Quad as CRS:84 only: what it calls EPSG:4326 is north first.
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
from browser_cases import KNOWN, city, given, leaflet, maplibre, openlayers
from browser_libraries import Site, unpacked
from pictures import colours
from served_map import Checks, ServedMap, needed, repository
from wmts_clients import SQUARE, Picture, feature, run

SIDE = 256
"""Pixels of the map's sides on the pages."""
GIVE_UP = 5
"""Maps that are not drawn in their time before the run ends: a service that hangs is not waited for with every map."""


class Proof:
    def __init__(self, checks, browser, site, service, scratch, screenshots):
        self.checks, self.browser, self.site, self.service = checks, browser, site, service
        self.scratch, self.screenshots = scratch, screenshots
        self.lost = 0

    def prove(self, case):
        """The square lies where it is."""
        wanted, size = given(case, self.service.base)
        shown = self.show(case, wanted)
        if shown:
            self.measure(case, self.picture(case), shown["middle"], size)
            self.sound(case, shown)

    def fill(self, case):
        """The map has content, and asked for all that the case's style is made of."""
        shown = self.show(case, {"base": self.service.base, "place": case.more["centre"], **case.more})
        if not shown:
            return
        self.picture(case)
        count, share = colours(self.png)
        self.check(case, "it has content", count > 20 and share < 0.98, f"{count} colours, most frequent {share:.1%}")
        for part in (case.more.get("sprites", "/sprites/"), "/fonts/", "/tiles/"):
            asked = [status for status, url in self.browser.responses if part in url]
            self.check(case, f"it takes {part}", bool(asked) and set(asked) <= {200, 204}, len(asked))
        self.sound(case, shown)

    def show(self, case, wanted):
        page = self.browser
        self.forget()
        page.call("Page.navigate", url=f"{self.site.base}/{case.client}.html")
        if not self.check(case, "the page starts", page.wait("typeof show === 'function'", 30), *page.errors[:1]):
            return None
        try:
            return page.run(f"Promise.race([show({json.dumps(case.name)}, {json.dumps(wanted)}), new Promise((_, late) => "
                            "setTimeout(() => late(new Error(`not drawn in 20 s; ${failures}`)), 20000))])")
        except RuntimeError as error:
            self.check(case, "the map is drawn", False, [str(error).split("\n")[0], *self.wrong()][:5])
            self.lost += 1
            return None

    def sound(self, case, shown):
        asked = [url for _, url in self.browser.responses if url.startswith(self.service.base)]
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
        self.png = self.browser.shot({"x": 0, "y": 0, "width": SIDE, "height": SIDE})
        file = self.scratch / "shot.png"
        file.write_bytes(self.png)
        if self.screenshots:
            (self.screenshots / f"{re.sub('[^A-Za-z0-9.@]+', '-', case.label)}.png").write_bytes(self.png)
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


def square(workmap, scratch, share):
    """A data directory with the square, and two far ones that give the layer an extent."""
    source = scratch / "square.geojson"
    squares = [SQUARE, (113.60, 22.90, 113.601, 22.901), (113.80, 23.10, 113.801, 23.101)]
    source.write_text(json.dumps({"type": "FeatureCollection", "features": [feature(each) for each in squares]}))
    run(workmap, "import", str(source), "--layer", "square", "--crs", "EPSG:4490", "--data", str(scratch / "square"), *share)
    return scratch / "square"


def hamlet(workmap, scratch, share):
    run(workmap, "demo", "--scale", "hamlet", "--data", str(scratch / "hamlet"), *share)
    return scratch / "hamlet"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workmap", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, help="a data directory that holds the demo hamlet; made by default")
    parser.add_argument("--share", type=pathlib.Path, help="where Tiles/ and Styles/ lie; looked for around the program by default")
    parser.add_argument("--screenshots", type=pathlib.Path)
    parser.add_argument("--libraries", type=pathlib.Path, default=repository() / ".build-libraries")
    parser.add_argument("--only", default="", help="a regular expression of the maps to prove")
    arguments = parser.parse_args()
    for program, package in (("gdal_translate", "gdal-bin"), ("gdaltransform", "gdal-bin"), ("chromium", "chromium")):
        needed(program, package)
    if arguments.screenshots:
        arguments.screenshots.mkdir(parents=True, exist_ok=True)
    checks, share = Checks(), ["--share", str(arguments.share)] if arguments.share else []
    with tempfile.TemporaryDirectory(prefix="workmap-browser-", ignore_cleanup_errors=True) as folder:
        scratch = pathlib.Path(folder)
        run.cache = str(scratch / "cache")
        with Site(unpacked(arguments.libraries)) as site:
            browser = Browser(scratch / "profile", workers=True)
            try:
                for make, cases, prove in ((square, (*openlayers(), *leaflet(), *maplibre()), Proof.prove), (hamlet, city(), Proof.fill)):
                    wanted = [case for case in cases if re.search(arguments.only, case.label)]
                    if not wanted:
                        continue
                    data = arguments.data if make is hamlet and arguments.data else make(str(arguments.workmap), scratch, share)
                    with ServedMap(arguments.workmap, data, options=share) as service:
                        proof = Proof(checks, browser, site, service, scratch, arguments.screenshots)
                        for case in wanted:
                            prove(proof, case)
                            if proof.lost == GIVE_UP:
                                raise SystemExit(f"given up: {GIVE_UP} maps were not drawn")
            finally:
                browser.close()
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
