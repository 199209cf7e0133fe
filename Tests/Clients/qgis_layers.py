"""Adds each interface of a served map to QGIS as a layer, draws it and asks it: run by QGIS' own Python.

    qgis_layers.py BASE_URL SCRATCH SQUARE      prints a line a check: ok or FAIL, its name, a remark, tabs between
"""
import json
import sys
import traceback
from urllib.parse import quote

from qgis.core import (
    QgsApplication, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsFeatureRequest, QgsMapRendererParallelJob, QgsMapSettings,
    QgsNetworkAccessManager, QgsPointXY, QgsProject, QgsRaster, QgsRasterLayer, QgsRectangle, QgsVectorLayer, QgsVectorTileLayer)
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor

BASE, SCRATCH = sys.argv[1], sys.argv[2]
WEST, SOUTH, EAST, NORTH = json.loads(sys.argv[3])
PIXELS = 400
GROUND = (0xEC, 0xE8, 0xDF)


def check(name, holds, remark=""):
    print("\t".join(("ok" if holds else "FAIL", name, str(remark).replace("\t", " ").replace("\n", " "))), flush=True)
    return holds


def window(system):
    """A box around the square and the square's middle, in a CRS."""
    way = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4490"), QgsCoordinateReferenceSystem(system), QgsProject.instance())
    low, high = way.transform(QgsPointXY(WEST - 0.0009, SOUTH - 0.0007)), way.transform(QgsPointXY(EAST + 0.0006, NORTH + 0.0008))
    side = max(high.x() - low.x(), high.y() - low.y())
    corners = [way.transform(QgsPointXY(x, y)) for x in (WEST, EAST) for y in (SOUTH, NORTH)]
    middle = QgsPointXY(sum(c.x() for c in corners) / 4, sum(c.y() for c in corners) / 4)
    return QgsRectangle(low.x(), low.y(), low.x() + side, low.y() + side), middle


def drawn(layer, system, box):
    """The middle of what differs from the ground, in pixels; None where nothing does."""
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem(system))
    settings.setExtent(box)
    settings.setOutputSize(QSize(PIXELS, PIXELS))
    settings.setOutputDpi(96)
    settings.setBackgroundColor(QColor(*GROUND))
    job = QgsMapRendererParallelJob(settings)
    job.start()
    job.waitForFinished()
    picture = job.renderedImage()
    columns, rows = [], []
    for y in range(PIXELS):
        for x in range(PIXELS):
            colour = picture.pixelColor(x, y)
            if max(abs(a - b) for a, b in zip((colour.red(), colour.green(), colour.blue()), GROUND)) > 20:
                columns.append(x)
                rows.append(y)
    if not columns:
        return None, picture
    # Of the bounds, not of all pixels: QGIS draws an outline where the service fills.
    return ((min(columns) + max(columns) + 1) / 2, (min(rows) + max(rows) + 1) / 2), picture


def prove(name, layer, system, slack=0.5):
    if not check(f"{name}: the layer is valid", layer.isValid(), layer.error().summary() if not layer.isValid() else ""):
        return
    box, middle = window(system)
    found, picture = drawn(layer, system, box)
    if found is None:
        picture.save(f"{SCRATCH}/qgis-{name.replace(' ', '-').replace(':', '')}.png")
        check(f"{name}: the square is drawn", False)
        return
    wanted = ((middle.x() - box.xMinimum()) / box.width() * PIXELS, (box.yMaximum() - middle.y()) / box.height() * PIXELS)
    off = (found[0] - wanted[0], found[1] - wanted[1])
    check(f"{name}: the square lies where it is", max(map(abs, off)) <= slack, f"{off[0]:+.2f}, {off[1]:+.2f} px")


def wms():
    for system in ("EPSG:4490", "EPSG:3857", "EPSG:4547", "EPSG:4326"):
        source = f"crs={system}&dpiMode=7&format=image/png&layers=standard&styles=&url={quote(BASE + '/wms', safe='')}"
        layer = QgsRasterLayer(source, "wms", "wms")
        prove(f"WMS {system}", layer, system)
        if not layer.isValid():
            continue
        layer = QgsRasterLayer(source.replace("layers=standard", "layers=square"), "wms", "wms")
        box, middle = window(system)
        for form, wanted in ((QgsRaster.IdentifyFormatFeature, "feature"), (QgsRaster.IdentifyFormatText, "text"), (QgsRaster.IdentifyFormatHtml, "html")):
            answer = layer.dataProvider().identify(middle, form, box, PIXELS, PIXELS, 96)
            text = str([str(v) if not hasattr(v, "features") else [f.attributes() for s in [v] for f in s.features()] for v in flat(answer.results())])
            check(f"WMS {system} identifies as {wanted}", answer.isValid() and len(answer.results()) > 0 and text != "[]", text[:150])


def flat(results):
    for value in results.values():
        if isinstance(value, list):
            yield from value
        else:
            yield value


def wmts():
    for tile_set, system in (("c", "EPSG:4490"), ("w", "EPSG:3857"), ("CGCS2000GK114", "EPSG:4547")):
        capabilities = quote(f"{BASE}/wmts?SERVICE=WMTS&REQUEST=GetCapabilities", safe="")
        source = f"contextualWMSLegend=0&crs={system}&dpiMode=7&format=image/png&layers=standard&styles=default&tileMatrixSet={tile_set}&url={capabilities}"
        # QGIS takes tiles of the nearest level and scales them, so a pixel of a tile is up to 1.4 of the picture.
        prove(f"WMTS {tile_set}", QgsRasterLayer(source, "wmts", "wms"), system, slack=1.0)


def xyz():
    address = quote(f"{BASE}/tiles/standard/{{z}}/{{x}}/{{y}}.png", safe="/:{}")
    prove("XYZ", QgsRasterLayer(f"type=xyz&url={address}&zmin=0&zmax=20", "xyz", "wms"), "EPSG:3857", slack=1.0)
    vector = QgsVectorTileLayer(f"type=xyz&url={quote(BASE + '/tiles/standard/{z}/{x}/{y}.mvt', safe='/:{}')}&zmin=0&zmax=18", "mvt")
    prove("vector tiles", vector, "EPSG:3857", slack=1.0)


def features():
    layer = QgsVectorLayer(f"url='{BASE}' typename='square'", "square", "OAPIF")
    if not check("OGC API Features: the layer is valid", layer.isValid(), "" if layer.isValid() else layer.error().summary()):
        return
    all_of_them = list(layer.getFeatures())
    check("OGC API Features: all features come", len(all_of_them) == 3, len(all_of_them))
    box = QgsRectangle(WEST - 0.001, SOUTH - 0.001, EAST + 0.001, NORTH + 0.001)
    one = list(layer.getFeatures(QgsFeatureRequest().setFilterRect(box)))
    check("OGC API Features: a box gives the square", len(one) == 1 and one[0]["kind"] == 1, len(one))
    if one:
        found = one[0].geometry().boundingBox()
        off = max(abs(found.xMinimum() - WEST), abs(found.yMinimum() - SOUTH), abs(found.xMaximum() - EAST), abs(found.yMaximum() - NORTH))
        check("OGC API Features: to the millimetre", off < 1e-8, f"{off * 111000 * 1000:.3f} mm")
    prove("OGC API Features", layer, "EPSG:4490")


def main():
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    QgsNetworkAccessManager.setTimeout(60_000)
    for each in (wms, wmts, xyz, features):
        try:
            each()
        except Exception:
            check(f"{each.__name__} ran", False, traceback.format_exc()[-400:])
    application.exitQgis()


main()
