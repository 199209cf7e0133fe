#!/usr/bin/env python3
"""Drives the portal of a running server in headless Chromium and prints a line a check.

usage: drive_portal.py BASE_URL OUTDIR [--name TEXT] [--at LON,LAT,ZOOM]

Needs Debian's chromium and the PyPI package websocket-client. --name is what the search must find (default: taken
from the map's own labels); --at is where the click goes (default: the centre the server gives).
Exit code 0 when every check holds, 1 otherwise.
"""
import argparse
import base64
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib

import websocket

KNOWN_PLACE = (113.7518, 23.0207)
KNOWN_TEXT = ("113.7518000, 23.0207000", "474557.73", "2546851.53")
GROUPS = ["base", "admin", "grid", "address", "entity", "overlay"]


class Browser:
    """One page of a headless Chromium, over the DevTools protocol."""

    def __init__(self, profile):
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        if not path:
            sys.exit("drive_portal.py: no chromium on the PATH; install the Debian package chromium")
        self.process = subprocess.Popen(
            [path, "--headless=new", "--no-sandbox", "--disable-gpu", "--use-angle=swiftshader",
             "--enable-unsafe-swiftshader", "--hide-scrollbars", "--remote-debugging-port=0",
             "--remote-allow-origins=*", "--window-size=1280,800", f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = self._port(pathlib.Path(profile, "DevToolsActivePort"))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
            page = next(each for each in json.load(answer) if each["type"] == "page")
        self.socket = websocket.create_connection(page["webSocketDebuggerUrl"], timeout=120)
        self.last = 0
        self.errors = []
        self.responses = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.size(1280, 800)

    @staticmethod
    def _port(file):
        for _ in range(300):
            if file.exists() and file.read_text().strip():
                return int(file.read_text().split()[0])
            time.sleep(0.1)
        sys.exit("drive_portal.py: Chromium did not open its DevTools port in 30 s")

    def call(self, method, **parameters):
        self.last += 1
        mine = self.last
        self.socket.send(json.dumps({"id": mine, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == mine:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self._note(message)

    def _note(self, message):
        what = message.get("params", {})
        if message.get("method") == "Runtime.exceptionThrown":
            details = what["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description") or details["text"])
        elif message.get("method") == "Runtime.consoleAPICalled" and what["type"] in ("error", "assert"):
            self.errors.append(" ".join(str(each.get("value", each.get("description"))) for each in what["args"]))
        elif message.get("method") == "Log.entryAdded" and what["entry"]["level"] == "error":
            self.errors.append(f"{what['entry']['text']} {what['entry'].get('url', '')}")
        elif message.get("method") == "Network.responseReceived":
            self.responses.append((what["response"]["status"], what["response"]["url"]))

    def run(self, expression):
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description") or details["text"])
        return result["result"].get("value")

    def wait(self, expression, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.run(expression):
                return True
            time.sleep(0.1)
        return False

    def size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def shot(self, clip=None):
        more = {"clip": {**clip, "scale": 1}} if clip else {}
        return base64.b64decode(self.call("Page.captureScreenshot", format="png", **more)["data"])

    def click(self, x, y):
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **button)

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait(20)


def colours(png):
    """How many different colours an 8 bit RGB or RGBA PNG holds, and the share of the most frequent."""
    place, width, samples, packed = 8, 0, 3, b""
    while place < len(png):
        length, kind = int.from_bytes(png[place:place + 4]), png[place + 4:place + 8]
        body = png[place + 8:place + 8 + length]
        if kind == b"IHDR":
            width, samples = int.from_bytes(body[:4]), {2: 3, 6: 4}[body[9]]
        elif kind == b"IDAT":
            packed += body
        place += 12 + length
    data, stride = zlib.decompress(packed), width * samples
    counts, above = {}, bytearray(stride)
    for start in range(0, len(data), stride + 1):
        row = unfiltered(data[start], bytearray(data[start + 1:start + 1 + stride]), above, samples)
        for x in range(0, stride, samples * 3):
            colour = bytes(row[x:x + 3])
            counts[colour] = counts.get(colour, 0) + 1
        above = row
    return len(counts), max(counts.values()) / sum(counts.values())


def unfiltered(kind, row, above, samples):
    for i in range(len(row)):
        left = row[i - samples] if i >= samples else 0
        if kind == 1:
            row[i] = row[i] + left & 255
        elif kind == 2:
            row[i] = row[i] + above[i] & 255
        elif kind == 3:
            row[i] = row[i] + (left + above[i] >> 1) & 255
        elif kind == 4:
            corner = above[i - samples] if i >= samples else 0
            guess = left + above[i] - corner
            near = min((left, above[i], corner), key=lambda each: abs(guess - each))
            row[i] = row[i] + near & 255
    return row


IDLE = """new Promise(done => { const map = window.workmap.map; const end = setTimeout(() => done(false), 60000);
  const check = () => map.loaded() && map.areTilesLoaded() ? (clearTimeout(end), done(true)) : map.once('idle', check); check(); })"""


class Checks:
    def __init__(self, browser, base, folder):
        self.browser, self.base, self.folder = browser, base.rstrip("/") + "/", folder
        self.failed = 0

    def check(self, name, holds, remark=""):
        self.failed += not holds
        print(f"{'ok  ' if holds else 'FAIL'} {name}{': ' + str(remark) if remark != '' else ''}", flush=True)
        return holds

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
        self.check("a click shows attributes", shown, page.run("document.querySelector('#panel').innerText.replace(/\\s+/g, ' ').slice(0, 120)"))
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

    def report(self):
        page = self.browser
        button = page.run("(() => { const found = document.querySelector('#layers button.link'); found?.click(); return Boolean(found); })()")
        shown = button and page.wait("document.querySelectorAll('#panel .facts tr').length > 0", 30)
        self.check("a layer's import report opens", bool(shown))
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


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("base")
    parser.add_argument("outdir", type=pathlib.Path)
    parser.add_argument("--name")
    parser.add_argument("--at", type=lambda text: [float(each) for each in text.split(",")])
    arguments = parser.parse_args()
    arguments.outdir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        browser = Browser(profile)
        try:
            checks = Checks(browser, arguments.base, arguments.outdir)
            if checks.opened():
                label = checks.vector(arguments.at)
                checks.tree()
                checks.attributes(arguments.at)
                checks.readout()
                checks.search(arguments.name or label)
                checks.report()
                checks.raster(arguments.at)
                checks.phone()
            checks.errors()
        finally:
            browser.close()
    print(f"{checks.failed} failed" if checks.failed else "all checks hold")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
