#!/usr/bin/env python3
"""Drives the map portal in a real headless Chromium and checks what a person would see.

    drive_portal.py OUTDIR --workmap WORKMAP      makes a hamlet in a temporary directory and serves it on a free loopback port
    drive_portal.py OUTDIR --base URL             takes a service that runs already

Screenshots go to OUTDIR. --at LON,LAT[,ZOOM] is where the click goes; --name what the search has to find. Exit code
0 when every check holds.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Clients"))

from browser import Browser
from pictures import brightness, colours, saturation
from served_map import Checks as Tally, ServedMap

KNOWN_PLACE = (113.7518, 23.0207)
KNOWN_TEXT = ("113.7518000, 23.0207000", "474557.73", "2546851.53")
GROUPS = ["base", "admin", "grid", "address", "entity", "overlay"]
HAMLET_PLACE = [113.6845, 22.9940, 16]


IDLE = """new Promise(done => { const map = window.workmap.map; const end = setTimeout(() => done(false), 60000);
  const check = () => map.loaded() && map.areTilesLoaded() ? (clearTimeout(end), done(true)) : map.once('idle', check); check(); })"""


class Checks(Tally):
    def __init__(self, browser, base, folder):
        super().__init__()
        self.browser, self.base, self.folder = browser, base.rstrip("/") + "/", folder

    def keep(self, name):
        (self.folder / name).write_bytes(self.browser.shot())

    def canvas(self):
        box = self.browser.run("(({x, y, width, height}) => ({x, y, width, height}))(document.querySelector('.maplibregl-canvas').getBoundingClientRect())")
        return self.browser.shot(box)

    def jump(self, place):
        zoom = f", zoom: {place[2]}" if len(place) > 2 else ""
        self.browser.run(f"void window.workmap.map.jumpTo({{center: [{place[0]}, {place[1]}]{zoom}}})")
        self.browser.run("new Promise(done => setTimeout(done, 300))")

    def content(self, name):
        count, share = colours(self.canvas())
        self.check(f"{name}: the canvas has content", count > 3 and share < 0.995, f"{count} colours, most frequent {share:.1%}")

    def opened(self):
        page = self.browser
        page.call("Page.navigate", url=self.base)
        started = page.wait("Boolean(window.workmap && window.workmap.ready)", 60)
        if not self.check("the page starts", started, page.run("document.querySelector('#notices')?.innerText ?? ''")):
            return False
        ready = page.run("Promise.race([window.workmap.ready, new Promise(done => setTimeout(() => done(false), 90000))])")
        return self.check("the map becomes idle", ready is True)

    def vector(self, at):
        page = self.browser
        if at:
            self.jump(at)
        page.run(IDLE)
        self.content("vector")
        labels = page.run("""(() => { const map = window.workmap.map;
            const layers = map.getStyle().layers.filter(layer => layer.type === 'symbol').map(layer => layer.id);
            return map.queryRenderedFeatures({layers}).map(feature => feature.properties.name ?? '').filter((name, i, all) => all.indexOf(name) === i); })()""")
        self.check("vector: labels are drawn", bool(labels), f"{len(labels)} names, {[each for each in labels if each][:3]}")
        self.keep("vector.png")
        return next((each for each in labels if len(each) > 1), None)

    def tree(self):
        page = self.browser
        found = page.run("[...document.querySelectorAll('#layers details')].map(each => each.dataset.group)")
        self.check("the layer tree has the groups", found == GROUPS, found)
        count = page.run("document.querySelectorAll('#layers li[data-layer]').length")
        self.check("the layer tree has layers", count > 0, count)
        ready = page.run("document.querySelectorAll('#layers .state.ready').length")
        self.check("layers are ready", ready > 0, ready)
        titles = page.run("[...document.querySelectorAll('#layers .layer-title')].map(each => each.innerText)")
        self.check("every layer has a Chinese and an English title", titles and all(re.search("[\u4e00-\u9fff].*\n.*[A-Za-z]", each) for each in titles), titles[:3])

    def switches(self, layer="base.building"):
        """Hiding a layer takes it off the map, showing it brings it back."""
        page = self.browser
        drawn = f"window.workmap.map.queryRenderedFeatures().filter(each => each.sourceLayer === '{layer}').length"
        before = page.run(drawn)
        page.run(f"document.getElementById('layer-{layer}').click()")
        page.run(IDLE)
        hidden = page.run(drawn)
        page.run(f"document.getElementById('layer-{layer}').click()")
        page.run(IDLE)
        self.check("the tree hides a layer and shows it again", before > 0 and hidden == 0 and page.run(drawn) == before, f"{before}, {hidden}")

    def scale(self):
        text = self.browser.run("document.querySelector('.maplibregl-ctrl-scale')?.innerText ?? ''")
        metres = self.browser.run("(() => { const bar = document.querySelector('.maplibregl-ctrl-scale').getBoundingClientRect(); return bar.width * window.workmap.view.metresPerPixel({x: 200, y: 200}); })()")
        stated = re.match(r"(\d+)\s*(km|m)$", text)
        length = int(stated[1]) * (1000 if stated[2] == "km" else 1) if stated else 0
        self.check("the scale bar has the length it states", bool(stated) and abs(metres / length - 1) < 0.1, f"{text}, {metres:.0f} m")

    def english(self):
        page = self.browser
        page.run("document.querySelector('#language').click()")
        first = page.run("document.querySelector('#layers .layer-title').innerText")
        title = page.run("document.querySelector('#title').innerText")
        self.check("the language switches to English", title.startswith("Standard work map") and re.match("[A-Za-z]", first), f"{title}; {first!r}")
        self.keep("english.png")
        page.run("document.querySelector('#language').click()")
        self.check("and back to Chinese", "作业图" in page.run("document.querySelector('#title').innerText"))

    def readout(self):
        page = self.browser
        self.jump(KNOWN_PLACE)
        place = page.run(f"window.workmap.map.project({list(KNOWN_PLACE)})")
        page.run(f"void window.workmap.map.fire('mousemove', {{lngLat: new maplibregl.LngLat{KNOWN_PLACE}, point: {json.dumps(place)}}})")
        shown = page.run("[document.querySelector('#position-geographic').value, document.querySelector('#position-projected').value].join(' | ')")
        self.check("the coordinates of a known point are right", all(each in shown for each in KNOWN_TEXT), shown)

    def attributes(self, at):
        page = self.browser
        if at:
            self.jump(at)
        page.run(IDLE)
        place = page.run("(() => { const map = window.workmap.map; const p = map.project(map.getCenter()); const box = map.getCanvas().getBoundingClientRect(); return [box.x + p.x, box.y + p.y]; })()")
        page.click(*place)
        shown = page.wait("document.querySelectorAll('#panel .attributes tr').length > 0", 30)
        text = page.run("document.querySelector('#panel').innerText.replace(/\\s+/g, ' ')")
        self.check("a click shows attributes", shown, text[:120])
        self.check("the smallest thing that was hit comes first", text.find("镇街") < 0 or text.find("建筑物") < text.find("镇街"))
        page.run(IDLE)
        self.keep("attributes.png")

    def search(self, name):
        page = self.browser
        if not self.check("there is a name to search for", bool(name), name or "give one with --name"):
            return
        page.run("document.querySelector('#search-input').focus()")
        page.call("Input.insertText", text=name)
        found = page.wait("document.querySelectorAll('#search-results [role=option]').length > 0", 30)
        self.check("the search finds the name", found, page.run("document.querySelector('#search-results').innerText.replace(/\\s+/g, ' ').slice(0, 80)"))
        if found:
            for key, code in (("ArrowDown", 40), ("Enter", 13)):
                for kind in ("keyDown", "keyUp"):
                    page.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)
            shown = page.wait("document.querySelectorAll('#search-results:not([hidden])').length === 0 && document.querySelectorAll('#panel .attributes tr').length > 0", 30)
            self.check("the chosen result opens its attributes", shown)
            page.run("new Promise(done => setTimeout(done, 1500))")
            page.run(IDLE)
            target = page.run("window.workmap.view.highlighted.geometry ? (() => { const box = new maplibregl.LngLatBounds(); const visit = each => typeof each[0] === 'number' ? box.extend(each) : each.forEach(visit); visit(window.workmap.view.highlighted.geometry.coordinates); return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()]; })() : null")
            centre = page.run("window.workmap.map.getCenter().toArray()")
            near = target and target[0] - 0.002 <= centre[0] <= target[2] + 0.002 and target[1] - 0.002 <= centre[1] <= target[3] + 0.002
            self.check("the map flies to the result", bool(near), f"{centre[0]:.5f}, {centre[1]:.5f}")
            self.keep("search.png")

    def report(self):
        page = self.browser
        button = page.run("(() => { const found = document.querySelector('#layers button.link'); found?.click(); return Boolean(found); })()")
        shown = button and page.wait("document.querySelectorAll('#panel .facts tr').length > 0", 30)
        self.check("a layer's import report opens", bool(shown))
        text = page.run("document.querySelector('#panel').innerText.replace(/\\s+/g, ' ')")
        self.check("the report accounts for the records", all(each in text for each in ("读入记录", "入库", "拒收", "采用坐标系 EPSG:")), text[:90])
        self.keep("report.png")
        page.run("document.querySelector('#panel-close')?.click()")

    def raster(self, at):
        page = self.browser
        if at:
            self.jump(at)
        page.responses.clear()
        page.run("document.querySelector('#mode-raster').click()")
        page.run("new Promise(done => setTimeout(done, 500))")
        idle = page.run(IDLE)
        tiles = [status for status, url in page.responses if re.search(r"/tiles/[^?]*\.png", url)]
        self.check("raster: tiles load", idle and tiles and all(status in (200, 304) for status in tiles), f"{len(tiles)} tiles")
        self.content("raster")
        self.keep("raster.png")
        page.run("document.querySelector('#mode-vector').click()")
        page.run("new Promise(done => setTimeout(done, 500))")
        self.check("vector mode comes back", page.run(IDLE))

    def brightness(self):
        return brightness(self.canvas())

    def looks(self, at):
        """Night is darker than day and grey has no colour, in vector tiles and in raster tiles."""
        page = self.browser
        if at:
            self.jump(at)
        titles = page.run("[...document.querySelectorAll('#looks button')].map(each => each.innerText)")
        wanted = ["日间", "夜间", "灰度", "影像", "人口", "房屋", "单位"]
        self.check("there are day, night, grey and the themes", titles == wanted, titles)
        for mode in ("vector", "raster"):
            page.run(f"document.querySelector('#mode-{mode}').click()")
            seen = {}
            for look in ("standard", "standard-night", "standard-grey"):
                page.run(f"document.getElementById('look-{look}').click()")
                page.run("new Promise(done => setTimeout(done, 1200))")
                page.run(IDLE)
                seen[look] = (self.brightness(), saturation(self.canvas()))
                self.keep(f"{look}-{mode}.png")
            self.check(f"{mode}: the night is dark", seen["standard-night"][0] < 0.4 < 0.7 < seen["standard"][0], seen)
            self.check(f"{mode}: grey has less colour than day", seen["standard-grey"][1] < seen["standard"][1] / 2, seen)
        page.run("document.getElementById('look-standard').click()")
        page.run("document.querySelector('#mode-vector').click()")
        page.run("new Promise(done => setTimeout(done, 800))")
        page.run(IDLE)

    def legend(self):
        page = self.browser
        page.run("document.querySelector('#legend').click()")
        shown = page.wait("document.querySelectorAll('#panel .legend-row').length > 5", 30)
        rows = page.run("[...document.querySelectorAll('#panel .legend-row')].map(each => each.innerText)")
        self.check("the legend opens with Chinese and English beside", shown and any(re.search("[\u4e00-\u9fff].*[A-Za-z]", each.replace("\n", " ")) for each in rows), rows[:3])
        loaded = page.run("[...document.querySelectorAll('#panel .legend-row img')].every(each => each.complete && each.naturalWidth >= 64)")
        self.check("every row of the legend has its swatch", loaded)
        self.keep("legend.png")
        page.run("document.querySelector('#legend-level').click()")
        more = page.wait(f"document.querySelectorAll('#panel .legend-row').length > {len(rows)}", 30)
        self.check("the whole legend has more rows than one level", more, f"{len(rows)} and more")
        page.run("document.querySelector('#panel-close')?.click()")

    def phone(self):
        page = self.browser
        page.size(390, 780)
        page.run("new Promise(done => setTimeout(done, 500))")
        wide = page.run("document.documentElement.scrollWidth")
        self.check("a phone's width needs no sideways scrolling", wide <= 390, f"{wide} px")
        page.run("document.body.classList.contains('layers-closed') || document.querySelector('#toggle-layers').click()")
        page.run(IDLE)
        self.keep("phone.png")

    def errors(self):
        self.check("no console errors", not self.browser.errors, self.browser.errors[:5] if self.browser.errors else "")


def drive(base, arguments):
    arguments.outdir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            checks = Checks(browser, base, arguments.outdir)
            if checks.opened():
                checks.keep("start.png")
                label = checks.vector(arguments.at)
                checks.tree()
                checks.switches()
                checks.scale()
                checks.attributes(arguments.at)
                checks.readout()
                checks.search(arguments.name or label)
                checks.report()
                checks.english()
                checks.raster(arguments.at)
                checks.looks(arguments.at)
                checks.legend()
                checks.phone()
            checks.errors()
        finally:
            browser.close()
    return checks.end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("outdir", type=pathlib.Path)
    parser.add_argument("--base")
    parser.add_argument("--workmap", type=pathlib.Path)
    parser.add_argument("--name")
    parser.add_argument("--at", type=lambda text: [float(each) for each in text.split(",")])
    arguments = parser.parse_args()
    if (arguments.base is None) == (arguments.workmap is None):
        parser.error("give --base or --workmap")
    if arguments.base:
        return drive(arguments.base, arguments)
    arguments.at = arguments.at or HAMLET_PLACE
    with tempfile.TemporaryDirectory(prefix="workmap-portal-") as data:
        made = subprocess.run([str(arguments.workmap), "demo", "--scale", "hamlet", "--data", data], capture_output=True, text=True)
        if made.returncode != 0:
            sys.exit(f"the hamlet could not be made:\n{made.stdout[-2000:]}{made.stderr[-2000:]}")
        with ServedMap(arguments.workmap, data) as service:
            return drive(service.base, arguments)


if __name__ == "__main__":
    sys.exit(main())
