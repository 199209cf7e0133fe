#!/usr/bin/env python3
"""Proves the WMTS with clients that others wrote: OWSLib, and GDAL's WMTS driver.

    wmts_clients.py WORKMAP [--corpora DIR]

Imports one square of known ground position, serves it on a free loopback port, and reads it back in the sets `c`
(CGCS2000 degrees) and `w` (Web Mercator), by key-value pairs and by RESTful addresses. The middle of what was drawn
has to lie within half a pixel of where the square is. Then the same map is seeded into an MBTiles archive and into a
PMTiles one, each is served by itself, without the data, and read by the same clients. The capabilities are validated
against the WMTS schema where the corpora are present. Exit code 0 when every check holds.
"""
import argparse
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

from owslib.wmts import WebMapTileService
from requests.exceptions import HTTPError

from served_map import Checks, ServedMap, needed, repository
from wmts_schema import complaints

SQUARE = (113.6842, 22.99375, 113.6848, 22.99425)  # west, south, east, north
LEVEL = "18"
RADIUS = 6378137.0
GROUND = (0xEC, 0xE8, 0xDF)  # of the standard style
EMPTY = (0, 0, 0)  # of a tile on which nothing is drawn, which is transparent


def mercator(longitude, latitude):
    return (math.radians(longitude) * RADIUS, math.asinh(math.tan(math.radians(latitude))) * RADIUS)


def ground(tile_set):
    """The square's corners in the set's own coordinates, east first."""
    west, south, east, north = SQUARE
    if tile_set == "c":
        return west, south, east, north
    return (*mercator(west, south), *mercator(east, north))


class Picture:
    """Pixels with the ground position of the upper left corner and the size of a pixel."""

    def __init__(self, raw, width, height, bands, left, top, step):
        self.raw, self.width, self.height, self.bands = raw, width, height, bands
        self.left, self.top, self.step = left, top, step

    @classmethod
    def read(cls, path, scratch, *options):
        """Whatever GDAL reads, as band-sequential bytes."""
        out = scratch / "pixels.bin"
        run("gdal_translate", "-q", "-of", "ENVI", "-co", "INTERLEAVE=BSQ", *options, str(path), str(out))
        info = json.loads(run("gdalinfo", "-json", str(out)))
        width, height = info["size"]
        step = info.get("geoTransform", [0, 1, 0, 0, 0, -1])
        return cls(out.read_bytes(), width, height, len(info["bands"]), step[0], step[3], (step[1], -step[5]))

    def pixel(self, column, row):
        plane = self.width * self.height
        place = row * self.width + column
        return tuple(self.raw[band * plane + place] for band in range(min(self.bands, 3)))

    def drawn(self):
        """Middle and size of what differs from the ground and from nothing at all, in pixels."""
        columns, rows = [], []
        for row in range(self.height):
            for column in range(self.width):
                pixel = self.pixel(column, row)
                if pixel != EMPTY and max(abs(a - b) for a, b in zip(pixel, GROUND)) > 12:
                    columns.append(column)
                    rows.append(row)
        if not columns:
            return None
        count = len(columns)
        return (sum(columns) / count + 0.5, sum(rows) / count + 0.5,
                max(columns) - min(columns) + 1, max(rows) - min(rows) + 1)


def run(*command):
    result = subprocess.run(command, capture_output=True, timeout=120, env={
        **os.environ, "GDAL_DEFAULT_WMS_CACHE_PATH": run.cache, "GDAL_HTTP_TIMEOUT": "30"})
    if result.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{result.stderr.decode('utf-8', 'replace')}")
    return result.stdout.decode("utf-8", "replace")


def prove_middle(checks, name, picture, middle):
    """What is drawn has its middle where the square has it on the ground; gives what is drawn."""
    found = picture.drawn()
    if not checks.check(f"{name}: the square is drawn", found is not None):
        return None
    column = (middle[0] - picture.left) / picture.step[0]
    row = (picture.top - middle[1]) / picture.step[1]
    off = (found[0] - column, found[1] - row)
    checks.check(f"{name}: it lies within half a pixel of its ground position",
                 max(map(abs, off)) < 0.5, f"{off[0]:+.2f}, {off[1]:+.2f} px")
    return found


def prove(checks, name, picture, tile_set):
    """The square lies where it is on the ground, and has its size."""
    west, south, east, north = ground(tile_set)
    found = prove_middle(checks, name, picture, ((west + east) / 2, (south + north) / 2))
    if found is None:
        return
    size = ((east - west) / picture.step[0], (north - south) / picture.step[1])
    # The outline is 1.6 pixels wide, half of it outside, and may touch one more pixel on each side.
    checks.check(f"{name}: it has its size", 0 <= found[2] - size[0] < 4 and 0 <= found[3] - size[1] < 4,
                 f"{found[2]} x {found[3]} px for {size[0]:.1f} x {size[1]:.1f}")


def with_owslib(checks, service, scratch, layer, offered, sets):
    wmts = WebMapTileService(f"{service.base}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities")
    checks.check("OWSLib reads the capabilities", layer in wmts.contents, list(wmts.contents))
    checks.check("OWSLib sees every matrix set", set(wmts.tilematrixsets) >= offered, sorted(wmts.tilematrixsets))
    for tile_set in sets:
        matrix = wmts.tilematrixsets[tile_set].tilematrix[LEVEL]
        metres = 111319.49079327358 if tile_set == "c" else 1.0
        step = matrix.scaledenominator * 0.00028 / metres
        corner = matrix.topleftcorner if tile_set == "w" else matrix.topleftcorner[::-1]
        west, south, east, north = ground(tile_set)
        first = (int((west - corner[0]) / step / 256) - 1, int((corner[1] - north) / step / 256) - 1)
        last = (int((east - corner[0]) / step / 256) + 1, int((corner[1] - south) / step / 256) + 1)
        for encoding in ("KVP", "RESTful"):
            tiles = {}
            for row in range(first[1], last[1] + 1):
                for column in range(first[0], last[0] + 1):
                    body = tile(wmts, layer, encoding, tile_set, row, column)
                    if body is not None:
                        tiles[column, row] = body
            picture = mosaic(tiles, first, last, corner, step, scratch)
            prove(checks, f"OWSLib {encoding} {layer} {tile_set}", picture, tile_set)


def tile(wmts, layer, encoding, tile_set, row, column):
    """`None` for one that is not there: an archive has no tiles on which nothing is drawn, and says so with 404."""
    try:
        return asked(wmts, layer, encoding, tile_set, row, column)
    except HTTPError as error:
        if layer == "standard" or error.response.status_code != 404:
            raise
        return None


def asked(wmts, layer, encoding, tile_set, row, column):
    wanted = dict(layer=layer, style="default", format="image/png", tilematrixset=tile_set, tilematrix=LEVEL, row=row, column=column)
    if encoding == "KVP":
        return wmts.gettile(**wanted).read()
    from owslib.util import openURL
    wanted["_format"] = wanted.pop("format")
    template = wmts.contents[layer].resourceURLs
    address = next(each["template"] for each in template if each["format"] == "image/png")
    for name, value in (("Style", "default"), ("TileMatrixSet", tile_set), ("TileMatrix", LEVEL), ("TileRow", row), ("TileCol", column)):
        address = address.replace("{" + name + "}", str(value))
    return openURL(address).read()


def mosaic(tiles, first, last, corner, step, scratch):
    across, down = last[0] - first[0] + 1, last[1] - first[1] + 1
    width, height = across * 256, down * 256
    planes = [bytearray(width * height) for _ in range(3)]
    for (column, row), body in tiles.items():
        file = scratch / "tile.png"
        file.write_bytes(body)
        part = Picture.read(file, scratch, "-expand", "rgba") if palette(body) else Picture.read(file, scratch)
        for line in range(256):
            start = ((row - first[1]) * 256 + line) * width + (column - first[0]) * 256
            for band in range(3):
                place = band * 65536 + line * 256
                planes[band][start:start + 256] = part.raw[place:place + 256]
    return Picture(bytes(b"".join(planes)), width, height, 3,
                   corner[0] + first[0] * 256 * step, corner[1] - first[1] * 256 * step, (step, step))


def palette(png):
    return png[25] == 3


def with_gdal(checks, service, scratch, layer, sets):
    address = f"{service.base}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities"
    kvp = scratch / "kvp.xml"
    lines = service.get("/wmts/1.0.0/WMTSCapabilities.xml").decode("utf-8").splitlines()
    kvp.write_text("\n".join(line for line in lines if "<ResourceURL" not in line), encoding="utf-8")
    for encoding, source in (("RESTful", address), ("KVP", str(kvp))):
        for tile_set in sets:
            name = f"WMTS:{source},layer={layer},tilematrixset={tile_set},tilematrix={LEVEL}"
            info = json.loads(run("gdalinfo", "-json", name))
            step = info["geoTransform"]
            expected = 360 / 256 / 2 ** 18 if tile_set == "c" else 2 * math.pi * RADIUS / 256 / 2 ** 18
            checks.check(f"GDAL {encoding} {layer} {tile_set}: gdalinfo gives the cell size", abs(step[1] / expected - 1) < 1e-6, step[1])
            code = "4490" if tile_set == "c" else "3857"
            checks.check(f"GDAL {encoding} {layer} {tile_set}: gdalinfo gives the CRS", f'"EPSG",{code}' in info["coordinateSystem"]["wkt"].replace(" ", ""), code)
            west, south, east, north = ground(tile_set)
            margin = (east - west) / 2
            window = [west - margin, north + margin, east + margin, south - margin]
            picture = Picture.read(name, scratch, "-projwin", *(repr(each) for each in window))
            prove(checks, f"GDAL {encoding} {layer} {tile_set}", picture, tile_set)


def feature(box):
    west, south, east, north = box
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": {"kind": 1}}


def seeded(workmap, scratch, ending):
    """The finest levels around the square, as an archive."""
    west, south, east, north = SQUARE
    archive = scratch / f"square-{ending}.{ending}"
    area = ",".join(str(each) for each in (west - 0.005, south - 0.005, east + 0.005, north + 0.005))
    run(str(workmap), "seed", "standard", "--into", str(archive), "--levels", f"16-{LEVEL}", "--formats", "png", "--matrix-sets", "w",
        "--area", area, "--progress", "none", "--data", str(scratch / "data"))
    return archive


def with_schema(checks, service, scratch, corpora):
    if not (corpora / "ogc-schemas").is_dir():
        print("skipped: ../shared/corpora not present, so the capabilities were not validated")
        return
    found = complaints(corpora / "ogc-schemas", service.get("/wmts/1.0.0/WMTSCapabilities.xml"), scratch)
    checks.check("the capabilities are valid against the WMTS 1.0 schema", found == "", found[:500])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workmap", type=pathlib.Path)
    parser.add_argument("--corpora", type=pathlib.Path,
                        default=pathlib.Path(os.environ.get("WORKMAP_CORPORA", repository().parent / "shared" / "corpora")))
    arguments = parser.parse_args()
    for program, package in (("gdal_translate", "gdal-bin"), ("gdalinfo", "gdal-bin"), ("xmllint", "libxml2-utils")):
        needed(program, package)
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="workmap-clients-") as folder:
        scratch = pathlib.Path(folder)
        run.cache = str(scratch / "cache")
        source = scratch / "square.geojson"
        # The far ones give the layer an extent wider than what is looked at: GDAL reads nothing beyond the extent.
        squares = [SQUARE, (113.60, 22.90, 113.601, 22.901), (113.80, 23.10, 113.801, 23.101)]
        source.write_text(json.dumps({"type": "FeatureCollection", "features": [feature(each) for each in squares]}))
        run(str(arguments.workmap), "import", str(source), "--layer", "square", "--crs", "EPSG:4490", "--data", str(scratch / "data"))
        with ServedMap(arguments.workmap, scratch / "data") as service:
            with_owslib(checks, service, scratch, "standard", {"w", "c", "WorldCRS84Quad", "CGCS2000GK114"}, ("c", "w"))
            with_gdal(checks, service, scratch, "standard", ("c", "w"))
            with_schema(checks, service, scratch, arguments.corpora)
        for ending in ("mbtiles", "pmtiles"):
            archive = seeded(arguments.workmap, scratch, ending)
            with ServedMap(arguments.workmap, archive=archive) as service:
                with_owslib(checks, service, scratch, archive.stem, {"w"}, ("w",))
                with_gdal(checks, service, scratch, archive.stem, ("w",))
                with_schema(checks, service, scratch, arguments.corpora)
        checks.check("the service stops gracefully", True)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
