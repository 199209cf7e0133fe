#!/usr/bin/env python3
"""Proves the WFS with clients that others wrote: OWSLib, GDAL's WFS driver and QGIS; then its documents against OGC's schemas, and hostile requests.

    wfs_clients.py WORKMAP [--data DIR] [--without-qgis]

Every layer is read page by page in three CRSs, and compares in count and ground position with what OGC API Features says of it.
Filters have to reach the service, and give there what Features gives. Exit code 0 when every check holds.
"""
import argparse
import http.client
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse

from owslib.etree import etree
from owslib.fes2 import FilterRequest, PropertyIsEqualTo, PropertyIsGreaterThan, PropertyIsLike
from owslib.util import ServiceException
from owslib.wfs import WebFeatureService

import wfs_schemas
from arcgis_clients import NORTH_FIRST, SYSTEMS, items
from feature_boxes import corners, strays
from served_map import Checks, ServedMap, needed

PAGE = 50
BY_ID = "urn:ogc:def:query:OGC-WFS::GetFeatureById"
FES = 'xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2"'


class Door:
    """The service's `/wfs`."""

    def __init__(self, served):
        self.host = served.base.split("/")[2]

    def ask(self, body=None, kind="application/xml", **query):
        """Status and bytes of an answer, whatever it is."""
        target = "/wfs" + ("?" + urllib.parse.urlencode({"SERVICE": "WFS", "VERSION": "2.0.0"} | query) if query else "")
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request("GET" if body is None else "POST", target, body, {"Content-Type": kind} if body is not None else {})
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was sent: what was said is there to be read
        answer = connection.getresponse()
        status, body = answer.status, answer.read()
        connection.close()
        return status, body


# OWSLib


def with_owslib(checks, served):
    wfs = WebFeatureService(f"{served.base}/wfs", version="2.0.0")
    collections = {each["id"] for each in served.json("/collections?f=json")["collections"] if each["servedByFeature"] and each["featureCount"]}
    listed = {name.split(":")[-1] for name in wfs.contents}
    checks.check("OWSLib reads the capabilities: the types are the collections with features", collections <= listed, f"{len(listed)} types")
    operations = {each.name for each in wfs.operations}
    checks.check("OWSLib sees the operations", {"GetCapabilities", "DescribeFeatureType", "GetFeature", "GetPropertyValue", "ListStoredQueries", "DescribeStoredQueries"} <= operations)
    checks.check("OWSLib sees the stored query", [each.id for each in wfs.storedqueries] == [BY_ID])
    checks.check("OWSLib sees its parameter", [each.name for each in wfs.storedqueries[0].parameters] == ["ID"])
    offered = {str(each.getcode()) for each in wfs.contents["wm:street"].crsOptions}
    checks.check("OWSLib sees the CRSs", {"EPSG:4490", "EPSG:4547", "EPSG:3857"} <= offered, sorted(offered))
    schema = wfs.get_schema("wm:street")
    checks.check("OWSLib reads the schema", schema and schema["properties"]["name"] == "string" and schema["properties"]["length"] == "double", schema and sorted(schema["properties"]))

    streets = items(served, "street", 4490)

    def found(**query):
        try:
            return json.loads(wfs.getfeature(typename=["wm:street"], outputFormat="application/json", **query).read())
        except ServiceException as error:
            return {"features": [], "numberMatched": str(error)}

    page = found(maxfeatures=5, startindex=7)
    checks.check("OWSLib turns a page", [each["id"] for each in page["features"]] == [each["id"] for each in streets[7:12]] and page["numberMatched"] == len(streets))
    name = next(each["properties"]["name"] for each in streets if each["properties"].get("name"))
    wanted = [each["id"] for each in streets if each["properties"].get("name") == name]

    def fitting(*conditions):
        # OWSLib calls the parameter otherwise in a GET.
        request = FilterRequest()
        whole = request.setConstraint(conditions[0]) if len(conditions) == 1 else request.setConstraintList([list(conditions)])
        return [each["id"] for each in found(filter=whole, method="Post")["features"]]

    checks.check("OWSLib's PropertyIsEqualTo", fitting(PropertyIsEqualTo("wm:name", name)) == wanted, name)
    wanted = [each["id"] for each in streets if (each["properties"].get("name") or "").startswith(name[:1])]
    like = PropertyIsLike("name", name[:1] + "*", wildCard="*", singleChar="?", escapeChar="\\")
    checks.check("OWSLib's PropertyIsLike", fitting(like) == wanted, len(wanted))
    longer = [each["id"] for each in streets if each["id"] in wanted and (each["properties"].get("length") or 0) > 300]
    checks.check("OWSLib's And", fitting(like, PropertyIsGreaterThan("length", "300")) == longer, len(longer))
    west, south, east, north = corners(streets, True)[len(streets) // 2]
    box = served.json(f"/collections/street/items?f=json&limit=1000&bbox={west},{south},{east},{north}")["features"]
    # OWSLib takes boxes east first, and turns them where it knows that the CRS is turned.
    for form, method, given in (
            ("a URN", "Get", (west, south, east, north, "urn:ogc:def:crs:EPSG::4490")), ("a short form", "Get", (west, south, east, north, "EPSG:4490")),
            ("no CRS", "Get", (west, south, east, north)), ("a URN", "Post", (west, south, east, north, "urn:ogc:def:crs:EPSG::4490"))):
        checks.check(f"OWSLib's box with {form} by {method}", sorted(each["id"] for each in found(bbox=given, method=method)["features"]) == sorted(each["id"] for each in box) != [], len(box))
    gml = etree.fromstring(wfs.getfeature(typename=["wm:street"], maxfeatures=3, propertyname=["name"]).read())
    names = {etree.QName(each).localname for each in gml.iter("{urn:workmap:features}*")}
    checks.check("OWSLib's PROPERTYNAME leaves one property", names == {"street", "name"}, sorted(names))
    one = etree.fromstring(wfs.getfeature(storedQueryID=BY_ID, storedQueryParams={"ID": f"street.{streets[3]['id']}"}).read())
    checks.check("OWSLib's stored query gives the feature itself", etree.QName(one).localname == "street")
    try:
        wfs.getfeature(typename=["wm:nope"]).read()
        checks.check("OWSLib is told of an unknown type", False)
    except (ServiceException, urllib.error.HTTPError, OSError) as error:
        checks.check("OWSLib is told of an unknown type", "nope" in str(error), " ".join(str(error).split())[:90])


# GDAL


def gdal(served, layer, scratch, *options, system=None, log=None):
    """The features of a layer as GDAL reads them, east first; what it says where it fails."""
    file = scratch / "found.json"
    file.unlink(missing_ok=True)
    source = f"WFS:{served.base}/wfs" + (f"?SERVICE=WFS&VERSION=2.0.0&SRSNAME={system}" if system else "")
    command = [
        "ogr2ogr", "-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=10", "--config", "OGR_WFS_PAGE_SIZE", str(PAGE), "--config", "OGR_WFS_LOAD_MULTIPLE_LAYER_DEFN", "NO",
        "--config", "CPL_DEBUG", "ON" if log is not None else "OFF", *options, str(file), source, f"wm:{layer}"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    if log is not None:
        log.append(result.stderr)
    if result.returncode != 0 or not file.exists():
        return result.stderr.strip()[-300:]
    return json.loads(file.read_text())["features"]


def with_gdal(checks, served, scratch):
    for each in served.json("/collections?f=json")["collections"]:
        layer = each["id"]
        if not each["servedByFeature"] or not each["featureCount"]:
            continue
        for system, most in SYSTEMS.items():
            ours = items(served, layer, system)
            theirs = gdal(served, layer, scratch, "-a_srs", f"EPSG:{system}", system=f"urn:ogc:def:crs:EPSG::{system}" if system != 4490 else None)
            name = f"{layer} in EPSG:{system}"
            if not checks.check(f"GDAL reads {name}", isinstance(theirs, list), theirs if isinstance(theirs, str) else len(theirs)):
                continue
            if checks.check(f"{name}: as many as there are", len(theirs) == len(ours), f"{len(theirs)} of {len(ours)}") and ours:
                lost = strays(corners(theirs), corners(ours, system in NORTH_FIRST), most)
                checks.check(f"{name}: on the same ground, to {most:g}", lost == 0, lost or "")
                same = sorted(map(plain, theirs)) == sorted(map(plain, ours))
                checks.check(f"{name}: with the same properties", same)


def plain(feature):
    """The properties as texts, as far as both doors have them; numbers as numbers."""
    properties = {name: value for name, value in feature["properties"].items() if name != "gml_id" and value is not None}
    return json.dumps({name: float(f"{value:.12g}") if isinstance(value, (int, float)) and not isinstance(value, bool) else re.sub(r"[/ ]", "-", str(value)) for name, value in properties.items()}, sort_keys=True, ensure_ascii=False)


def filters_of_gdal(checks, served, scratch):
    buildings = items(served, "house", 4490)
    west, south, east, north = corners(buildings, True)[len(buildings) // 2]
    west, south, east, north = west - 0.002, south - 0.002, east + 0.002, north + 0.002
    box = served.json(f"/collections/house/items?f=json&limit=10000&bbox={west},{south},{east},{north}")["features"]
    spat = ("-spat", *map(str, (west, south, east, north)))
    fields = {name: value for each in buildings for name, value in each["properties"].items() if value is not None}
    number = next(name for name, value in fields.items() if isinstance(value, (int, float)))
    text = next(name for name, value in fields.items() if isinstance(value, str))
    middle = sorted(each["properties"][number] for each in buildings if each["properties"].get(number) is not None)[len(buildings) // 2]
    sample = next(each["properties"][text] for each in buildings if each["properties"].get(text))
    start = sample[:2]

    def ids(features):
        return sorted(int(each["properties"]["gml_id"].split(".")[-1]) if "gml_id" in each["properties"] else each["id"] for each in features)

    def value(each, name):
        return each["properties"].get(name)

    cases = [
        ("a box", spat, box),
        ("a number", ("-where", f"{number} > {middle}"), [e for e in buildings if value(e, number) is not None and value(e, number) > middle]),
        ("a text", ("-where", f"{text} = '{sample}'"), [e for e in buildings if value(e, text) == sample]),
        ("LIKE", ("-where", f"{text} LIKE '{start}%'"), [e for e in buildings if (value(e, text) or "").startswith(start)]),
        ("BETWEEN, OR and NOT", ("-where", f"{number} BETWEEN 0 AND {middle} OR NOT ({text} = '{sample}')"), [
            e for e in buildings if (value(e, number) is not None and 0 <= value(e, number) <= middle) or (value(e, text) is not None and value(e, text) != sample)]),
        ("IS NULL", ("-where", f"{text} IS NULL"), [e for e in buildings if value(e, text) is None]),
        ("an id", ("-where", f"gml_id = 'house.{buildings[3]['id']}'"), [buildings[3]]),
        ("a box and a number", (*spat, "-where", f"{number} <= {middle}"), [e for e in box if value(e, number) is not None and value(e, number) <= middle]),
    ]
    for name, options, wanted in cases:
        log = []
        found = gdal(served, "house", scratch, *options, log=log)
        asked = [urllib.parse.unquote_plus(line) for line in log[0].splitlines() if "REQUEST=GetFeature" in line]
        pushed = any(part in line for line in asked for part in ("FILTER=", "BBOX=", "RESOURCEID="))
        checks.check(f"GDAL sends {name} to the service", pushed, "" if pushed else log[0][-300:])
        if len(wanted) > PAGE:
            checks.check(f"GDAL turns the pages of {name}", any(f"STARTINDEX={PAGE}" in line for line in asked), len(asked))
        holds = isinstance(found, list) and ids(found) == ids(wanted)
        checks.check(f"GDAL finds by {name} what Features says", holds, f"{len(found)} of {len(wanted)}" if isinstance(found, list) else found)


# Operators, by themselves


def operators(checks, served, door):
    streets = served.json("/collections/street/items?f=json&limit=1000")["features"]
    some = streets[len(streets) // 2]
    (x, y), number = some["geometry"]["coordinates"][0][:2] if some["geometry"]["type"] == "LineString" else some["geometry"]["coordinates"][0][0][:2], some["id"]
    box = f'<gml:Envelope srsName="urn:ogc:def:crs:EPSG::4490"><gml:lowerCorner>{y - .004} {x - .004}</gml:lowerCorner><gml:upperCorner>{y + .004} {x + .004}</gml:upperCorner></gml:Envelope>'
    ring = f"{y - .004} {x - .004} {y - .004} {x + .004} {y + .004} {x + .004} {y + .004} {x - .004} {y - .004} {x - .004}"
    area = f'<gml:Polygon srsName="urn:ogc:def:crs:EPSG::4490"><gml:exterior><gml:LinearRing><gml:posList>{ring}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>'
    polygon = f"POLYGON(({x - .004} {y - .004},{x + .004} {y - .004},{x + .004} {y + .004},{x - .004} {y + .004},{x - .004} {y - .004}))"
    point = f'<gml:Point srsName="urn:ogc:def:crs:EPSG::4490"><gml:pos>{y} {x}</gml:pos></gml:Point>'
    own = "<fes:ValueReference>geometry</fes:ValueReference>"
    cases = [(f"<fes:BBOX>{own}{box}</fes:BBOX>", f"S_INTERSECTS(geometry,{polygon})")]
    cases += [(f"<fes:{name}>{own}{area}</fes:{name}>", f"S_{name.upper()}(geometry,{polygon})") for name in ("Intersects", "Within", "Disjoint", "Crosses", "Touches", "Overlaps", "Equals", "Contains")]
    cases += [
        (f'<fes:ResourceId rid="street.{number}"/>', None),
        ('<fes:PropertyIsBetween><fes:ValueReference>length</fes:ValueReference><fes:LowerBoundary><fes:Literal>200</fes:Literal></fes:LowerBoundary>'
         '<fes:UpperBoundary><fes:Literal>600</fes:Literal></fes:UpperBoundary></fes:PropertyIsBetween>', "length BETWEEN 200 AND 600"),
        ("<fes:Not><fes:PropertyIsNull><fes:ValueReference>wm:name</fes:ValueReference></fes:PropertyIsNull></fes:Not>", "name IS NOT NULL"),
    ]
    for filter_, text in cases:
        whole = f"<fes:Filter {FES}>{filter_}</fes:Filter>"
        name = re.search(r"fes:(\w+)", filter_)[1]
        status, body = door.ask(REQUEST="GetFeature", TYPENAMES="wm:street", RESULTTYPE="hits", FILTER=whole)
        count = re.search(rb'numberMatched="(\d+)"', body)
        if text is None:
            checks.check(f"{name} finds its feature", count and int(count[1]) == 1, body[:200] if not count else "")
            continue
        wanted = served.json("/collections/street/items?f=json&limit=1&filter=" + urllib.parse.quote(text))["numberMatched"]
        checks.check(f"{name} finds what CQL2 finds", status == 200 and count and int(count[1]) == wanted, f"{count and int(count[1])} of {wanted}")
        status, body = door.ask(REQUEST="GetFeature", TYPENAMES="wm:street", RESULTTYPE="hits", CQL_FILTER=text)
        count = re.search(rb'numberMatched="(\d+)"', body)
        checks.check(f"CQL_FILTER {text.split('(')[0]} finds the same", status == 200 and count and int(count[1]) == wanted)
        request = (f'<wfs:GetFeature service="WFS" version="2.0.0" resultType="hits" xmlns:wfs="http://www.opengis.net/wfs/2.0"><wfs:Query typeNames="wm:street" xmlns:wm="urn:workmap:features">'
                   f"{whole}</wfs:Query></wfs:GetFeature>")
        status, body = door.ask(request.encode())
        count = re.search(rb'numberMatched="(\d+)"', body)
        checks.check(f"{name} by POST finds the same", status == 200 and count and int(count[1]) == wanted)
    for metres in (50, 500):
        near = served.json(f"/collections/street/items?f=json&limit=1&center={x},{y}&radius={metres}")["numberMatched"]
        for name, wanted in (("DWithin", near), ("Beyond", len(streets) - near)):
            whole = f'<fes:Filter {FES}><fes:{name}>{own}{point}<fes:Distance uom="m">{metres}</fes:Distance></fes:{name}></fes:Filter>'
            status, body = door.ask(REQUEST="GetFeature", TYPENAMES="wm:street", RESULTTYPE="hits", FILTER=whole)
            count = re.search(rb'numberMatched="(\d+)"', body)
            checks.check(f"{name} {metres} m finds what a radius finds", count and int(count[1]) == wanted, f"{count and int(count[1])} of {wanted}")


# Documents


def documents(checks, door, scratch):
    if not wfs_schemas.available():
        print("skipped: the package pycsw, which carries OGC's schemas, is not installed", flush=True)
        return
    schemas = wfs_schemas.Schemas(door.ask(REQUEST="DescribeFeatureType")[1], scratch)
    asked = [
        {"REQUEST": "GetCapabilities"}, {"REQUEST": "GetCapabilities", "SECTIONS": "OperationsMetadata,Filter_Capabilities"}, {"REQUEST": "ListStoredQueries"},
        {"REQUEST": "DescribeStoredQueries"}, {"REQUEST": "GetFeature", "TYPENAMES": "wm:street", "RESULTTYPE": "hits"},
        {"REQUEST": "GetFeature", "TYPENAMES": "wm:street", "COUNT": "0"}, {"REQUEST": "GetPropertyValue", "TYPENAMES": "wm:street", "VALUEREFERENCE": "name"},
        {"REQUEST": "GetPropertyValue", "TYPENAMES": "wm:street", "VALUEREFERENCE": "@gml:id"}, {"REQUEST": "GetPropertyValue", "TYPENAMES": "wm:street", "VALUEREFERENCE": "wm:geometry"},
        {"REQUEST": "GetFeature", "STOREDQUERY_ID": BY_ID, "ID": "street.3"}, {"REQUEST": "GetFeature", "STOREDQUERY_ID": BY_ID, "ID": "street.99999"},
        {"REQUEST": "GetFeature", "TYPENAMES": "wm:street", "PROPERTYNAME": "name,geometry", "SORTBY": "name DESC"}, {"REQUEST": "Transaction"}, {"REQUEST": "GetFeature"},
    ]
    capabilities = door.ask(REQUEST="GetCapabilities")[1]
    for name in re.findall(rb"<wfs:Name>([^<]*)<", capabilities):
        for system in ("urn:ogc:def:crs:EPSG::4490", "urn:ogc:def:crs:EPSG::4547", "EPSG:3857"):
            asked.append({"REQUEST": "GetFeature", "TYPENAMES": name.decode(), "COUNT": "1000", "SRSNAME": system})
    for query in asked:
        status, body = door.ask(**query)
        wrong = schemas.complaints(body)
        checks.check("valid: " + " ".join(query.values()), not wrong, wrong or status)
    ids = re.findall(rb'gml:id="([^"]*)"', door.ask(REQUEST="GetFeature", TYPENAMES="wm:house", COUNT="1000")[1])
    checks.check("every gml:id is there once", len(ids) == len(set(ids)) > 1000, len(ids))


# Hostile requests


def hostile(checks, served, door):
    deep = "<fes:And>" * 50_000 + "</fes:And>" * 50_000
    nested = f"<fes:Filter {FES}>" + "<fes:Not>" * 90 + "<fes:PropertyIsNull><fes:ValueReference>name</fes:ValueReference></fes:PropertyIsNull>" + "</fes:Not>" * 90 + "</fes:Filter>"
    laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY a{n} "{("&a" + (str(n - 1) if n else "") + ";") * 10}">' for n in range(12)) + "]>"
    outside = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'

    def request(filter_, head=""):
        return (head + f'<GetFeature service="WFS" version="2.0.0"><Query typeNames="wm:street">{filter_}</Query></GetFeature>').encode()

    def equal(text):
        return f"<fes:Filter {FES}><fes:PropertyIsEqualTo><fes:ValueReference>name</fes:ValueReference><fes:Literal>{text}</fes:Literal></fes:PropertyIsEqualTo></fes:Filter>"

    def around(count):
        zigzag = " ".join(f"{22 + (k % 2) * 0.5} {113 + k * 1e-3}" for k in range(count))
        return (f'<fes:Filter {FES}><fes:DWithin><fes:ValueReference>geometry</fes:ValueReference><gml:LineString><gml:posList>{zigzag}</gml:posList></gml:LineString>'
                '<fes:Distance uom="m">20000</fes:Distance></fes:DWithin></fes:Filter>')

    positions = " ".join(f"{22 + k * 1e-7} {113 + k * 1e-7}" for k in range(150_000))
    line = f'<fes:Filter {FES}><fes:Intersects><fes:ValueReference>geometry</fes:ValueReference><gml:LineString><gml:posList>{positions}</gml:posList></gml:LineString></fes:Intersects></fes:Filter>'
    many = f"<fes:Filter {FES}><fes:Or>" + "<fes:PropertyIsNull><fes:ValueReference>name</fes:ValueReference></fes:PropertyIsNull>" * 30_000 + "</fes:Or></fes:Filter>"
    bodies = [
        ("XML that breaks off", b"<GetFeature><Query"), ("no XML", b"hello"), ("nothing", b""), ("two roots", b"<GetFeature/><GetFeature/>"), ("bytes that are no UTF-8", b"<GetFeature a='\xff\xfe'/>"),
        ("an entity that expands", request(equal("&a11;"), laughs)), ("an entity from a file", request(equal("&secret;"), outside)), ("an unknown entity", request(equal("&nope;"))),
        ("a filter of 10 MB", request(equal("x" * 10_000_000))), ("50 000 elements in one another", request(f"<fes:Filter {FES}>{deep}</fes:Filter>")), ("conditions 90 deep", request(nested)),
        ("150 000 positions", request(line)), ("30 000 conditions", request(many)), ("50 000 attributes", b"<GetFeature " + b" ".join(b"a%d='1'" % n for n in range(50_000)) + b"/>"),
        ("a distance around 5 000 positions", request(around(5_000))),
        ("an operator that there is not", request(f"<fes:Filter {FES}><fes:PropertyIsFunny/></fes:Filter>")),
    ]
    status, answer = door.ask(request(around(200)))
    checks.check("a distance around 200 positions is answered", status == 200, status)
    secret = pathlib.Path("/etc/passwd").read_bytes()[:20]
    for name, body in bodies:
        status, answer = door.ask(body)
        report = b"ExceptionReport" in answer and b'exceptionCode="' in answer
        checks.check(f"POST of {name} is refused with a report", 400 <= status < 500 and report and secret not in answer, f"{status} {answer[:80] if not report else re.search(rb'exceptionCode=.([A-Za-z]+)', answer)[1].decode()}")
    street = {"REQUEST": "GetFeature", "TYPENAMES": "wm:street"}
    for name, query in [
        ("COUNT=-1", street | {"COUNT": "-1"}), ("COUNT=1e9", street | {"COUNT": "1e9"}), ("a COUNT beyond numbers", street | {"COUNT": "9" * 40}), ("STARTINDEX=x", street | {"STARTINDEX": "x"}),
        ("a box of three numbers", street | {"BBOX": "1,2,3"}), ("a box of no numbers", street | {"BBOX": "a,b,c,d"}), ("a box upside down", street | {"BBOX": "23,113,22,114,urn:ogc:def:crs:EPSG::4490"}),
        ("an unknown CRS", street | {"SRSNAME": "EPSG:99999"}), ("an unknown property", street | {"PROPERTYNAME": "nope"}), ("an unknown order", street | {"SORTBY": "nope"}),
        ("an unknown format", street | {"OUTPUTFORMAT": "shape-zip"}), ("a broken filter", street | {"FILTER": "<Filter>"}), ("a filter of 15 000 bytes", street | {"FILTER": "<Filter>" + "x" * 15_000}),
        ("a broken CQL_FILTER", street | {"CQL_FILTER": "name ="}), ("a path for a type", street | {"TYPENAMES": "../../etc/passwd"}), ("an id of nonsense", {"REQUEST": "GetFeature", "STOREDQUERY_ID": BY_ID, "ID": "../1"}),
        ("a join", street | {"TYPENAMES": "wm:street,wm:house"}), ("WFS 1.1.0", {"REQUEST": "DescribeFeatureType", "VERSION": "1.1.0"}), ("only old versions", {"REQUEST": "GetCapabilities", "ACCEPTVERSIONS": "1.1.0,1.0.0"}),
        ("a sensitive property", {"REQUEST": "GetPropertyValue", "TYPENAMES": "wm:house", "VALUEREFERENCE": "ownerPhone"}), ("people", {"REQUEST": "GetFeature", "TYPENAMES": "wm:population"}),
        ("line feeds in a name", street | {"TYPENAMES": "street\r\nX-Evil: 1"}),
    ]:
        status, answer = door.ask(**query)
        code = re.search(rb'exceptionCode="([A-Za-z]+)"', answer)
        checks.check(f"{name} is refused with a report", 400 <= status < 500 and code, f"{status} {code and code[1].decode()}")
    status, answer = door.ask(**street | {"COUNT": "2000000000"})
    checks.check("a huge COUNT is cut down", status == 200 and int(re.search(rb'numberReturned="(\d+)"', answer)[1]) <= 10_000)
    checks.check("the service still answers", door.ask(REQUEST="GetCapabilities")[0] == 200)


def with_qgis(checks, served, scratch):
    """QGIS brings a Python of its own, so it is driven by a program of its own."""
    script = pathlib.Path(__file__).resolve().parent / "qgis_wfs.py"
    result = subprocess.run(
        ["/usr/bin/python3", str(script), served.base], capture_output=True, text=True, timeout=280,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_RUNTIME_DIR": str(scratch), "HOME": str(scratch), "PYTHONPATH": ""})
    lines = [line for line in result.stdout.splitlines() if line.startswith(("ok\t", "FAIL\t"))]
    for line in lines:
        state, name, remark = line.split("\t", 2)
        checks.check(f"QGIS {name}", state == "ok", remark)
    checks.check("QGIS ran to its end", result.returncode == 0 and bool(lines), result.stderr[-600:] if result.returncode else "")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workmap", help="the workmap program")
    parser.add_argument("--data", type=pathlib.Path, help="a data directory of the demo hamlet; made where it is missing")
    parser.add_argument("--without-qgis", action="store_true")
    arguments = parser.parse_args()
    needed("ogr2ogr", "gdal-bin")
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="workmap-wfs-") as folder:
        scratch = pathlib.Path(folder)
        data = arguments.data or scratch / "hamlet"
        if not arguments.data:
            subprocess.run([arguments.workmap, "demo", "--scale", "hamlet", "--data", str(data)], check=True, capture_output=True)
        # What a request may take of the base map is a matter of its own, and proved with exports.
        with ServedMap(arguments.workmap, data=data, options=("--export-cap", "0")) as served:
            door = Door(served)
            documents(checks, door, scratch)
            with_owslib(checks, served)
            operators(checks, served, door)
            hostile(checks, served, door)
            filters_of_gdal(checks, served, scratch)
            with_gdal(checks, served, scratch)
            if not arguments.without_qgis:
                with_qgis(checks, served, scratch)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
