"""A plain client of an OGC API: asks, remembers what it was told, and follows links."""
import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
GEOJSON = "application/geo+json"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def type(self):
        return (self.headers.get("Content-Type") or "").split(";")[0]

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    def json(self):
        return json.loads(self.body)


class Client:
    def __init__(self, base):
        self.base = base
        self.asked = {}

    def ask(self, target, accept=None, method="GET", body=None, **query):
        """The answer, whatever its status; the same question is asked once."""
        url = target if target.startswith("http") else self.base + target
        if query:
            url += ("&" if "?" in url else "?") + urllib.parse.urlencode(query)
        key = (url, accept, method, body)
        if key not in self.asked:
            request = urllib.request.Request(url, method=method, data=body, headers={"Accept": accept} if accept else {})
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    self.asked[key] = Answer(answer.status, answer.headers, answer.read())
            except urllib.error.HTTPError as error:
                self.asked[key] = Answer(error.code, error.headers, error.read())
        return self.asked[key]

    def json(self, target, accept="application/json", **query):
        answer = self.ask(target, accept, **query)
        assert answer.status == 200, f"{target} answers {answer.status}: {answer.text[:200]}"
        return answer.json()


def links(document, rel):
    return [link for link in document.get("links", []) if link.get("rel") == rel]


def transformed(positions, source, target):
    """Positions carried by PROJ's cs2cs, in and out in the authorities' own axis orders."""
    lines = "\n".join(f"{x!r} {y!r}" for x, y in positions)
    done = subprocess.run(["cs2cs", "-f", "%.10f", source, target], input=lines, capture_output=True, text=True, check=True)
    return [tuple(map(float, line.split()[:2])) for line in done.stdout.splitlines()]


def short(uri):
    """`EPSG:4547` of a CRS's URI."""
    parts = uri.split("/")
    return f"{parts[-3]}:{parts[-1]}"


def positions(geometry):
    """All positions of a GeoJSON geometry, in order."""
    if geometry is None:
        return []
    if geometry["type"] == "GeometryCollection":
        return [each for one in geometry["geometries"] for each in positions(one)]

    def flat(value):
        return [tuple(value[:2])] if isinstance(value[0], (int, float)) else [each for one in value for each in flat(one)]

    return flat(geometry["coordinates"]) if geometry["coordinates"] else []
