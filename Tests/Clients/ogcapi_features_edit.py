#!/usr/bin/env python3
"""Changes features over OGC API - Features part 4 as a black box.

    ogcapi_features_edit.py WORKMAP [--data DIR]

Makes the demo hamlet, or takes a data directory that holds one (of which a copy is changed), serves it writable on a free loopback
port, and does to it what each abstract test of the draft 20-002r1 describes, one line a test, by the test's name. OWSLib makes,
replaces and removes a feature by itself; GDAL, whose OAPIF driver only reads, reads every change back, from features and from vector
tiles. Many writers with the same entity tag: one wins. Exit code 0 when every check holds.
"""
import argparse
import concurrent.futures
import json
import pathlib
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

from owslib.ogcapi.features import Features

from ogcapi_client import CRS84, GEOJSON, short, transformed
from served_map import Checks, ServedMap, needed

CLASSES = "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/"
CLAIMED = {"create-replace-delete", "update", "optimistic-locking-etags", "handling", "return-resource-representation-in-response", "features"}
MERGE_PATCH = "application/merge-patch+json"
TOKEN = "a-token-of-the-clients"
PLACE = (113.6852, 22.9947)
LAYER = "placename"
TESTS = {}


def test(name):
    def keep(check):
        TESTS[name] = check
        return check
    return keep


def need(holds, complaint=""):
    if not holds:
        raise AssertionError(complaint)


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f"{self.status} {self.body[:300].decode('utf-8', 'replace')}"


class Town:
    """The service and a writer who has the token."""

    def __init__(self, base):
        self.base = base
        self.items = f"{base}/collections/{LAYER}/items"

    def ask(self, method, url, body=None, type=None, **headers):
        sent = {"Authorization": f"Bearer {TOKEN}", **{name.replace("_", "-"): value for name, value in headers.items()}}
        if type:
            sent["Content-Type"] = type
        data = json.dumps(body).encode() if isinstance(body, (dict, list)) else body
        request = urllib.request.Request(url, data=data, method=method, headers=sent)
        if data is not None and not type:
            # urllib would say that it is a form.
            request.add_unredirected_header("Content-Type", "")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read())

    def get(self, url, **headers):
        return self.ask("GET", url, **headers)

    def ids(self):
        page = self.get(self.items + "?limit=10000").json()
        return {each["id"] for each in page["features"]}

    def post(self, body, type=GEOJSON, **headers):
        return self.ask("POST", self.items, body, type, **headers)

    def made(self, name="新地名", **more):
        """The address and the tag of a feature made for a test."""
        answer = self.post(feature(name, **more))
        need(answer.status == 201, answer)
        return answer.headers["Location"], answer.headers["ETag"]


def feature(name, place=PLACE, **properties):
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": list(place)}, "properties": {"name": name, **properties}}


def is_like(answer, wanted, precision=1e-7):
    """Whether an answer is a representation of what was sent."""
    document = answer.json()
    here, there = document["geometry"]["coordinates"], wanted["geometry"]["coordinates"]
    return answer.status == 200 and all(document["properties"].get(k) == v for k, v in wanted["properties"].items()) and all(
        abs(a - b) <= precision for a, b in zip(here, there))


# Create, replace, delete


@test("create-replace-delete/options")
def _(town):
    one, _ = town.made()
    for url, wanted in ((town.items, {"POST"}), (one, {"PUT", "PATCH", "DELETE"})):
        answer = town.ask("OPTIONS", url)
        need(answer.status == 200 and wanted <= set(answer.headers["Allow"].split(", ")), answer.headers)
    need(GEOJSON in town.ask("OPTIONS", town.items).headers["Accept-Post"])


@test("create-replace-delete/create")
def _(town):
    before = town.ids()
    for sent in (feature("甲地"), {"id": 990_001, **feature("乙地")}):
        answer = town.post(sent)
        need(answer.status == 201, answer)
        url = answer.headers["Location"]
        need(is_like(town.get(url), sent), town.get(url))
        new = int(url.rsplit("/", 1)[1])
        need(new not in before and new in town.ids() and town.get(url).json()["id"] == new)


@test("create-replace-delete/create-content-type")
def _(town):
    before = town.ids()
    answer = town.ask("POST", town.items, feature("甲地"))
    need(answer.status == 400 and town.ids() == before, answer)


@test("create-replace-delete/replace")
def _(town):
    url, _ = town.made()
    sent = feature("丙地", (113.6861, 22.9951))
    answer = town.ask("PUT", url, sent, GEOJSON)
    need(answer.status == 204 and is_like(town.get(url), sent), answer)


@test("create-replace-delete/replace-content-type")
def _(town):
    url, _ = town.made()
    need(town.ask("PUT", url, feature("丙地")).status == 400)


@test("create-replace-delete/replace-rid")
def _(town):
    url, tag = town.made()
    answer = town.ask("PUT", url, {"id": 1, **feature("丙地")}, GEOJSON)
    need(answer.status == 422 and town.get(url).headers["ETag"] == tag, answer)


@test("create-replace-delete/replace-exceptions")
def _(town):
    for headers in ({}, {"If_Match": '"xyz"'}):
        url = f"{town.items}/987654321"
        answer = town.ask("PUT", url, feature("丙地"), GEOJSON, **headers)
        need(answer.status == 404 and town.get(url).status == 404, answer)


@test("create-replace-delete/delete")
def _(town):
    url, _ = town.made()
    need(town.ask("DELETE", url).status == 204 and town.get(url).status == 404)


# Update


@test("update/options")
def _(town):
    url, _ = town.made()
    answer = town.ask("OPTIONS", url)
    need(answer.status == 200 and "PATCH" in answer.headers["Allow"] and answer.headers["Accept-Patch"] == MERGE_PATCH)


@test("update/update")
def _(town):
    url, _ = town.made(rank=3)
    before = town.get(url).json()
    answer = town.ask("PATCH", url, {"properties": {"name": "改名"}}, MERGE_PATCH)
    after = town.get(url).json()
    need(answer.status == 204 and after["properties"] == {**before["properties"], "name": "改名"} and after["geometry"] == before["geometry"], after)


@test("update/update-content-type")
def _(town):
    url, tag = town.made()
    need(town.ask("PATCH", url, {"properties": {"name": "改名"}}).status == 400 and town.get(url).headers["ETag"] == tag)


@test("update/update-rid")
def _(town):
    url, tag = town.made()
    need(town.ask("PATCH", url, {"id": 1}, MERGE_PATCH).status == 422 and town.get(url).headers["ETag"] == tag)


# Optimistic locking


@test("optimistic-locking-etags/get-etag")
def _(town):
    url, tag = town.made()
    need(town.get(url).headers["ETag"] == tag and town.ask("HEAD", url).headers["ETag"] == tag and tag.startswith('"'), tag)


@test("optimistic-locking-etags/replace")
def _(town):
    url, tag = town.made()
    locked(town, "PUT", url, tag, feature("锁一"), feature("锁二"), GEOJSON)


@test("optimistic-locking-etags/update")
def _(town):
    url, tag = town.made()
    locked(town, "PATCH", url, tag, {"properties": {"name": "锁一"}}, {"properties": {"name": "锁二"}}, MERGE_PATCH)


def locked(town, method, url, tag, first, second, type):
    need(town.ask(method, url, first, type, If_Match='"0"').status == 412 and town.get(url).headers["ETag"] == tag)
    done = town.ask(method, url, first, type, If_Match=tag)
    need(done.status == 204 and done.headers["ETag"] not in (None, tag) and done.headers["ETag"] == town.get(url).headers["ETag"], done)
    need(town.ask(method, url, second, type).status == 204)
    need(town.ask(method, url, first, type, If_Match=done.headers["ETag"]).status == 412)


@test("optimistic-locking-etags/delete")
def _(town):
    url, tag = town.made()
    need(town.ask("DELETE", url, If_Match='"0"').status == 412 and town.get(url).status == 200)
    need(town.ask("DELETE", url, If_Match=tag).status == 204 and town.get(url).status == 404)
    other, _ = town.made()
    need(town.ask("DELETE", other).status == 204)


# Preferences


@test("handling/prefer")
def _(town):
    for prefer in ({}, {"Prefer": "handling=strict"}, {"Prefer": "handling=lenient"}):
        need(town.post(feature("偏好"), **prefer).status == 201)


@test("handling/strict")
def _(town):
    before = town.ids()
    answer = town.post(feature("偏好", colour="red"), Prefer="handling=strict")
    need(answer.status == 422 and "colour" in answer.json()["detail"] and town.ids() == before, answer)


@test("handling/lenient")
def _(town):
    need(town.post(feature("偏好", colour="red"), Prefer="handling=lenient").status == 201)


@test("handling/preference-applied")
def _(town):
    need(town.post(feature("偏好", colour="red"), Prefer="handling=strict").headers["Preference-Applied"] == "handling=strict")


@test("return-resource-representation-in-response/prefer")
def _(town):
    for prefer in ({}, {"Prefer": "return=representation"}, {"Prefer": "return=minimal"}):
        need(town.post(feature("偏好"), **prefer).status == 201)


@test("return-resource-representation-in-response/representation")
def _(town):
    sent = feature("偏好")
    answer = town.post(sent, Prefer="return=representation")
    need(answer.status == 201 and answer.body == town.get(answer.headers["Location"]).body and b"\xe5\x81\x8f\xe5\xa5\xbd" in answer.body, answer)
    patched = town.ask("PATCH", answer.headers["Location"], {"properties": {"name": "改"}}, MERGE_PATCH, Prefer="return=representation")
    need(patched.status == 200 and patched.json()["properties"]["name"] == "改", patched)


@test("return-resource-representation-in-response/minimal")
def _(town):
    need(not town.post(feature("偏好"), Prefer="return=minimal").body and not town.post(feature("偏好")).body)


@test("return-resource-representation-in-response/content-negotiation")
def _(town):
    answer = town.post(feature("偏好"), Prefer="return=representation", Accept=GEOJSON)
    need(answer.headers["Content-Type"] == GEOJSON, answer.headers)


@test("return-resource-representation-in-response/preference-applied")
def _(town):
    need(town.post(feature("偏好"), Prefer="return=representation").headers["Preference-Applied"] == "return=representation")


# Features


@test("features/endpoints")
def _(town):
    collections = {each["id"] for each in town.get(f"{town.base}/collections").json()["collections"]}
    need(LAYER in collections and town.ids())


@test("features/crs")
def _(town):
    collection = town.get(f"{town.base}/collections/{LAYER}").json()
    for uri in collection["crs"]:
        # cs2cs has latitude first for geographic CRSs of EPSG, as the authority defines it, and as Content-Crs has it.
        place = PLACE if uri == CRS84 else transformed([PLACE], "OGC:CRS84", short(uri))[0]
        for value in (uri, f"<{uri}>"):
            answer = town.post(feature("坐标", place), Content_Crs=value)
            need(answer.status == 201, f"{uri}: {answer}")
            need(is_like(town.get(answer.headers["Location"]), feature("坐标"), 2e-8), f"{uri}: {town.get(answer.headers['Location'])}")
    need(400 <= town.post(feature("坐标"), Content_Crs="<http://www.opengis.net/def/crs/EPSG/0/2154>").status < 500)


@test("features/schema")
def _(town):
    schema = town.get(f"{town.base}/collections/{LAYER}/schema").json()
    need(schema["additionalProperties"] is False and schema["properties"]["id"]["readOnly"] is True, schema)
    fits = {"string": "文", "integer": 7, "number": 1.5, "boolean": True}
    fields = {name: fits[field["type"]] for name, field in schema["properties"].items() if "type" in field and not field.get("readOnly")}
    sent = {**feature("x"), "properties": fields}
    answer = town.post(sent)
    need(answer.status == 201 and is_like(town.get(answer.headers["Location"]), sent), answer)
    for name in ("colour", "id"):
        need(town.post({**sent, "properties": {**fields, name: 1}}).status == 422)


@test("features/geojson")
def _(town):
    url, tag = town.made()
    need(town.ask("PUT", url, {"id": "other", **feature("丙地")}, GEOJSON).status == 422 and town.get(url).headers["ETag"] == tag)


@test("features/json-merge-patch")
def _(town):
    url, _ = town.made(rank=3)
    patch = {"geometry": {"type": "Point", "coordinates": [113.687, 22.996]}, "properties": {"name": "补丁", "kind": "地", "rank": None}}
    answer = town.ask("PATCH", url, patch, MERGE_PATCH)
    after = town.get(url)
    need(answer.status == 204 and is_like(after, patch), after)
    need(town.ask("PATCH", url, {"id": 3}, MERGE_PATCH).status == 422)


# Other people's programs


def owslib(checks, town):
    client = Features(town.base, headers={"Authorization": f"Bearer {TOKEN}", "Accept": "application/json"})
    before = town.ids()
    client.collection_item_create(LAYER, feature("奥斯利布"))
    new = town.ids() - before
    checks.check("OWSLib makes a feature", len(new) == 1, new)
    one = str(new.pop())
    checks.check("OWSLib reads it", client.collection_item(LAYER, one)["properties"]["name"] == "奥斯利布")
    client.collection_item_update(LAYER, one, json.dumps(feature("奥斯利布二")))
    checks.check("OWSLib replaces it", client.collection_item(LAYER, one)["properties"]["name"] == "奥斯利布二")
    client.collection_item_delete(LAYER, one)
    checks.check("OWSLib removes it", town.ids() == before)


def gdal(checks, town, scratch):
    def read(*arguments):
        return subprocess.run(["ogrinfo", "-ro", "-al", *arguments], capture_output=True, text=True, timeout=120).stdout

    source = f"OAPIF:{town.base}/collections/{LAYER}"
    url, _ = town.made("高德尔")
    checks.check("GDAL reads a new feature", "= 高德尔" in read("-where", "name = '高德尔'", source))
    town.ask("PATCH", url, {"properties": {"name": "高德尔二"}}, MERGE_PATCH)
    shown = read("-where", "name = '高德尔二'", source)
    checks.check("GDAL reads a change", f"POINT ({PLACE[0]} {PLACE[1]})" in shown, shown[-200:] if "POINT" not in shown else "")
    tile = scratch / "tile.mvt"
    for wanted in (True, False):
        # The level-16 tile of the plane of longitudes and latitudes that holds the place.
        column, row = int((PLACE[0] + 180) / 360 * 2**16), int((90 - PLACE[1]) / 360 * 2**16)
        answer = town.get(f"{town.base}/wmts/1.0.0/standard/default/c/16/{row}/{column}.mvt")
        tile.write_bytes(answer.body)
        checks.check(f"GDAL finds it {'in' if wanted else 'no more in'} the vector tile", ("高德尔二" in read(str(tile))) == wanted)
        town.ask("DELETE", url)
    checks.check("GDAL reads that it is gone", "= 高德尔二" not in read("-where", "name = '高德尔二'", source))


def writers(checks, town):
    url, tag = town.made("争先")
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        def write(n):
            return town.ask("PATCH", url, {"properties": {"name": f"争先{n}"}}, MERGE_PATCH, If_Match=tag).status
        statuses = list(pool.map(write, range(16)))
    checks.check("of 16 writers with one entity tag one wins", sorted(statuses) == [204] + [412] * 15, statuses)
    won = statuses.index(204)
    checks.check("what the winner sent is there", town.get(url).json()["properties"]["name"] == f"争先{won}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workmap", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path, help="where a demo hamlet lies already; it is copied")
    arguments = parser.parse_args()
    needed("ogrinfo", "gdal-bin")
    needed("cs2cs", "proj-bin")
    checks = Checks()
    with tempfile.TemporaryDirectory(prefix="workmap-edit-") as scratch:
        data, secret = pathlib.Path(scratch) / "data", pathlib.Path(scratch) / "token"
        if arguments.data:
            shutil.copytree(arguments.data, data)
        else:
            subprocess.run([str(arguments.workmap), "demo", "--scale", "hamlet", "--data", str(data)], check=True, capture_output=True)
        secret.touch(0o600)
        secret.write_text(TOKEN + "\n")
        refused = subprocess.run(
            [str(arguments.workmap), "serve", "--data", str(data), "--writable", "all"], capture_output=True, text=True, timeout=60)
        checks.check("nobody serves writable without a token", refused.returncode != 0 and "--admin-token-file" in refused.stderr)
        with ServedMap(arguments.workmap, data, options=["--writable", "all", "--admin-token-file", str(secret)]) as service:
            town = Town(service.base)
            claimed = {each.removeprefix(CLASSES) for each in service.json("/conformance")["conformsTo"] if each.startswith(CLASSES)}
            checks.check("the classes of the draft are claimed", claimed == CLAIMED, claimed ^ CLAIMED or "")
            for name, run in TESTS.items():
                try:
                    run(town)
                    checks.check(name, True)
                except (AssertionError, KeyError, ValueError, TypeError) as error:
                    checks.check(name, False, repr(error))
            owslib(checks, town)
            gdal(checks, town, pathlib.Path(scratch))
            writers(checks, town)
    raise SystemExit(checks.end())


if __name__ == "__main__":
    main()
