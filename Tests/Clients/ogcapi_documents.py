#!/usr/bin/env python3
"""Proves the documents of the OGC APIs: their schemas, their links, their pages, and where their tiles lie.

    ogcapi_documents.py WORKMAP [--corpora DIR] [--data DIR]

Makes the demo hamlet, or takes a data directory that holds one, serves it on a free loopback port, and follows every link
from the landing page. Each has to lead to what it promises, each page has to be well-formed and to run nothing, tilesets
and matrix sets have to be valid under OGC's schemas where the corpora are present. A layer whose values are made of markup
is imported beside the hamlet: its pages have to show it as text. GDAL opens the features. Exit code 0 when every check holds.
"""
import argparse
import html.parser
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import urllib.parse

from ogcapi_client import Client, links
from ogcapi_schemas import TILES, TILESETS, Schemas
from served_map import Checks, ServedMap, needed, repository

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;"
OPEN_ENDED = {"meta", "link", "br", "img", "hr"}
PAGES = 120  # of one kind of address, as many as tell something new


class Page(html.parser.HTMLParser):
    """Links and text of a page, and what is wrong with it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.links, self.faults, self.text = [], [], [], []
        self.feed(text)
        self.close()
        if self.open:
            self.faults.append(f"never closed: {self.open}")

    def handle_starttag(self, tag, attributes):
        if tag == "script" or any(name.startswith("on") for name, _ in attributes):
            self.faults.append(f"runs something: {tag} {attributes}")
        for name, value in attributes:
            if name == "href":
                self.links.append(value)
            if name in ("href", "src") and value.split(":")[0] not in ("http", "https") and not value.startswith("/"):
                self.faults.append(f"leads to {value}")
        if tag not in OPEN_ENDED:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.text.append(data)


def kind(url):
    """Addresses of one kind differ in the names of what they are about."""
    parts = urllib.parse.urlsplit(url)
    path = [part if i in (0, 2) or not i else "*" for i, part in enumerate(parts.path.strip("/").split("/"))]
    return "/".join(path) + "?" + "&".join(sorted(name for name, _ in urllib.parse.parse_qsl(parts.query)))


def every_link(value):
    """All link objects of a document, wherever they stand."""
    if isinstance(value, dict):
        if "href" in value and "rel" in value:
            yield value
        for each in value.values():
            yield from every_link(each)
    elif isinstance(value, list):
        for each in value:
            yield from every_link(each)


class Walk:
    """Follows every link of the service, each once."""

    def __init__(self, client):
        self.client = client
        self.faults, self.documents, self.pages, self.kinds = [], {}, {}, {}
        self.waiting = [(client.base + "/", "application/json"), (client.base + "/?f=html", "text/html")]

    def run(self):
        seen = set()
        while self.waiting:
            url, promised = self.waiting.pop()
            if (url, promised) in seen or not url.startswith(self.client.base):
                continue
            seen.add((url, promised))
            self.kinds[kind(url)] = self.kinds.get(kind(url), 0) + 1
            if self.kinds[kind(url)] > PAGES:
                continue
            answer = self.client.ask(url, promised)
            if answer.status != 200:
                self.faults.append(f"{url} ({promised}): {answer.status} {answer.text[:100]}")
            elif promised and answer.type != promised.split(";")[0]:
                self.faults.append(f"{url}: {answer.type} instead of {promised}")
            elif answer.type == "text/html":
                self.page(url, answer)
            elif answer.type.endswith("json"):
                self.document(url, answer)

    def page(self, url, answer):
        page = self.pages[url] = Page(answer.text)
        # The portal is an application, with scripts of its own.
        if urllib.parse.urlsplit(url).path == "/" and not urllib.parse.urlsplit(url).query:
            return
        self.faults += [f"{url}: {fault}" for fault in page.faults]
        if "Content-Security-Policy" not in answer.headers:
            self.faults.append(f"{url} has no Content-Security-Policy")
        # What a page links to may come in any form.
        self.waiting += [(urllib.parse.urljoin(url, each), None) for each in page.links]

    def document(self, url, answer):
        self.documents[url] = document = answer.json()
        for link in every_link(document):
            if not link.get("templated") and "{" not in link["href"]:
                self.waiting.append((link["href"], link.get("type")))


def schema_checks(checks, walk, schemas, corpora):
    tilesets = [each for each in walk.documents.values() if "tileMatrixSetId" in each and "dataType" in each]
    sets = [each for each in walk.documents.values() if "tileMatrices" in each]
    lists = [each for each in walk.documents.values() if "tilesets" in each]
    for name, documents, folder, schema in (
        ("tilesets", tilesets, TILESETS, "tileSet.json"), ("tile matrix sets", sets, TILESETS, "tileMatrixSet.json"),
        ("items of lists of tilesets", [item for each in lists for item in each["tilesets"]], TILES, "tileSet-item.yaml"),
    ):
        complaints = [sentence for each in documents for sentence in schemas.complaints(each, folder, schema)]
        checks.check(f"{name} are valid under {schema}", documents and not complaints, complaints[:3] or len(documents))
    theirs = sorted((corpora / "tilematrixsets/json").glob("*.json"))
    complaints = [f"{path.name}: {sentence}" for path in theirs for sentence in schemas.complaints(json.loads(path.read_text()), TILESETS, "tileMatrixSet.json")]
    checks.check("the schema takes OGC's own matrix sets", theirs and not complaints, complaints[:3] or len(theirs))


def tile_checks(checks, client):
    """The middle tile of each tileset is there by its own template, and those beyond the grid are not."""
    for prefix in ("", "/collections/base.building", "/collections/population", "/styles/standard-night"):
        for path in (["/map/tiles"] if prefix.startswith("/styles") else ["/tiles", "/map/tiles"]):
            for item in client.json(prefix + path)["tilesets"]:
                tileset = client.json(links(item, "self")[0]["href"])
                limits = [each for each in tileset["tileMatrixSetLimits"] if int(each["tileMatrix"]) <= 15][-1]
                place = {"tileMatrix": limits["tileMatrix"]}
                place["tileRow"] = (limits["minTileRow"] + limits["maxTileRow"]) // 2
                place["tileCol"] = (limits["minTileCol"] + limits["maxTileCol"]) // 2
                name = f"{prefix}{path}/{tileset['tileMatrixSetId']}"
                for link in links(tileset, "item")[:1]:
                    url = link["href"]
                    for variable, value in place.items():
                        url = url.replace("{" + variable + "}", str(value))
                    answer = client.ask(url, None)
                    fits = answer.status == 204 or (answer.status == 200 and answer.type == link["type"])
                    checks.check(f"a tile of {name}", fits and answer.headers["ETag"], f"{answer.status} {answer.type}")
                    again = client.ask(url, "text/plain")
                    checks.check(f"f outdoes Accept in {name}", again.status == answer.status)
                beyond = client.ask(f"{prefix}{path}/{tileset['tileMatrixSetId']}/{limits['tileMatrix']}/9999999/0", None)
                checks.check(f"no tile beyond the grid of {name}", beyond.status == 404, beyond.status)
    xyz = client.ask("/tiles/standard/15/26731/14232.mvt")
    ogc = client.ask("/tiles/WebMercatorQuad/15/14232/26731", "application/vnd.mapbox-vector-tile")
    checks.check("XYZ and row before column lead to one tile", xyz.status == ogc.status == 200 and xyz.headers["ETag"] == ogc.headers["ETag"])


def hostile_layer(workmap, data, folder):
    """A layer whose values and whose field's name are markup."""
    path = pathlib.Path(folder) / "markup.geojson"
    feature = {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [113.6845, 22.994]},
        "properties": {"name": HOSTILE, "<b>field</b>": "javascript:alert(3)", "link": "https://example.com/\"onclick=\"x"},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    subprocess.run([workmap, "import", str(path), "--layer", "markup", "--data", str(data)], check=True, capture_output=True)


def markup_checks(checks, client):
    for target in ("/collections/markup/items?f=html", "/collections/markup/items/1?f=html", "/collections/markup?f=html", "/collections/markup/schema?f=html", "/api?f=html"):
        answer = client.ask(target)
        page = Page(answer.text)
        checks.check(f"markup is text in {target}", answer.status == 200 and not page.faults and "<script" not in answer.text and "<b>" not in answer.text, page.faults[:2] or "")
    shown = "".join(Page(client.ask("/collections/markup/items?f=html").text).text)
    checks.check("the value is shown as it is", HOSTILE in shown and "javascript:alert(3)" in shown)


def gdal_checks(checks, client, base):
    """GDAL's OAPIF driver, which shares no code with ours, finds the features that are there."""
    wanted = client.json("/collections/base.building/items", "application/geo+json", limit=1)["numberMatched"]
    done = subprocess.run(["ogrinfo", "-so", "-ro", "-oo", "PAGE_SIZE=1000", f"OAPIF:{base}", "base.building"], capture_output=True, text=True)
    found = re.search(r"Feature Count: (\d+)", done.stdout)
    checks.check("GDAL opens a collection", found and int(found[1]) == wanted, done.stderr[:200] or f"{wanted} features")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workmap", type=pathlib.Path)
    parser.add_argument("--corpora", type=pathlib.Path, default=repository().parent / "shared/corpora")
    parser.add_argument("--data", type=pathlib.Path, help="where a demo hamlet lies already; it is left as it is")
    arguments = parser.parse_args()
    needed("ogrinfo", "gdal-bin")
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="workmap-documents-") as scratch:
        data = pathlib.Path(scratch) / "data"
        if arguments.data:
            shutil.copytree(arguments.data, data)
        else:
            subprocess.run([str(arguments.workmap), "demo", "--scale", "hamlet", "--data", str(data)], check=True, capture_output=True)
        hostile_layer(str(arguments.workmap), data, scratch)
        with ServedMap(arguments.workmap, data) as service:
            client = Client(service.base)
            walk = Walk(client)
            walk.run()
            checks.check("every link leads to what it promises", not walk.faults, walk.faults[:6] or f"{len(walk.documents)} documents, {len(walk.pages)} pages")
            checks.check("the walk saw the service", len(walk.documents) > 150 and len(walk.pages) > 150)
            if (arguments.corpora / TILESETS).exists():
                schema_checks(checks, walk, Schemas(arguments.corpora), arguments.corpora)
            else:
                print("skipped: ../shared/corpora not present; documents are not validated", flush=True)
            tile_checks(checks, client)
            markup_checks(checks, client)
            gdal_checks(checks, client, service.base)
    raise SystemExit(checks.end())


if __name__ == "__main__":
    main()
