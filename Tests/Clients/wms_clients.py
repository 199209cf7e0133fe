#!/usr/bin/env python3
"""Proves the WMS with clients that others wrote: OWSLib, GDAL's WMS driver, and QGIS over every interface.

    wms_clients.py WORKMAP

Imports one square of known ground position, serves it on a free loopback port, and reads it back in every CRS and both
versions. The middle of what was drawn has to lie within half a pixel of where the square is; what is asked at its middle has to
be the square. Exit code 0 when every check holds.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from owslib.crs import Crs
from owslib.util import ServiceException
from owslib.wms import WebMapService

from served_map import Checks, ServedMap, needed
from wmts_clients import SQUARE, Picture, feature, palette, prove_middle, run

PIXELS = 400
SYSTEMS = ("EPSG:4490", "EPSG:4326", "EPSG:3857", "EPSG:4547", "EPSG:4526")
NORTH_FIRST = {"EPSG:4490", "EPSG:4326", "EPSG:4547", "EPSG:4526"}


def carried(system, longitude, latitude):
    """A position of the square in a CRS, east first, by PROJ."""
    if system in ("EPSG:4490", "EPSG:4326"):
        return longitude, latitude
    # The target's own order is north first; gdaltransform gives east first.
    result = subprocess.run(
        ["gdaltransform", "-s_srs", "EPSG:4490", "-t_srs", system, "-output_xy"], input=f"{longitude!r} {latitude!r}\n",
        capture_output=True, text=True, check=True, timeout=60)
    east, north = map(float, result.stdout.split()[:2])
    return east, north


def window(system):
    """A box around the square, east first, and the square's middle in it."""
    west, south, east, north = SQUARE
    low, high = carried(system, west - 0.0009, south - 0.0007), carried(system, east + 0.0006, north + 0.0008)
    corners = [carried(system, x, y) for x in (west, east) for y in (south, north)]
    middle = (sum(c[0] for c in corners) / 4, sum(c[1] for c in corners) / 4)
    # Square pixels: the longer side gives the size of both.
    side = max(high[0] - low[0], high[1] - low[1])
    return (low[0], low[1], low[0] + side, low[1] + side), middle


def picture(body, scratch, box):
    file = scratch / "map.png"
    file.write_bytes(body)
    part = Picture.read(file, scratch, *(("-expand", "rgba") if palette(body) else ()))
    part.left, part.top = box[0], box[3]
    part.step = ((box[2] - box[0]) / part.width, (box[3] - box[1]) / part.height)
    return part


def with_owslib(checks, service, scratch):
    for version in ("1.1.1", "1.3.0"):
        wms = WebMapService(f"{service.base}/wms", version=version)
        checks.check(f"OWSLib {version} reads the capabilities", {"standard", "square", "base", "standard-night"} <= set(wms.contents), len(wms.contents))
        offered = set(wms["standard"].crsOptions)
        checks.check(f"OWSLib {version} sees every CRS", set(SYSTEMS) <= offered, sorted(offered))
        checks.check(f"OWSLib {version} sees styles", "standard-night" in wms["standard"].styles)
        operations = {each.name.split(":")[-1] for each in wms.operations}
        checks.check(f"OWSLib {version} sees the operations", {"GetMap", "GetFeatureInfo", "GetLegendGraphic"} <= operations, sorted(operations))
        for system in SYSTEMS:
            box, middle = window(system)
            # OWSLib turns the box of a CRS whose axes it knows to be turned; others are written as they have to be.
            turned = version == "1.3.0" and system in NORTH_FIRST
            knows = turned and Crs(system).axisorder == "yx"
            written = (box[1], box[0], box[3], box[2]) if turned and not knows else box
            wanted = dict(layers=["standard"], styles=[""], srs=system, bbox=written, size=(PIXELS, PIXELS), format="image/png")
            try:
                body = wms.getmap(**wanted).read()
            except ServiceException as error:
                checks.check(f"OWSLib {version} {system}: GetMap", False, error)
                continue
            prove_middle(checks, f"OWSLib {version} {system}", picture(body, scratch, box), middle)
            info = wms.getfeatureinfo(
                query_layers=["square"], info_format="application/json", feature_count=3,
                xy=(int((middle[0] - box[0]) / (box[2] - box[0]) * PIXELS), int((box[3] - middle[1]) / (box[3] - box[1]) * PIXELS)),
                **{**wanted, "layers": ["square"]}).read()
            found = json.loads(info)["features"]
            checks.check(f"OWSLib {version} {system}: GetFeatureInfo finds the square", len(found) == 1 and found[0]["properties"]["kind"] == 1, len(found))
        try:
            wms.getmap(layers=["nope"], styles=[""], srs="EPSG:3857", bbox=(0, 0, 1, 1), size=(10, 10), format="image/png")
            checks.check(f"OWSLib {version} is told of an unknown layer", False)
        except ServiceException as error:
            checks.check(f"OWSLib {version} is told of an unknown layer", "nope" in str(error))


def with_gdal(checks, service, scratch):
    listed = run("gdalinfo", f"WMS:{service.base}/wms?SERVICE=WMS&REQUEST=GetCapabilities&VERSION=1.3.0")
    checks.check("GDAL lists the layers", "LAYERS=standard" in listed and "LAYERS=square" in listed)
    for version in ("1.1.1", "1.3.0"):
        for system in SYSTEMS:
            box, middle = window(system)
            turned = version == "1.3.0" and system in NORTH_FIRST
            description = scratch / "wms.xml"
            description.write_text(
                f"""<GDAL_WMS><Service name="WMS"><Version>{version}</Version><ServerUrl>{service.base}/wms?</ServerUrl>
                <{'CRS' if version == '1.3.0' else 'SRS'}>{system}</{'CRS' if version == '1.3.0' else 'SRS'}>
                <ImageFormat>image/png</ImageFormat><Layers>standard</Layers><Styles></Styles><BBoxOrder>{'yxYX' if turned else 'xyXY'}</BBoxOrder></Service>
                <DataWindow><UpperLeftX>{box[0]!r}</UpperLeftX><UpperLeftY>{box[3]!r}</UpperLeftY><LowerRightX>{box[2]!r}</LowerRightX>
                <LowerRightY>{box[1]!r}</LowerRightY><SizeX>{PIXELS}</SizeX><SizeY>{PIXELS}</SizeY></DataWindow>
                <Projection>{system}</Projection><BandsCount>3</BandsCount><BlockSizeX>{PIXELS}</BlockSizeX><BlockSizeY>{PIXELS}</BlockSizeY></GDAL_WMS>""")
            found = Picture.read(description, scratch)
            prove_middle(checks, f"GDAL {version} {system}", found, middle)


def with_qgis(checks, service, scratch):
    """QGIS brings a Python of its own, so it is driven by a program of its own."""
    script = pathlib.Path(__file__).resolve().parent / "qgis_layers.py"
    result = subprocess.run(
        ["/usr/bin/python3", str(script), service.base, str(scratch), json.dumps(SQUARE)], capture_output=True, text=True, timeout=280,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(scratch), "HOME": str(scratch)})
    lines = [line for line in result.stdout.splitlines() if line.startswith(("ok\t", "FAIL\t"))]
    for line in lines:
        state, name, remark = line.split("\t", 2)
        checks.check(f"QGIS {name}", state == "ok", remark)
    checks.check("QGIS ran to its end", result.returncode == 0 and bool(lines), result.stderr[-600:] if result.returncode else "")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("workmap", type=pathlib.Path)
    parser.add_argument("--without-qgis", action="store_true")
    arguments = parser.parse_args()
    for program, package in (("gdal_translate", "gdal-bin"), ("gdaltransform", "gdal-bin")):
        needed(program, package)
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="workmap-wms-") as folder:
        scratch = pathlib.Path(folder)
        run.cache = str(scratch / "cache")
        source = scratch / "square.geojson"
        squares = [SQUARE, (113.60, 22.90, 113.601, 22.901), (113.80, 23.10, 113.801, 23.101)]
        source.write_text(json.dumps({"type": "FeatureCollection", "features": [feature(each) for each in squares]}))
        run(str(arguments.workmap), "import", str(source), "--layer", "square", "--crs", "EPSG:4490", "--data", str(scratch / "data"))
        with ServedMap(arguments.workmap, scratch / "data") as service:
            with_owslib(checks, service, scratch)
            with_gdal(checks, service, scratch)
            if not arguments.without_qgis:
                with_qgis(checks, service, scratch)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
