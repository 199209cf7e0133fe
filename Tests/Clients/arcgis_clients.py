#!/usr/bin/env python3
"""Proves the ArcGIS REST queries with a client that others wrote: GDAL's ESRIJSON driver, which turns pages by itself.

    arcgis_clients.py WORKMAP [--data DIR]

Reads every layer of the standard map page by page, in three CRSs, and compares count and ground position with what OGC API
Features says of the same layer. Then asks by attribute and by place. Exit code 0 when every check holds.
"""
import argparse
import bisect
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

from served_map import Checks, ServedMap, needed

SERVICE = "/arcgis/rest/services/standard/MapServer"
# How far the corners of one feature's box may lie apart in both answers, in units of the CRS.
SYSTEMS = {4490: 1e-8, 4547: 0.001, 3857: 0.001}
NORTH_FIRST = {4490, 4547}
PAGE = 50


def gdal(served, layer, scratch, **query):
    """The features of a query as GeoJSON, east first, as GDAL understands them."""
    file = scratch / "found.json"
    file.unlink(missing_ok=True)
    wanted = urllib.parse.urlencode({"where": "1=1", "outFields": "*", "f": "json"} | query)
    command = [
        "ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=10", "-oo", "FEATURE_SERVER_PAGING=YES", str(file), f"ESRIJSON:{served.base}{SERVICE}/{layer}/query?{wanted}"]
    if query.get("outSR", 4490) != 4490:
        command[3:3] = ["-a_srs", f"EPSG:{query['outSR']}"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if result.returncode != 0:
        return result.stderr.strip()
    return json.loads(file.read_text())["features"]


def items(served, collection, system):
    """All features of a collection, east first."""
    uri = f"http://www.opengis.net/def/crs/EPSG/0/{system}"
    path = f"/collections/{collection}/items?f=json&limit=1000&crs={urllib.parse.quote(uri, safe='')}"
    found = []
    while path:
        page = served.json(path)
        found += page["features"]
        path = next((link["href"][len(served.base):] for link in page["links"] if link["rel"] == "next"), None)
    return found


def corners(features, turned=False):
    """The box of every feature, sorted."""
    boxes = []
    for each in features:
        flat = positions(each["geometry"]["coordinates"])
        xs, ys = [p[turned] for p in flat], [p[not turned] for p in flat]
        boxes.append((min(xs), min(ys), max(xs), max(ys)))
    return sorted(boxes)


def strays(boxes, others, most):
    """How many boxes have no partner among the others, each of which is a partner once."""
    others, lost = list(others), 0
    for box in boxes:
        first = last = bisect.bisect_left(others, (box[0] - most,))
        while last < len(others) and others[last][0] <= box[0] + most:
            last += 1
        found = next((k for k in range(first, last) if all(abs(a - b) <= most for a, b in zip(box, others[k]))), None)
        if found is None:
            lost += 1
        else:
            del others[found]
    return lost


def positions(tree):
    if isinstance(tree[0], (int, float)):
        return [tree]
    return [position for part in tree for position in positions(part)]


def every_layer(checks, served, scratch):
    collections = {each["title"]: each["id"] for each in served.json("/collections?f=json")["collections"]}
    for layer in served.json(f"{SERVICE}?f=json")["layers"]:
        collection = collections.get(layer["name"])
        if not checks.check(f"{layer['name']} is a collection", collection):
            continue
        for system, most in SYSTEMS.items():
            theirs = gdal(served, layer["id"], scratch, outSR=system, resultRecordCount=PAGE, resultOffset=0)
            name = f"{collection} in EPSG:{system}"
            if not checks.check(f"GDAL reads {name}", isinstance(theirs, list), theirs if isinstance(theirs, str) else len(theirs)):
                continue
            ours = items(served, collection, system)
            if checks.check(f"{name}: as many as there are", len(theirs) == len(ours), f"{len(theirs)} of {len(ours)}") and ours:
                lost = strays(corners(theirs), corners(ours, system in NORTH_FIRST), most)
                checks.check(f"{name}: on the same ground, to {most:g}", lost == 0, lost or "")


def questions(checks, served, scratch):
    layers = {each["name"]: each["id"] for each in served.json(f"{SERVICE}?f=json")["layers"]}
    building = layers["建筑物"]
    everything = items(served, "base.building", 4490)
    west, south, east, north = corners(everything, True)[len(everything) // 2]
    place = {"xmin": west, "ymin": south, "xmax": east, "ymax": north, "spatialReference": {"wkid": 4490}}
    found = gdal(served, building, scratch, geometry=json.dumps(place), geometryType="esriGeometryEnvelope", inSR=4490, outSR=4490)
    box = served.json(f"/collections/base.building/items?f=json&limit=1000&bbox={west},{south},{east},{north}")
    checks.check("what meets a box is what OGC's door says", isinstance(found, list) and len(found) == box["numberMatched"] > 0, box["numberMatched"])
    names = [each["properties"].get("name") for each in items(served, "street", 4490)]
    name = next(each for each in names if each)
    found = gdal(served, layers["标准道路街巷"], scratch, where=f"name = '{name}'", outSR=4490)
    checks.check(
        "a where in Chinese finds its features", isinstance(found, list) and len(found) == names.count(name) and all(
            each["properties"]["name"] == name for each in found), name)
    refused = gdal(served, building, scratch, where="name = 'x' AND")
    checks.check("a where that breaks off is an error to GDAL", isinstance(refused, str) and refused, refused.splitlines()[0] if isinstance(refused, str) else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workmap", help="the workmap program")
    parser.add_argument("--data", type=pathlib.Path, help="a data directory of the demo hamlet; made where it is missing")
    arguments = parser.parse_args()
    needed("ogr2ogr", "gdal-bin")
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        scratch = pathlib.Path(folder)
        data = arguments.data or scratch / "hamlet"
        if not arguments.data:
            subprocess.run([arguments.workmap, "demo", "--scale", "hamlet", "--data", str(data)], check=True, capture_output=True)
        with ServedMap(arguments.workmap, data=data) as served:
            every_layer(checks, served, scratch)
            questions(checks, served, scratch)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
