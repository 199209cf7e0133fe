"""JSON schemas of OGC's standards, read where they lie in the corpora, and what a document says against them."""
import json
import pathlib

import jsonschema
import yaml

FEATURES = "ogc-schemas/features-core/openapi/schemas"
TILESETS = "ogc-schemas/tms-2.0/json"
TILES = "ogc-schemas/tiles/schemas/tms"


class Schemas:
    """Schemas by folder and name, with their references to neighbours put in place."""

    def __init__(self, corpora):
        self.corpora = pathlib.Path(corpora)
        self.known = {}

    def schema(self, folder, name):
        path = (self.corpora / folder / name).resolve()
        if path not in self.known:
            self.known[path] = self._whole(path, [])
        return self.known[path]

    def complaints(self, document, folder, name):
        """At most five sentences; none for a document that is valid."""
        validator = jsonschema.Draft202012Validator(self.schema(folder, name))
        return [f"{'/'.join(map(str, error.path))}: {error.message[:160]}" for error in list(validator.iter_errors(document))[:5]]

    def _whole(self, path, way):
        text = path.read_text(encoding="utf-8")
        content = yaml.safe_load(text) if path.suffix == ".yaml" else json.loads(text)
        return self._resolved(content, path, way + [path])

    def _resolved(self, value, path, way):
        if isinstance(value, list):
            return [self._resolved(each, path, way) for each in value]
        if not isinstance(value, dict):
            return value
        reference = value.get("$ref")
        if isinstance(reference, str) and not reference.startswith("#"):
            if reference.startswith("http"):
                return {}  # of another standard, not at hand
            target = (path.parent / reference.split("#")[0]).resolve()
            # A schema that holds itself is checked one level deep.
            return {} if target in way or not target.exists() else self._whole(target, way)
        if isinstance(reference, str):
            return {}
        out = {key: self._resolved(each, path, way) for key, each in value.items() if key != "$schema"}
        # YAML reads the bare word null as no value.
        if "type" in out and (out["type"] is None or isinstance(out["type"], list)):
            out["type"] = ["null" if each is None else each for each in out["type"] or [None]]
        if out.pop("nullable", False) and isinstance(out.get("type"), str):
            out["type"] = [out["type"], "null"]
        if isinstance(out.get("exclusiveMinimum"), bool):
            del out["exclusiveMinimum"]
        return out
