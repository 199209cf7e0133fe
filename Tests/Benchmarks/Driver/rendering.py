"""What the scripts of the renderers that are measured share: which tiles, what is counted, how it is told."""
import json
import sys


class Rendering:
    def __init__(self, words):
        if len(words) < 4 or words[3] not in ("single", "meta"):
            raise SystemExit(f"usage: {words[0]} PEERS LEVEL single|meta [PICTURE]")
        self.peers, self.level, self.kind = words[1], words[2], words[3]
        self.picture = words[4] if len(words) > 4 else None
        sys.path.insert(0, self.peers + "/bench")
        import benchlib

        self.benchlib = benchlib

    @property
    def tiles_across(self):
        return 1 if self.kind == "single" else 8

    def box(self, tile, across=1):
        """West, south, east, north in EPSG:3857."""
        return self.benchlib.bbox3857(tile[0], tile[1], tile[2], across)

    def run(self, single, meta, daemons=()):
        draw = single if self.kind == "single" else meta
        lists = self.benchlib.tiles()["tiles" if self.kind == "single" else "meta"]
        tiles = lists[self.level]
        result = self.benchlib.run(lambda tile: len(draw(tile)), tiles, passes=2, cpu_of=list(daemons), budget=40)
        if self.picture:
            fullest = max(lists[self.level], key=lambda tile: tile[3] if len(tile) > 3 else 0)
            with open(self.picture, "wb") as file:
                file.write(single(fullest))
        count = self.tiles_across**2
        print(
            json.dumps(
                dict(
                    z=int(self.level), n=result["n"], kind=self.kind, cpu_ms=round(result["cpu_ms"] / count, 3),
                    bytes=result["bytes"] // count)))
