#!/usr/bin/env python3
"""Proves the ArcGIS REST queries with clients that others wrote: GDAL's ESRIJSON driver, which turns pages by itself, and Google's
protocol buffers for Esri's schema.

    arcgis_clients.py WORKMAP [--data DIR]

Reads every layer of the standard map page by page, in three CRSs, and compares count and ground position with what OGC API
Features says of the same layer. Then asks by attribute and by place, and for every layer as a protocol buffer, whole and on a grid, which
must say what JSON says. Last, documents are handed to functions of pages (JSONP). Exit code 0 when every check holds.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

import arcgis_buffers
from feature_boxes import corners, positions, strays
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


def esri_paths(geometry):
    """The positions of a geometry of Esri's JSON, path by path."""
    if "x" in geometry:
        return [[(geometry["x"], geometry["y"])]]
    return geometry.get("rings") or geometry.get("paths") or [geometry["points"]]


def farthest(result, features):
    """How far positions of a protocol buffer lie from those of JSON at most; `None` where their paths differ."""
    most = 0
    for theirs, ours in zip(result.features, features):
        if ours["geometry"] is None or not theirs.HasField("geometry"):
            if (ours["geometry"] is None) == theirs.HasField("geometry"):
                return None
            continue
        found, wanted = arcgis_buffers.paths(result, theirs.geometry), esri_paths(ours["geometry"])
        if [len(path) for path in found] != [len(path) for path in wanted]:
            return None
        for path, other in zip(found, wanted):
            most = max([most] + [max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in zip(path, other)])
    return most


def buffers(checks, served):
    """Every layer as a protocol buffer beside its JSON."""
    kinds = set()
    for layer in served.json(f"{SERVICE}?f=json")["layers"]:
        name = layer["name"]
        described = served.json(f"{SERVICE}/{layer['id']}?f=json")
        checks.check(f"{name} offers protocol buffers", "PBF" in described["supportedQueryFormats"].split(", "))
        for system, most in SYSTEMS.items():
            query = f"{SERVICE}/{layer['id']}/query?where=1%3D1&outFields=*&outSR={system}"
            ours = served.json(f"{query}&f=json")
            result = arcgis_buffers.read(served.get(f"{query}&f=pbf")).featureResult
            same = arcgis_buffers.attributes(result) == [each["attributes"] for each in ours["features"]]
            alike = [each.name for each in result.fields] == [each["name"] for each in ours["fields"]]
            alike = alike and result.exceededTransferLimit == ours.get("exceededTransferLimit", False)
            alike = alike and arcgis_buffers.GEOMETRIES[result.geometryType] == ours["geometryType"]
            alike = alike and result.spatialReference.lastestWkid == ours["spatialReference"]["latestWkid"]
            checks.check(f"{name} in EPSG:{system}: the values of JSON", same and alike, len(ours["features"]))
            away = farthest(result, ours["features"])
            checks.check(f"{name} in EPSG:{system}: where JSON has them, to {most:g}", away is not None and away <= most, away)
        kinds |= {(each.geometry.geometryType, len(each.geometry.lengths) > 1) for each in result.features}
        gridded(checks, served, layer, ours)
    checks.check("points, lines and polygons with several rings came by", {(0, False), (2, False), (3, False), (3, True)} <= kinds, sorted(kinds))


def gridded(checks, served, layer, exact):
    """A tile as ArcGIS' map view asks for it: on the grid of a screen."""
    flat = [p for each in exact["features"] if each["geometry"] for path in esri_paths(each["geometry"]) for p in path]
    if not flat:
        return
    xs, ys = [p[0] for p in flat], [p[1] for p in flat]
    extent = {"xmin": min(xs) - 1, "ymin": min(ys) - 1, "xmax": max(xs) + 1, "ymax": max(ys) + 1, "spatialReference": {"wkid": 102100}}
    for origin in ("upperLeft", "lowerLeft"):
        grid = {"extent": extent, "mode": "view", "originPosition": origin, "tolerance": 0.6}
        query = f"{SERVICE}/{layer['id']}/query?" + urllib.parse.urlencode({
            "where": "1=1", "outFields": "*", "outSR": 102100, "inSR": 102100, "geometry": json.dumps(extent), "geometryType": "esriGeometryEnvelope",
            "spatialRel": "esriSpatialRelIntersects", "resultType": "tile", "returnExceededLimitFeatures": "false", "quantizationParameters": json.dumps(grid)})
        result = arcgis_buffers.read(served.get(f"{query}&f=pbf")).featureResult
        ids = [each["OBJECTID"] for each in arcgis_buffers.attributes(result)]
        known = {each["attributes"]["OBJECTID"]: each["geometry"] for each in exact["features"]}
        strayed = 0
        for number, each in zip(ids, result.features):
            if number not in known or not each.HasField("geometry"):
                continue
            own = [p for path in esri_paths(known[number]) for p in path]
            for path in arcgis_buffers.paths(result, each.geometry):
                strayed += any(min(max(abs(p[0] - o[0]), abs(p[1] - o[1])) for o in own) > 0.3001 for p in path)
        checks.check(f"{layer['name']} on a grid from {origin}: half a step at most", known.keys() <= set(ids) and strayed == 0, len(ids))
        ours = served.json(f"{query}&f=json")
        grid, same = ours["transform"], [each["attributes"]["OBJECTID"] for each in ours["features"]] == ids
        for theirs, each in zip(result.features, ours["features"]):
            raw = [n for path in esri_paths(each["geometry"]) for p in path for n in p] if each["geometry"] else []
            same = same and raw == list(theirs.geometry.coords)
        same = same and grid["scale"][0] == result.transform.scale.xScale and grid["translate"] == [result.transform.translate.xTranslate, result.transform.translate.yTranslate]
        checks.check(f"{layer['name']} on a grid from {origin}: JSON has the same numbers", same)


def numbers(checks, served):
    """Counts, ids and statistics as protocol buffers."""
    layers = {each["name"]: each["id"] for each in served.json(f"{SERVICE}?f=json")["layers"]}
    query = f"{SERVICE}/{layers['建筑物']}/query?where=floors%20%3E%203"
    ids = served.json(f"{query}&returnIdsOnly=true&f=json")["objectIds"]
    result = arcgis_buffers.read(served.get(f"{query}&returnIdsOnly=true&f=pbf")).idsResult
    checks.check("ids alone", list(result.objectIds) == ids and result.objectIdFieldName == "OBJECTID", len(ids))
    count = arcgis_buffers.read(served.get(f"{query}&returnCountOnly=true&f=pbf")).countResult.count
    checks.check("a count alone", count == len(ids), count)
    statistics = urllib.parse.quote(json.dumps([{"statisticType": kind, "onStatisticField": "floors", "outStatisticFieldName": kind} for kind in ("count", "avg", "max")]))
    rows = served.json(f"{query}&outStatistics={statistics}&groupByFieldsForStatistics=floors&f=json")["features"]
    result = arcgis_buffers.read(served.get(f"{query}&outStatistics={statistics}&groupByFieldsForStatistics=floors&f=pbf")).featureResult
    checks.check("statistics", arcgis_buffers.attributes(result) == [each["attributes"] for each in rows] and rows, len(rows))


def called(checks, served):
    """Every document handed to a page's function, and to nothing else."""
    layers = {each["name"]: each["id"] for each in served.json(f"{SERVICE}?f=json")["layers"]}
    query = f"{SERVICE}/{layers['建筑物']}/query?where=1%3D1&resultRecordCount=3"
    documents = [
        "/arcgis/rest/info?f=json", "/arcgis/rest/services?f=json", f"{SERVICE}?f=json", f"{SERVICE}/legend?f=json", f"{SERVICE}/{layers['建筑物']}?f=json",
        f"{query}&f=json", f"{query}&f=geojson", f"{query}&f=json&returnIdsOnly=true", f"{query}%20AND&f=json",
        f"{SERVICE}/identify?f=json&layers=all&geometry=113.6845,22.999&tolerance=3", f"{SERVICE}/find?f=json&searchText=a&layers={layers['建筑物']}",
        f"{SERVICE}/export?f=json&bbox=113.68,22.99,113.69,23.00", "/arcgis/rest/services/standard/VectorTileServer/resources/styles/root.json?f=json"]
    for path in documents:
        with urllib.request.urlopen(f"{served.base}{path}&callback=dojo.cb_1", timeout=60) as answer:
            text, fields = answer.read().decode(), answer.headers
        start, end = "/**/dojo.cb_1(", ");"
        checks.check(
            f"{path.split('?')[0]} calls a page's function", text.startswith(start) and text.endswith(end)
            and json.loads(text[len(start):-len(end)]) == served.json(path) and fields["Content-Type"].startswith("application/javascript")
            and fields["X-Content-Type-Options"] == "nosniff")
    for name in ("alert(1)", "a;b", "<script>", "a" * 200):
        refused = served.json(f"{query}&f=json&callback={urllib.parse.quote(name)}")
        checks.check(f"'{name[:12]}' is no function", refused["error"]["code"] == 400)
    for path in (f"{query}&f=pbf", f"{SERVICE}/export?f=image&bbox=113.68,22.99,113.69,23.00"):
        checks.check("no function takes bytes", b'"code":400' in served.get(f"{path}&callback=cb"), path.split("?")[0])


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
            buffers(checks, served)
            numbers(checks, served)
            called(checks, served)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
