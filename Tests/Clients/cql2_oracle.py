#!/usr/bin/env python3
"""Compares filters with the reader and the judge of CQL2 that others wrote: `cql2` from PyPI.

    cql2_oracle.py WORKMAP [--data DIR] [--seed N] [--rounds N]

Expressions by chance over collections of the demo hamlet, a class of CQL2 each and mixed. Every one is sent as text, as the JSON that
cql2 makes of it, and as the text that cql2 makes of that JSON: the service has to select the same features for all three. Where cql2 has
an opinion of a feature, it has to be the service's. Broken expressions are refused by both or by neither. What differs is told with its
reason in DIFFERENCES, or is a failure. Exit code 0 when nothing is unexplained.
"""
import argparse
import collections
import dataclasses
import datetime
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

import cql2

from cql2_expressions import Expressions
from served_map import Checks, ServedMap

COLLECTIONS = ["base.building", "house", "unit", "placename", "admin.town", "bikeparking"]
ROUNDS = 120  # expressions a collection
BROKEN = 60  # broken ones a collection
SAMPLE = 60  # features a collection that cql2 judges
SEED = 210651

LOGIC = {"and", "or", "not"}
COMPARISONS = {"=", "<>", "<", ">", "<=", ">=", "like", "between", "in"}
WORDS = {"and", "or", "not", "in", "is", "like", "between", "null", "div", "true", "false"}
ARITHMETIC = {"+", "-", "*", "/", "^", "%", "div"}


def nodes(tree):
    """Every part of an expression with the operator that it is an argument of."""
    waiting = [(None, tree)]
    while waiting:
        above, node = waiting.pop()
        yield above, node
        if isinstance(node, dict) and "op" in node:
            waiting += [(node["op"].lower(), each) for each in node["args"]]
        elif isinstance(node, list):
            waiting += [(above, each) for each in node]
        elif isinstance(node, dict) and "interval" in node:
            waiting += [("interval", each) for each in node["interval"]]


def operator(node):
    return node["op"].lower() if isinstance(node, dict) and "op" in node else None


def is_function(node):
    name = operator(node)
    return name is not None and not is_predicate(node) and name not in ARITHMETIC | {"casei", "accenti"}


def is_predicate(node):
    name = operator(node) or ""
    return name in LOGIC | COMPARISONS or name == "isnull" or name[:2] in ("s_", "t_", "a_")


# What the grammar of OGC 21-065r2 annex B has at each place; functions and properties may give anything.

def is_open(node):
    return isinstance(node, dict) and "property" in node or is_function(node)


def is_condition(node):
    if isinstance(node, bool) or is_function(node):
        return True
    name = operator(node)
    if name is None or not is_predicate(node):
        return False
    if name == "isnull":
        return True
    if name == "like":
        return is_character(node["args"][0]) and is_pattern(node["args"][1])
    if name == "in":
        return is_scalar(node["args"][0]) and all(map(is_scalar, node["args"][1]))
    wanted = is_condition if name in LOGIC else is_number if name == "between" else is_scalar if name in COMPARISONS else {
        "s_": is_geometry, "t_": is_time, "a_": is_array}[name[:2]]
    return all(map(wanted, node["args"]))


def is_number(node):
    if operator(node) in ARITHMETIC:
        return all(map(is_number, node["args"]))
    return isinstance(node, (int, float)) and not isinstance(node, bool) or is_open(node)


def is_character(node):
    return isinstance(node, str) or is_open(node) or operator(node) in ("casei", "accenti") and is_character(node["args"][0])


def is_pattern(node):
    return isinstance(node, str) or operator(node) in ("casei", "accenti") and is_pattern(node["args"][0])


def is_scalar(node):
    return isinstance(node, bool) or is_number(node) or is_character(node) or isinstance(node, dict) and ("date" in node or "timestamp" in node)


def is_geometry(node):
    return is_open(node) or isinstance(node, dict) and ("coordinates" in node or "geometries" in node or "bbox" in node)


def is_time(node):
    return is_open(node) or isinstance(node, dict) and any(each in node for each in ("date", "timestamp", "interval"))


def is_array(node):
    return is_open(node) or isinstance(node, list)


def rings(node):
    if isinstance(node, dict) and node.get("type") == "Polygon":
        yield from node["coordinates"]
    elif isinstance(node, dict) and node.get("type") == "MultiPolygon":
        for polygon in node["coordinates"]:
            yield from polygon
    elif isinstance(node, dict) and node.get("type") == "GeometryCollection":
        for part in node["geometries"]:
            yield from rings(part)


def is_moment(text):
    if not isinstance(text, str):
        return False
    try:
        datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        return re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+Z)?", text) is not None
    except ValueError:
        return False


def times(node):
    """All dates and times in a predicate."""
    return [text for above, part in nodes(node) for text in moments(above, part) if isinstance(text, str)]


def any_node(holds):
    return lambda difference: any(holds(above, node) for above, node in nodes(difference.tree))


def moments(above, node):
    if above == "interval":
        return [node] if isinstance(node, str) and node != ".." else []
    return [node[each] for each in ("date", "timestamp") if isinstance(node, dict) and each in node]


# Where the two differ for a reason: name, in what, when, why. All of the conditions look at what cql2 has understood, so that nothing
# else hides behind them.
DIFFERENCES = [
    ("double NOT", {"text again"}, lambda d: re.search(r"\bNOT NOT\b", d.form),
     "cql2 writes NOT NOT x without parentheses; the grammar has one NOT before a primary (21-065r2 annex B, booleanFactor)"),
    ("div as a function", {"text again"}, lambda d: "div(" in d.form, "cql2 writes a div b as div(a, b); in the grammar div is an operator"),
    ("mixed collection", {"reading"}, lambda d: "GEOMETRYCOLLECTION" in d.text and "混合的集合" in str(d.ours),
     "relations of collections of several dimensions are not defined by simple features; workmap refuses what GEOS refuses"),
    ("day and moment", {"matching"}, any_node(lambda above, node: (operator(node) or "")[:2] == "t_" and len({len(text) > 10 for text in times(node)}) == 2),
     "a day beside a time is the whole day to workmap, as intervals of days are closed; to cql2 it is the day's first moment"),
    ("another kind", {"broken"}, lambda d: d.tree is not None and not is_condition(d.tree),
     "cql2 takes operands of any kind, a property for a condition, a predicate for a value; the grammar says of which kind each one is"),
    ("open ring", {"broken"}, any_node(lambda above, node: any(ring[0] != ring[-1] or len(ring) < 4 for ring in rings(node))),
     "cql2 takes rings that do not end where they began"),
    ("no moment", {"broken"}, any_node(lambda above, node: any(not is_moment(text) for text in moments(above, node))), "cql2 takes any text for a date or a time"),
    ("no blank", {"broken"}, lambda d: re.search(r"\d(AND|OR|NOT|IN|LIKE|BETWEEN|DIV|IS)\b|\b(AND|OR|NOT|BETWEEN|DIV|IS)(\d|[A-Za-z])", d.text, re.IGNORECASE),
     "cql2 ends a word of the language where something else begins, and a number where a word begins"),
    ("number with its point first", {"broken"}, lambda d: d.tree is None and re.search(r"(?<!\d)\.\d", d.text),
     "the grammar has .5 for a number (decimalNumericLiteral), which cql2 does not read"),
    ("two and three ordinates", {"broken"}, lambda d: d.tree is None and re.search(r"-?\d[\d.]* -?\d[\d.]* -?\d", d.text),
     "cql2 wants positions of one geometry to have as many ordinates as each other; the grammar does not"),
    ("name with a line before it", {"broken"}, lambda d: d.tree is None and re.search(r"(?<!\w)_\w+\(", d.text),
     "the grammar has names that begin with a low line (identifierStart), which cql2 does not read as functions"),
    ("word as a name", {"broken"}, any_node(lambda above, node: isinstance(node, dict) and str(node.get("property")).lower() in WORDS),
     "cql2 takes words of the language for names without quotes"),
    ("number of numbers", {"broken"}, any_node(lambda above, node: isinstance(node, dict) and len(node.get("bbox", [0] * 4)) not in (4, 6)),
     "cql2 takes boxes of any number of numbers"),
]


@dataclasses.dataclass
class Difference:
    what: str
    text: str
    form: str
    tree: object
    ours: object


class Oracle:
    def __init__(self, served, checks, seed, rounds):
        self.served, self.checks, self.rounds = served, checks, rounds
        self.random = random.Random(seed)
        self.counts, self.explained, self.failures = collections.Counter(), collections.Counter(), []

    def ids(self, collection, expression, language="cql2-text"):
        """The ids that the service selects, or its refusal as text."""
        query = urllib.parse.urlencode({"f": "json", "limit": 10000, "filter-lang": language, "filter": expression})
        try:
            with urllib.request.urlopen(f"{self.served.base}/collections/{collection}/items?{query}", timeout=60) as answer:
                return {feature["id"] for feature in json.load(answer)["features"]}
        except urllib.error.HTTPError as refusal:
            problem = json.load(refusal)
            if refusal.code != 400:
                raise SystemExit(f"{refusal.code} for {expression}: {problem}")
            return problem["detail"]

    def differs(self, what, collection, text, ours, theirs, tree=None, form=""):
        difference = Difference(what, text, form, tree, ours)
        for name, where, applies, _ in DIFFERENCES:
            if what in where and applies(difference):
                self.explained[name] += 1
                return
        self.failures.append(f"{what} of {collection}: {text}\n       workmap: {str(ours)[:300]}\n       cql2: {str(theirs)[:300]}")

    def expression(self, collection, text, classes, sample):
        ours = self.ids(collection, text)
        try:
            parsed = cql2.parse_text(text)
            tree = parsed.to_json()
        except Exception as error:
            return self.differs("reading", collection, text, ours if isinstance(ours, str) else "taken", error)
        if isinstance(ours, str):
            return self.differs("reading", collection, text, ours, "taken", tree)
        self.counts["read by both"] += 1
        for what, form, language in (("JSON", json.dumps(tree, ensure_ascii=False), "cql2-json"), ("text again", parsed.to_text(), "cql2-text")):
            other = self.ids(collection, form, language)
            if other == ours:
                self.counts[f"{what}: the same features"] += 1
            else:
                self.differs(what, collection, f"{text} => {form}", len(ours), other if isinstance(other, str) else len(other), tree, form)
        for feature in sample:
            try:
                theirs = parsed.matches(feature)
            except Exception:
                if "functions" in classes:
                    self.counts["features without cql2's opinion"] += 1
                    continue
                # Values that are not there leave something of the expression, which is neither true nor false: not selected.
                theirs = False
                self.counts["features of which nothing can be said"] += 1
            if theirs == (feature["id"] in ours):
                self.counts["features judged alike"] += 1
                for each in classes:
                    self.counts["class " + each] += 1
            else:
                self.differs("matching", collection, text, feature["id"] in ours, f"{theirs} for {feature['id']} {feature['properties']}", tree)
                break

    def broken(self, collection, text):
        ours = self.ids(collection, text)
        # A condition that does not suit the layer has been read, and cql2 knows nothing of layers.
        isRead = not isinstance(ours, str) or re.search("过滤式中的|in the filter", ours) is not None
        tree, theirs = None, True
        try:
            tree = cql2.parse_text(text).to_json()
        except Exception:
            theirs = False
        if isRead == theirs:
            self.counts["broken: read by both" if theirs else "broken: refused by both"] += 1
        else:
            self.differs("broken", collection, text, "read" if isRead else ours, "read" if theirs else "refused", tree)

    def run(self):
        for collection in COLLECTIONS:
            found = self.served.json(f"/collections/{collection}/items?f=json&limit=10000")["features"]
            queryables = self.served.json(f"/collections/{collection}/queryables?f=json")["properties"]
            kinds = {field: what.get("type") for field, what in queryables.items() if what.get("type")}
            sample = self.random.sample(found, min(SAMPLE, len(found)))
            made = Expressions(self.random, found, kinds)
            for _ in range(self.rounds):
                text, classes = made.filter()
                self.expression(collection, text, classes, sample)
            for _ in range(BROKEN):
                self.broken(collection, made.broken(made.filter(1)[0]))
        for name, count in sorted(self.counts.items()):
            print(f"     {count:7} {name}")
        for name, _, _, reason in DIFFERENCES:
            print(f"     {self.explained[name]:7} differ, {name}: {reason}")
        for failure in self.failures[:40]:
            print("FAIL", failure)
        self.checks.check("every difference has a reason", not self.failures, len(self.failures) or "")
        self.checks.check("cql2 had an opinion of most features", self.counts["features judged alike"] > 2 * self.counts["features without cql2's opinion"])
        return self.checks.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workmap", help="the workmap program")
    parser.add_argument("--data", type=pathlib.Path, help="a data directory of the demo hamlet; made where it is missing")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="expressions a collection")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = arguments.data or pathlib.Path(folder) / "hamlet"
        if not arguments.data:
            subprocess.run([arguments.workmap, "demo", "--scale", "hamlet", "--data", str(data)], check=True, capture_output=True)
        with ServedMap(arguments.workmap, data=data) as served:
            return Oracle(served, Checks(), arguments.seed, arguments.rounds).run()


if __name__ == "__main__":
    sys.exit(main())
