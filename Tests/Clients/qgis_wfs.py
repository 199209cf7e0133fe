"""Adds feature types of a served map to QGIS as layers of its WFS provider and asks them: run by QGIS' own Python.

    qgis_wfs.py BASE_URL      prints a line a check: ok or FAIL, its name, a remark, tabs between
"""
import json
import sys
import traceback
import urllib.parse
import urllib.request

from qgis.core import (
    QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsFeatureRequest, QgsGeometry, QgsNetworkAccessManager, QgsProject,
    QgsRectangle, QgsVectorLayer)

from feature_boxes import corners, strays

BASE = sys.argv[1]
MILLIMETRE = 1e-8  # of degrees


def check(name, holds, remark=""):
    print("\t".join(("ok" if holds else "FAIL", name, str(remark).replace("\t", " ").replace("\n", " "))), flush=True)
    return holds


def items(layer, **query):
    query = urllib.parse.urlencode({"f": "json", "limit": 10_000, "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"} | query)
    with urllib.request.urlopen(f"{BASE}/collections/{layer}/items?{query}", timeout=60) as answer:
        return json.loads(answer.read())["features"]


def source(layer, system="EPSG:4490", more=""):
    return f"pagingEnabled='true' pageSize='100' restrictToRequestBBOX='1' srsname='{system}' typename='wm:{layer}' url='{BASE}/wfs' version='2.0.0' {more}"


def boxes(features, way=None):
    """The box of each feature of QGIS, carried by `way`."""
    found = []
    for each in features:
        shape = QgsGeometry(each.geometry())
        if way:
            shape.transform(way)
        box = shape.boundingBox()
        found.append((box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum()))
    return sorted(found)


def whole_layer(name, system):
    layer = QgsVectorLayer(source(name, system), name, "WFS")
    title = f"{name} in {system}"
    if not check(f"{title}: the layer is valid", layer.isValid(), "" if layer.isValid() else layer.error().summary()):
        return
    wanted = items(name)
    check(f"{title}: it counts the features", layer.featureCount() == len(wanted), f"{layer.featureCount()} of {len(wanted)}")
    found = list(layer.getFeatures())
    check(f"{title}: all of them come", len(found) == len(wanted), len(found))
    check(f"{title}: its CRS", layer.crs().authid() == system, layer.crs().authid())
    way = QgsCoordinateTransform(QgsCoordinateReferenceSystem(system), QgsCoordinateReferenceSystem("EPSG:4490"), QgsProject.instance())
    lost = strays(boxes(found, way), corners(wanted), MILLIMETRE)
    check(f"{title}: on the same ground, to a millimetre", lost == 0, lost or "")


def questions():
    layer = QgsVectorLayer(source("house"), "house", "WFS")
    if not check("house: the layer is valid", layer.isValid()):
        return
    everything = items("house")
    west, south, east, north = corners(everything)[len(everything) // 2]
    box = QgsRectangle(west, south, east, north)
    found = list(layer.getFeatures(QgsFeatureRequest().setFilterRect(box).setFlags(QgsFeatureRequest.ExactIntersect)))
    wanted = items("house", bbox=f"{west},{south},{east},{north}")
    lost = strays(boxes(found), corners(wanted), MILLIMETRE)
    check("house: identifies what lies in a box", len(found) == len(wanted) > 0 and lost == 0, f"{len(found)} of {len(wanted)}")
    named = {each["buildingCode"] for each in found} if "buildingCode" in layer.fields().names() else None
    check("house: with its attributes", named is None or named == {each["properties"]["buildingCode"] for each in wanted}, sorted(layer.fields().names())[:4])
    streets = items("street")
    name = next(each["properties"]["name"] for each in streets if each["properties"].get("name"))
    layer = QgsVectorLayer(source("street", more=f"sql=SELECT * FROM street WHERE name = '{name}'"), "street", "WFS")
    if check("street: a query by name is valid", layer.isValid(), "" if layer.isValid() else layer.error().summary()):
        found = [each["name"] for each in layer.getFeatures()]
        check("street: and finds its features", len(found) == sum(each["properties"].get("name") == name for each in streets) and set(found) == {name}, len(found))


def main():
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    QgsNetworkAccessManager.setTimeout(60_000)
    try:
        for system in ("EPSG:4490", "EPSG:4547", "EPSG:3857"):
            for name in ("street", "house", "doorplate"):
                whole_layer(name, system)
        questions()
    except Exception:
        check("ran", False, traceback.format_exc()[-500:])
    application.exitQgis()


main()
