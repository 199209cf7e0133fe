#!/usr/bin/env python3
"""Proves that addresses in documents are right behind a reverse proxy that others wrote: nginx, under a path of its own.

    proxy_clients.py WORKMAP

Serves a data directory with one layer behind nginx at /work/map/, follows every kind of document through the proxy, and reads
the WMTS with OWSLib. Then asks around the proxy, where nothing that claims to be one is believed. Exit code 0 when every check
holds.
"""
import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

from owslib.wmts import WebMapTileService

from served_map import Checks, ServedMap, free_port, needed

PREFIX = "/work/map"
DOCUMENTS = [
    "/?f=json", "/collections", "/collections/overlay.square", "/collections/overlay.square/items?limit=1", "/tiles/standard.json",
    "/tiles/standard.json?scheme=tms", "/styles/standard/style.json", "/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", "/tms/1.0.0",
    "/tms/1.0.0/standard", "/arcgis/rest/services/standard/VectorTileServer/resources/styles/root.json",
]
SQUARE = {"type": "Feature", "properties": {"name": "方"}, "geometry": {
    "type": "Polygon", "coordinates": [[[113.684, 22.993], [113.685, 22.993], [113.685, 22.994], [113.684, 22.994], [113.684, 22.993]]]}}


class Proxy:
    """nginx over one upstream for the length of a `with` block."""

    def __init__(self, upstream, scratch):
        self.port = free_port()
        self.folder = scratch / "nginx"
        self.folder.mkdir()
        self.configuration = self.folder / "nginx.conf"
        self.configuration.write_text(f"""
            worker_processes 1; daemon off; pid {self.folder}/pid; error_log {self.folder}/error.log;
            events {{ worker_connections 64; }}
            http {{
              access_log off; client_body_temp_path {self.folder}/body; proxy_temp_path {self.folder}/proxy;
              fastcgi_temp_path {self.folder}/f; uwsgi_temp_path {self.folder}/u; scgi_temp_path {self.folder}/s;
              server {{
                listen 127.0.0.1:{self.port};
                location {PREFIX}/ {{
                  proxy_pass {upstream}/;
                  proxy_http_version 1.1;
                  proxy_set_header Host $host;
                  proxy_set_header X-Forwarded-Host $http_host;
                  proxy_set_header X-Forwarded-Proto $scheme;
                  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                  proxy_set_header X-Forwarded-Prefix {PREFIX};
                }}
              }}
            }}""")
        self.base = f"http://127.0.0.1:{self.port}{PREFIX}"

    def __enter__(self):
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-c", str(self.configuration), "-p", str(self.folder)], stderr=subprocess.DEVNULL)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            try:
                urllib.request.urlopen(self.base + "/health/ready", timeout=5).read()
                return self
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.05)
        self.__exit__()
        raise SystemExit("nginx did not answer in 20 s")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(20)


def ask(url, **headers):
    """Status, fields and body, whatever the status."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def addresses(text):
    return set(re.findall(r"https?://(?:127\.0\.0\.1|localhost|[a-z]+\.example)[^\s\"'<>\\]*", text.replace("\\/", "/")))


def through_the_proxy(checks, proxy):
    for path in DOCUMENTS:
        status, _, body = ask(proxy.base + path)
        found = addresses(body.decode())
        wrong = sorted(a for a in found if not a.startswith(proxy.base))
        checks.check(f"{path} names the proxy", status == 200 and found and not wrong, wrong[:3] or "")
    tiles = json.loads(ask(proxy.base + "/tiles/standard.json")[2])["tiles"][0]
    checks.check("a TileJSON's tile is there", ask(tiles.replace("{z}", "16").replace("{x}", "53464").replace("{y}", "28467"))[0] in (200, 204))
    style = json.loads(ask(proxy.base + "/styles/standard/style.json")[2])
    checks.check("a style's sprite is there", ask(style["sprite"] + ".json")[0] == 200)
    glyphs = style["glyphs"].replace("{fontstack}", "Workmap%20Sans%20Regular").replace("{range}", "0-255")
    checks.check("a style's glyphs are there", ask(glyphs)[0] == 200)
    service = WebMapTileService(proxy.base + "/wmts")
    tile = service.gettile(layer="standard", tilematrixset="w", tilematrix="16", row=28467, column=53464, format="image/png")
    checks.check("OWSLib reads a tile through the proxy", tile.read()[:8] == b"\x89PNG\r\n\x1a\n")


def around_the_proxy(checks, served):
    for name, value in [("X-Forwarded-Host", "evil.example"), ("Forwarded", "host=evil.example;proto=https"), ("X-Forwarded-Prefix", "/evil")]:
        _, _, body = ask(served.base + "/collections", **{name: value})
        checks.check(f"{name} of a stranger is not believed", b"evil" not in body)
    for host in ["evil.example/x", "evil\"example", "a b"]:
        checks.check(f"the host {host!r} is refused", ask(served.base + "/collections", Host=host)[0] == 400)
    status, fields, _ = ask(served.base + "/nothing")
    checks.check("an error may be read by other origins", status == 404 and fields["Access-Control-Allow-Origin"] == "*")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workmap", type=pathlib.Path)
    workmap = parser.parse_args().workmap.resolve()
    needed("/usr/sbin/nginx", "nginx-light")
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        source = scratch / "square.geojson"
        source.write_text(json.dumps({"type": "FeatureCollection", "features": [SQUARE]}))
        data = scratch / "data"
        subprocess.run([workmap, "import", source, "--layer", "overlay.square", "--data", data], check=True, stdout=subprocess.DEVNULL)
        with ServedMap(workmap, data, options=["--trust-proxy", "127.0.0.0/8,::1"]) as served, Proxy(served.base, scratch) as proxy:
            through_the_proxy(checks, proxy)
        with ServedMap(workmap, data) as served:
            around_the_proxy(checks, served)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
