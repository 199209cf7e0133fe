#!/usr/bin/env python3
"""Walks the 80 methods of OGC's executable test suite for OGC API Features (core and CRS) as a black box.

    ogcapi_features_walk.py WORKMAP [--corpora DIR] [--data DIR]

Makes the demo hamlet, or takes a data directory that holds one, serves it on a free loopback port, and does to it what each method of ets-ogcapi-features10
describes, one line a method, by the method's name. Where the corpora are present the names are compared with the suite's
own list, and documents are validated against the standard's schemas. Exit code 0 when every check holds.
"""
import argparse
import datetime
import json
import pathlib
import subprocess
import tempfile

from ogcapi_client import CRS84, GEOJSON, Client, links, positions, short, transformed
from ogcapi_schemas import FEATURES, Schemas
from served_map import Checks, ServedMap, needed, repository

LIST = "ogc-schemas/ets-ogcapi-features10-tests.json"
LEAST = {"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection"}
METHODS = {}


def method(*names):
    def keep(check):
        for name in names:
            METHODS[name] = check
        return check
    return keep


def need(holds, complaint):
    if not holds:
        raise AssertionError(complaint)


class Town:
    """What the methods share: the client, the API's description, the collections under test."""

    def __init__(self, client, schemas):
        self.client, self.schemas = client, schemas
        self.landing = client.json("/")
        self.api = client.json(links(self.landing, "service-desc")[0]["href"], "application/vnd.oai.openapi+json;version=3.0")
        self.collections = client.json("/collections")
        self.open = [each for each in self.collections["collections"] if links(each, "items")]
        # One of every kind of geometry is enough for what is asked of features.
        kinds = {}
        for each in self.open:
            if each["featureCount"] > 20:
                kinds.setdefault(each["geometry"], each)
        self.tested = list(kinds.values())
        need(len(self.tested) >= 3, f"points, lines and polygons wanted, there are {list(kinds)}")

    def valid(self, document, name):
        if self.schemas:
            complaints = self.schemas.complaints(document, FEATURES, name)
            need(not complaints, f"{name}: {complaints}")

    def items(self, collection):
        return [link["href"] for link in links(collection, "items") if link["type"] == GEOJSON][0]

    def operation(self, collection):
        path = f"/collections/{collection['id']}/items"
        need(path in self.api["paths"], f"{path} is not in the API's description")
        return self.api["paths"][path]["get"]

    def parameter(self, collection, name):
        found = [each for each in self.operation(collection)["parameters"] if each["name"] == name]
        need(len(found) == 1, f"{name} is described {len(found)} times")
        return found[0]

    def each(self, family):
        """Every answer of a family of requests, with its collection."""
        for collection in self.tested:
            for query in FAMILIES[family](self, collection):
                yield collection, query, self.client.ask(self.items(collection), GEOJSON, **query)


def boxes(town, collection):
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    middle = ((west + east) / 2, (south + north) / 2)
    return [{"bbox": f"{west},{south},{east},{north}"}, {"bbox": f"{west},{south},{middle[0]},{middle[1]}"}, {"bbox": "177,65,-177,70"}]


def times(town, collection):
    begin = collection["extent"]["temporal"]["interval"][0][0]
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return [{"datetime": begin}, {"datetime": f"{begin}/.."}, {"datetime": f"{begin}/{now}"}]


FAMILIES = {
    "Features": lambda town, collection: [{}],
    "FeaturesLimit": lambda town, collection: [{"limit": 1}, {"limit": 7}, {"limit": 10000}],
    "FeaturesBBox": boxes,
    "FeaturesTime": times,
}

# MARK: core: entrance


@method("core.landingpage.LandingPage.landingPageRetrieval")
def _(town):
    need(town.client.ask("/", "application/json").status == 200, "no landing page")


@method("core.landingpage.LandingPage.landingPageValidation")
def _(town):
    town.valid(town.landing, "landingPage.yaml")
    for rel in ("conformance", "data"):
        need(links(town.landing, rel), f"no link {rel}")
    need(links(town.landing, "service-desc") or links(town.landing, "service-doc"), "no link to the API")


@method("core.general.GeneralHttp.http")
def _(town):
    for target in ("/", "/conformance", "/collections"):
        need(town.client.ask(target, "application/json").status == 200, target)
        head = town.client.ask(target, "application/json", "HEAD")
        need(head.status == 200 and not head.body, f"HEAD {target}")
    need(town.client.ask("/collections", method="DELETE").status == 405, "DELETE is taken")
    need(town.client.ask("/collections", "application/x-nothing").status == 406, "any type is given")
    need(town.client.ask("/collections/none").status == 404, "any collection is there")


@method("core.apidefinition.ApiDefinition.openapiDocumentRetrieval")
def _(town):
    link = links(town.landing, "service-desc")[0]
    answer = town.client.ask(link["href"], link["type"])
    need(answer.status == 200 and answer.headers["Content-Type"] == link["type"], answer.headers["Content-Type"])


@method("core.apidefinition.ApiDefinition.apiDefinitionValidation")
def _(town):
    need(town.api["openapi"].startswith("3.0"), town.api["openapi"])
    names = set()
    for path, operations in town.api["paths"].items():
        for operation in operations.values():
            need(operation["responses"], f"{path} answers nothing")
            need(operation["operationId"] not in names, f"{operation['operationId']} twice")
            names.add(operation["operationId"])
            inside = {each["name"] for each in operation.get("parameters", []) if each["in"] == "path"}
            need(inside == set(part[1:-1] for part in path.split("/") if part.startswith("{")), f"{path} has parameters {inside}")
    references = set()

    def collect(value):
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            collect(each)
        if isinstance(value, dict) and isinstance(value.get("$ref"), str):
            references.add(value["$ref"])

    collect(town.api)
    for reference in references:
        need(reference.split("/")[-1] in town.api["components"]["schemas"], f"{reference} leads nowhere")
    for path in ("/", "/conformance", "/collections", "/collections/{collectionId}"):
        need(path in town.api["paths"], f"{path} is not described")


@method("core.conformance.Conformance.validateConformanceOperationAndResponse")
def _(town):
    document = town.client.json(links(town.landing, "conformance")[0]["href"])
    town.valid(document, "confClasses.yaml")
    for name in ("core", "geojson", "html", "oas30"):
        need(f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}" in document["conformsTo"], name)


# MARK: core: collections


@method("core.collections.FeatureCollections.validateFeatureCollectionsMetadataOperation")
def _(town):
    need(town.client.ask(links(town.landing, "data")[0]["href"], "application/json").status == 200, "no collections")


@method("core.collections.FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Links")
def _(town):
    need(links(town.collections, "self"), "no self")
    for link in links(town.collections, "self") + links(town.collections, "alternate"):
        need(link.get("type"), f"{link['href']} has no type")
    need({link["type"] for link in links(town.collections, "alternate")} == {"text/html"}, "HTML is no alternate")


@method("core.collections.FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Items")
def _(town):
    for collection in town.open:
        types = {link.get("type") for link in links(collection, "items")}
        need(types == {GEOJSON, "text/html"}, f"{collection['id']}: items in {types}")


@method("core.collections.FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_CrsProperty")
def _(town):
    for collection in town.collections["collections"]:
        box = collection.get("extent", {}).get("spatial")
        if box:
            need(box.get("crs", CRS84) == CRS84 and all(len(each) in (4, 6) for each in box["bbox"]), collection["id"])


@method("core.collections.FeatureCollections.validateFeatureCollectionsMetadataOperationResponse_Content")
def _(town):
    town.valid(town.collections, "collections.yaml")
    ids = [each["id"] for each in town.collections["collections"]]
    need(len(ids) > 10 and len(set(ids)) == len(ids), f"{len(ids)} collections")


@method("core.collections.FeatureCollection.validateFeatureCollectionMetadataOperation")
def _(town):
    for collection in town.collections["collections"]:
        need(town.client.ask(f"/collections/{collection['id']}", "application/json").status == 200, collection["id"])


@method("core.collections.FeatureCollection.validateFeatureCollectionMetadataResponse")
def _(town):
    for collection in town.collections["collections"]:
        alone = town.client.json(f"/collections/{collection['id']}")
        town.valid(alone, "collection.yaml")
        for name in ("id", "title", "extent", "crs", "storageCrs"):
            need(alone.get(name) == collection.get(name), f"{collection['id']}: {name} differs")


# MARK: core: features


def operation(family):
    def check(town):
        for collection, query, answer in town.each(family):
            need(answer.status == 200 and answer.type == GEOJSON, f"{collection['id']} {query}: {answer.status} {answer.text[:150]}")
    return check


def crs84(family):
    def check(town):
        seen = 0
        for collection, query, answer in town.each(family):
            need(answer.headers["Content-Crs"] == f"<{CRS84}>", answer.headers["Content-Crs"])
            west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
            for feature in answer.json()["features"][:200]:
                for x, y in positions(feature["geometry"]):
                    seen += 1
                    need(west - 1e-6 <= x <= east + 1e-6 and south - 1e-6 <= y <= north + 1e-6, f"{collection['id']}: {x}, {y}")
        need(seen > 100, f"{seen} positions")
    return check


def type_property(family):
    def check(town):
        for _, query, answer in town.each(family):
            need(answer.json()["type"] == "FeatureCollection", query)
    return check


def features_property(family):
    def check(town):
        for collection, query, answer in town.each(family):
            document = answer.json()
            need(isinstance(document["features"], list), query)
            for feature in document["features"]:
                need(feature["type"] == "Feature" and "id" in feature and "properties" in feature, feature)
                need(feature["geometry"] is None or feature["geometry"]["type"] in LEAST, feature["geometry"])
            document["features"] = document["features"][:20]
            town.valid(document, "featureCollectionGeoJSON.yaml")
    return check


def links_property(family):
    def check(town):
        for collection, query, answer in town.each(family):
            document = answer.json()
            need(len(links(document, "self")) == 1, f"{query}: no self")
            need("text/html" in {link["type"] for link in links(document, "alternate")}, f"{query}: no alternate")
            need(all(link.get("rel") and link.get("type") for link in document["links"]), "a link without rel or type")
            more = document["numberMatched"] > document["numberReturned"]
            need(bool(links(document, "next")) == more, f"{query}: next")
    return check


def time_stamp(family):
    def check(town):
        for _, query, answer in town.each(family):
            stamp = datetime.datetime.fromisoformat(answer.json()["timeStamp"].replace("Z", "+00:00"))
            age = datetime.datetime.now(datetime.timezone.utc) - stamp
            need(abs(age.total_seconds()) < 3600, f"{stamp}")
    return check


def number_matched(family):
    def check(town):
        for collection, query, answer in town.each(family):
            document, seen = answer.json(), 0
            page = document
            ids = set()
            for _ in range(40):
                seen += len(page["features"])
                ids |= {feature["id"] for feature in page["features"]}
                following = links(page, "next")
                if not following:
                    break
                page = town.client.ask(following[0]["href"], GEOJSON).json()
                need(page["numberMatched"] == document["numberMatched"], f"{query}: changes from page to page")
            else:
                continue  # too many pages of one feature each
            need(seen == len(ids) == document["numberMatched"], f"{collection['id']} {query}: {seen} seen, {document['numberMatched']} stated")
    return check


def number_returned(family):
    def check(town):
        for _, query, answer in town.each(family):
            document = answer.json()
            need(document["numberReturned"] == len(document["features"]) <= document["numberMatched"], query)
    return check


for family, what in (("Features", ""), ("FeaturesLimit", "WithLimit"), ("FeaturesBBox", "WithBoundingBox"), ("FeaturesTime", "WithDateTime")):
    prefix = f"core.collections.{family}.validateFeatures"
    in_crs84 = "Response_GeometryInCRS84" if family in ("Features", "FeaturesBBox") else f"{what}Response_GeometryInCRS84"
    method(f"{prefix}{what}Operation")(operation(family))
    method(prefix + in_crs84)(crs84(family))
    method(f"{prefix}{what}Response_TypeProperty")(type_property(family))
    method(f"{prefix}{what}Response_FeaturesProperty")(features_property(family))
    method(f"{prefix}{what}Response_Links")(links_property(family))
    method(f"{prefix}{what}Response_TimeStamp")(time_stamp(family))
    method(f"{prefix}{what}Response_NumberMatched")(number_matched(family))
    method(f"{prefix}Response_NumberReturned")(number_returned(family))


@method("core.collections.FeaturesLimit.limitParameterDefinition")
def _(town):
    for collection in town.tested:
        limit = town.parameter(collection, "limit")
        schema = limit["schema"]
        need(limit["in"] == "query" and not limit["required"] and limit.get("style", "form") == "form", limit)
        need(schema["type"] == "integer" and schema["minimum"] == 1 and schema["maximum"] >= schema["default"] >= 1, schema)


@method("core.collections.FeaturesLimit.validateFeaturesWithLimitResponse")
def _(town):
    for collection, query, answer in town.each("FeaturesLimit"):
        need(len(answer.json()["features"]) <= query["limit"], query)
        need(len(answer.json()["features"]) == min(query["limit"], answer.json()["numberMatched"]), query)
    most = town.parameter(town.tested[0], "limit")["schema"]["maximum"]
    answer = town.client.ask(town.items(town.tested[0]), GEOJSON, limit=most + 1)
    need(answer.status == 200, "a limit beyond the maximum is refused")


@method("core.collections.FeaturesBBox.boundingBoxParameterDefinition")
def _(town):
    for collection in town.tested:
        box = town.parameter(collection, "bbox")
        need(box["in"] == "query" and not box["required"] and box["style"] == "form" and box["explode"] is False, box)
        schema = box["schema"]
        need(schema["type"] == "array" and schema["minItems"] == 4 and schema["maxItems"] == 6 and schema["items"]["type"] == "number", schema)


@method("core.collections.FeaturesBBox.validateFeaturesWithBoundingBoxResponse")
def _(town):
    some = 0
    for collection, query, answer in town.each("FeaturesBBox"):
        west, south, east, north = map(float, query["bbox"].split(","))
        margin = 1e-7  # degrees: a centimetre
        for feature in answer.json()["features"]:
            some += 1
            places = positions(feature["geometry"])
            low = [min(place[axis] for place in places) for axis in (0, 1)]
            high = [max(place[axis] for place in places) for axis in (0, 1)]
            need(low[0] <= east + margin and high[0] >= west - margin and low[1] <= north + margin and high[1] >= south - margin, feature["id"])
        if west > east:
            need(answer.json()["numberMatched"] == 0, "something lies across the antimeridian")
    need(some > 20, f"{some} features")


@method("core.collections.FeaturesTime.timeParameterDefinition")
def _(town):
    for collection in town.tested:
        time = town.parameter(collection, "datetime")
        need(time["in"] == "query" and not time["required"] and time["schema"]["type"] == "string", time)


@method("core.collections.FeaturesTime.validateFeaturesWithDateTimeResponse")
def _(town):
    for collection, query, answer in town.each("FeaturesTime"):
        whole = town.client.json(town.items(collection), GEOJSON)
        need(answer.json()["numberMatched"] == whole["numberMatched"], f"{collection['id']} {query}")
    answer = town.client.ask(town.items(town.tested[0]), GEOJSON, datetime="yesterday")
    need(answer.status == 400, "any text is a time")


@method("core.collections.FeaturesErrorConditions.validateFeaturesOperation_QueryParamInvalid")
def _(town):
    for name, value in (("limit", "abc"), ("limit", "0"), ("bbox", "1,2,x,4"), ("datetime", "x"), ("offset", "-1")):
        answer = town.client.ask(town.items(town.tested[0]), GEOJSON, **{name: value})
        need(answer.status == 400, f"{name}={value}: {answer.status}")
        town.valid(answer.json(), "exception.yaml")
        need(answer.json()["parameter"] == name and answer.json()["value"] == value and answer.json()["expected"], answer.text)


@method("core.collections.FeaturesErrorConditions.validateFeaturesOperation_QueryParamUnknown")
def _(town):
    for target in [town.items(town.tested[0]), "/", "/conformance", "/collections", "/api", "/styles", "/tiles", "/tileMatrixSets"]:
        answer = town.client.ask(target, None, f="json", unknownQueryParameter=1)
        need(answer.status == 400 and answer.json()["parameter"] == "unknownQueryParameter", f"{target}: {answer.status}")


def one(town, collection):
    feature = town.client.json(town.items(collection), GEOJSON, limit=1)["features"][0]
    return feature, f"/collections/{collection['id']}/items/{feature['id']}"


@method("core.collections.Feature.featureOperation")
def _(town):
    for collection in town.open:
        if collection["featureCount"]:
            need(town.client.ask(one(town, collection)[1], GEOJSON).status == 200, collection["id"])


@method("core.collections.Feature.validateFeatureResponse")
def _(town):
    for collection in town.tested:
        feature, path = one(town, collection)
        alone = town.client.json(path, GEOJSON)
        need(alone["id"] == feature["id"] and alone["properties"] == feature["properties"] and alone["geometry"] == feature["geometry"], path)
        town.valid(alone, "featureGeoJSON.yaml")
        for rel in ("self", "alternate", "collection"):
            need(links(alone, rel), f"{path} has no link {rel}")


# MARK: CRS


@method("crs.CrsRequirementClassPrecondition.verifyConformanceClass")
def _(town):
    need("http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs" in town.client.json("/conformance")["conformsTo"], "not claimed")


def well_formed(uri):
    parts = uri.removeprefix("http://www.opengis.net/def/crs/").split("/")
    need(uri.startswith("http://www.opengis.net/def/crs/") and len(parts) == 3 and all(parts), uri)


def alone(town):
    return [town.client.json(f"/collections/{each['id']}") for each in town.open]


@method("crs.discovery.collection.DiscoveryCollectionCrsUri.verifyCollectionCrsIdentifierOfCrsProperty")
def _(town):
    for collection in alone(town):
        need(len(set(collection["crs"])) == len(collection["crs"]) >= 6, collection["crs"])
        for uri in collection["crs"]:
            well_formed(uri)


@method("crs.discovery.collection.DiscoveryCollectionCrsUri.verifyCollectionCrsIdentifierOfStorageCrsProperty")
def _(town):
    for collection in alone(town):
        if "storageCrs" in collection:
            well_formed(collection["storageCrs"])


@method("crs.discovery.collection.DiscoveryCollectionStorageCrs.verifyCollectionCrsIdentifierOfCrsProperty")
def _(town):
    for collection in alone(town):
        need(collection.get("storageCrs", CRS84) in collection["crs"], collection["id"])
    need(any("storageCrs" in each for each in alone(town)), "no collection says how it is stored")


@method("crs.discovery.collection.DiscoveryCollectionDefaultCrs.verifyCollectionCrsIdentifierOfCrsProperty")
def _(town):
    for collection in alone(town):
        need(collection["crs"][0] == CRS84, collection["id"])


@method("crs.discovery.collections.DiscoveryCollectionsCrsUri.verifyCollectionsCrsIdentifierOfCrsProperty")
def _(town):
    for uri in town.collections["crs"]:
        well_formed(uri)


@method(
    "crs.discovery.collections.DiscoveryCollectionsCrsUri.verifyCollectionsCrsIdentifierOfStorageCrs",
    "crs.discovery.collections.DiscoveryCollectionsCrsUri.verifyCollectionsCollectionCrsIdentifierOfStorageCrs")
def _(town):
    for collection in town.collections["collections"]:
        if "storageCrs" in collection:
            well_formed(collection["storageCrs"])


@method("crs.discovery.collections.DiscoveryCollectionsCrsUri.verifyCollectionsCollectionCrsIdentifierOfCrsProperty")
def _(town):
    for collection in town.collections["collections"]:
        for uri in collection["crs"]:
            well_formed(uri)


@method("crs.discovery.collections.DiscoveryCollectionsStorageCrs.verifyCollectionsPathCollectionCrsPropertyContainsStorageCrs")
def _(town):
    for collection in town.collections["collections"]:
        need(collection.get("storageCrs", CRS84) in collection["crs"], collection["id"])


@method("crs.discovery.collections.DiscoveryCollectionsDefaultCrs.verifyCollectionsPathCollectionCrsPropertyContainsDefaultCrs")
def _(town):
    for collection in town.collections["collections"]:
        need(CRS84 in collection["crs"], collection["id"])


def box_in(collection, uri):
    """A quarter of the collection's extent in another CRS, in that CRS's axis order: from the corners, carried by PROJ."""
    west, south, east, north = collection["extent"]["spatial"]["bbox"][0]
    inside = [(west + (east - west) / 4, south + (north - south) / 4), (west + 3 * (east - west) / 4, south + 3 * (north - south) / 4)]
    return inside, [number for place in transformed(inside, "OGC:CRS84", short(uri)) for number in place]


@method("crs.query.bboxcrs.BBoxCrsParameter.verifyBboxCrsParameter")
def _(town):
    for collection in town.tested:
        for uri in collection["crs"]:
            inside, box = box_in(collection, uri)
            there = town.client.json(town.items(collection), GEOJSON, bbox=",".join(map(repr, box)), limit=10000, **{"bbox-crs": uri})
            here = town.client.json(town.items(collection), GEOJSON, bbox=",".join(repr(n) for place in inside for n in place), limit=10000)
            # A box of one CRS is no box of another: edges bend and turn, so features at its edges may differ.
            ids = [{feature["id"] for feature in page["features"]} for page in (here, there)]
            need(len(ids[0]) > 0 and len(ids[0] ^ ids[1]) <= max(4, 0.1 * len(ids[0])), f"{collection['id']} {uri}: {len(ids[0])}, {len(ids[1])}")


@method("crs.query.bboxcrs.BBoxCrsParameter.verifyBboxCrsParameterWithDefaultCrs", "crs.query.bboxcrs.BBoxCrsParameterDefault.verifyBboxCrsParameterDefault")
def _(town):
    for collection in town.tested:
        _, box = box_in(collection, CRS84)
        plain = town.client.json(town.items(collection), GEOJSON, bbox=",".join(map(repr, box)))
        stated = town.client.json(town.items(collection), GEOJSON, bbox=",".join(map(repr, box)), **{"bbox-crs": CRS84})
        need(plain["features"] == stated["features"] and plain["numberMatched"] > 0, collection["id"])


@method("crs.query.bboxcrs.BBoxCrsParameterInvalid.verifyBboxCrsParameterInvalid")
def _(town):
    for uri in ("http://www.opengis.net/def/crs/0/unknown", "http://www.opengis.net/def/crs/EPSG/0/0", ""):
        answer = town.client.ask(town.items(town.tested[0]), GEOJSON, bbox="1,2,3,4", **{"bbox-crs": uri})
        need(answer.status == 400, f"{uri}: {answer.status}")


def targets(town, whole):
    for collection in town.tested:
        yield collection, (town.items(collection) + "?limit=20" if whole else one(town, collection)[1])


def valid_crs(whole):
    def check(town):
        for collection, target in targets(town, whole):
            for uri in collection["crs"]:
                answer = town.client.ask(target, GEOJSON, crs=uri)
                need(answer.status == 200 and answer.headers["Content-Crs"] == f"<{uri}>", f"{target} {uri}: {answer.status}")
    return check


def default_crs(whole):
    def check(town):
        for _, target in targets(town, whole):
            need(town.client.ask(target, GEOJSON).headers["Content-Crs"] == f"<{CRS84}>", target)
    return check


def wrong_crs(whole):
    def check(town):
        for _, target in targets(town, whole):
            for uri in ("http://www.opengis.net/def/crs/0/unknown", "http://www.opengis.net/def/crs/EPSG/0/0", ""):
                answer = town.client.ask(target, GEOJSON, crs=uri)
                need(answer.status == 400 and answer.json()["parameter"] == "crs", f"{target} {uri}: {answer.status}")
    return check


def carried(whole):
    def check(town):
        for collection, target in targets(town, whole):
            plain = town.client.json(target, GEOJSON)
            before = [place for each in plain.get("features", [plain]) for place in positions(each["geometry"])]
            for uri in collection["crs"]:
                there = town.client.json(target, GEOJSON, crs=uri)
                after = [place for each in there.get("features", [there]) for place in positions(each["geometry"])]
                wanted = transformed(before, "OGC:CRS84", short(uri))
                least = 2e-8 if abs(wanted[0][0]) <= 180 else 2e-3
                worst = max(max(abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in zip(after, wanted, strict=True))
                need(worst <= least, f"{target} {uri}: off by {worst}")
    return check


def plain_geometry(whole):
    def check(town):
        for collection, target in targets(town, whole):
            plain, stated = town.client.json(target, GEOJSON), town.client.json(target, GEOJSON, crs=CRS84)
            for a, b in zip(plain.get("features", [plain]), stated.get("features", [stated]), strict=True):
                need(a["geometry"] == b["geometry"], target)
    return check


for kind, whole in (("feature", False), ("features", True)):
    name = kind.capitalize()
    start = f"crs.query.crs.{kind}.{name}CrsParameter"
    method(f"{start}.verify{name}CrsParameter")(valid_crs(whole))
    method(f"{start}Default.verify{name}CrsParameterDefault")(default_crs(whole))
    method(f"{start}Invalid.verify{name}CrsParameterInvalid")(wrong_crs(whole))
    method(f"{start}Transform.verify{name}CrsParameterTransformWithCrsParameter")(carried(whole))
    method(f"{start}Transform.verify{name}CrsParameterTransformWithoutCrsParameter")(plain_geometry(whole))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workmap", type=pathlib.Path)
    parser.add_argument("--corpora", type=pathlib.Path, default=repository().parent / "shared/corpora")
    parser.add_argument("--data", type=pathlib.Path, help="where a demo hamlet lies already")
    arguments = parser.parse_args()
    needed("cs2cs", "proj-bin")
    checks = Checks()
    schemas = Schemas(arguments.corpora) if (arguments.corpora / LIST).exists() else None
    if schemas:
        listed = {each["test"].removeprefix("conformance.") for each in json.loads((arguments.corpora / LIST).read_text())}
        checks.check("every method of the suite is walked", set(METHODS) == listed, sorted(set(METHODS) ^ listed) or len(listed))
    else:
        print("skipped: ../shared/corpora not present; documents are not validated", flush=True)
    with tempfile.TemporaryDirectory(prefix="workmap-ets-") as data:
        if not arguments.data:
            subprocess.run([str(arguments.workmap), "demo", "--scale", "hamlet", "--data", data], check=True, capture_output=True)
        with ServedMap(arguments.workmap, arguments.data or data) as service:
            town = Town(Client(service.base), schemas)
            for name, check in METHODS.items():
                try:
                    check(town)
                    checks.check(name, True)
                except Exception as failure:  # whatever goes wrong is this method's failure, and the others go on
                    checks.check(name, False, f"{type(failure).__name__}: {failure}"[:400])
    raise SystemExit(checks.end())


if __name__ == "__main__":
    main()
