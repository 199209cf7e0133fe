"""What the pages with OpenLayers, Leaflet and MapLibre GL JS show, a case a map, and what each has to know."""
import functools

from wms_clients import carried
from wmts_clients import SQUARE, mercator

OFF = (37.3, -21.6)
"""Where the square's middle lies beside the map's, in pixels: not at whole ones."""
HAMLET = [113.6845, 22.9940]
METRES = 156543.03392804097 / 2 ** 18
DEGREES = 1.40625 / 2 ** 18
RESOLUTIONS = {"EPSG:3857": METRES, "EPSG:4490": DEGREES, "EPSG:4326": DEGREES, "CRS:84": DEGREES, "EPSG:4547": METRES}
KEYED = "/vec_{0}/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET={0}&FORMAT=tiles" \
    "&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk=x"
KEYED_C, KEYED_W = KEYED.format("c"), KEYED.format("w")
DATA_SERVER = "/DataServer?T=vec_c&x={x}&y={y}&l={z}"
XYZ = "/tiles/standard/{z}/{x}/{y}.png"
TMS, TMS_C = "/tms/1.0.0/standard/{z}/{x}/{y}.png", "/tms/1.0.0/standard@c/{z}/{x}/{y}.png"
ESRI, ESRI_C = (f"/arcgis/rest/services/standard{ending}/MapServer/tile/{{z}}/{{y}}/{{x}}" for ending in ("", "_c"))
ESRI_VECTOR = "/arcgis/rest/services/standard/VectorTileServer/tile/{z}/{y}/{x}.pbf"
TEMPLATED_WMS = "/wms?SERVICE=WMS&REQUEST=GetMap&VERSION=1.1.1&LAYERS=standard&STYLES=&SRS=EPSG:3857&BBOX={bbox-epsg-3857}" \
    "&WIDTH=256&HEIGHT=256&FORMAT=image/png"


KNOWN = {}
"""What is known not to hold, by the map, and why. What holds after all fails the run until it is struck from here."""


class Case:
    """One map on one page: how it is named, which case of the page it is, in which CRS, and what the case has to know."""

    def __init__(self, client, title, name, system, *, scale=1, tolerance=0.5, **more):
        self.client, self.title, self.name, self.system = client, title, name, system
        self.scale, self.tolerance, self.more = scale, tolerance, more

    @property
    def label(self):
        return f"{self.client} {self.title} {self.system}"


def own_grid(system):
    """OpenLayers' own grid for EPSG:4547 has no level of the wanted resolution, so it reduces tiles."""
    return 1 if system == "EPSG:4547" else 0.5


def openlayers():
    def of(*arguments, **more):
        return Case("openlayers", *arguments, **more)

    for encoding in ("KVP", "REST"):
        yield of(f"WMTS by capabilities, {encoding}", "wmts", "EPSG:3857", set="w", encoding=encoding)
        yield of(f"WMTS by capabilities, {encoding}", "wmts", "EPSG:4490", set="c", encoding=encoding)
        yield of(f"WMTS by capabilities, {encoding}", "wmts", "EPSG:4547", set="CGCS2000GK114", encoding=encoding)
    yield of("WMTS by capabilities, KVP", "wmts", "CRS:84", set="WorldCRS84Quad", encoding="KVP")
    yield of("WMTS between two levels", "wmts", "EPSG:4490", set="c", encoding="KVP", scale=1.3, tolerance=1)
    yield of("Tianditu WMTS with identifiers from 1", "tianditu", "EPSG:4490")
    yield of("Tianditu template", "template", "EPSG:4490", template=KEYED_C)
    yield of("Tianditu template", "template", "EPSG:3857", template=KEYED_W)
    yield of("Tianditu DataServer", "template", "EPSG:4490", template=DATA_SERVER)
    for version in ("1.1.1", "1.3.0"):
        for system in ("EPSG:4490", "EPSG:4547", "EPSG:3857"):
            yield of(f"WMS {version} in one image", "imageWMS", system, version=version)
            yield of(f"WMS {version} in tiles", "tileWMS", system, version=version, tolerance=own_grid(system))
            yield of(f"WMS {version} GetFeatureInfo and GetLegendGraphic", "information", system, version=version)
    yield of("XYZ", "template", "EPSG:3857", template=XYZ)
    yield of("XYZ as OSM", "osm", "EPSG:3857")
    yield of("TMS", "template", "EPSG:3857", template=TMS.replace("{y}", "{-y}"))
    yield of("TMS", "template", "EPSG:4490", template=TMS_C.replace("{y}", "{-y}"), first=0)
    yield of("vector tiles", "vectorTile", "EPSG:3857")
    for system, tile_set in (("EPSG:3857", "w"), ("EPSG:4490", "c")):
        yield of("OGC API map tiles", "mapTileset", system, tileset=f"/map/tiles/{tile_set}")
        yield of("OGC API vector tiles", "vectorTileset", system, tileset=f"/tiles/{tile_set}")
        service = "standard" if tile_set == "w" else f"standard_{tile_set}"
        yield of("ArcGIS MapServer tiles", "mapServer", system, service=service)
        yield of("ArcGIS VectorTileServer", "vectorTileServer", system, service=service)
    for system in ("EPSG:3857", "EPSG:4490", "EPSG:4547"):
        yield of("GeoJSON of the items", "items", system)
        yield of("ArcGIS export in one image", "imageArcGIS", system)
        yield of("ArcGIS export in tiles", "tileArcGIS", system, tolerance=own_grid(system))
        yield of("ArcGIS feature layer", "featureLayer", system)
        yield of("WFS as GeoJSON in a box", "wfsGeoJSON", system)
        yield of("WFS as GML by a filter", "wfsGML", system)
    yield of("GeoJSON of the items in a box", "items", "EPSG:3857", asked="EPSG:3857")


def leaflet():
    def of(*arguments, zoom=18, **more):
        return Case("leaflet", *arguments, zoom=zoom, **more)

    yield of("XYZ", "tiles", "EPSG:3857", template=XYZ)
    yield of("TMS", "tiles", "EPSG:3857", template=TMS, upward=True)
    yield of("TMS", "tiles", "EPSG:4326", zoom=17, template=TMS_C, upward=True)
    yield of("ArcGIS MapServer tiles", "tiles", "EPSG:3857", template=ESRI)
    yield of("ArcGIS MapServer tiles", "tiles", "EPSG:4490", template=ESRI_C)
    yield of("ArcGIS MapServer tiles at an offset of 1", "tiles", "EPSG:4326", zoom=17, offset=1, template=ESRI_C)
    yield of("Tianditu template", "tiles", "EPSG:3857", template=KEYED_W)
    for title, template in (("Tianditu template", KEYED_C), ("Tianditu DataServer", DATA_SERVER)):
        yield of(title, "tiles", "EPSG:4490", template=template)
        yield of(f"{title} at an offset of 1", "tiles", "EPSG:4326", zoom=17, offset=1, template=template)
    for version in ("1.1.1", "1.3.0"):
        yield of(f"WMS {version}", "wms", "EPSG:3857", version=version)
        yield of(f"WMS {version}", "wms", "EPSG:4326", zoom=17, version=version)
    yield of("WMS 1.1.1", "wms", "EPSG:4490", version="1.1.1")
    for system, zoom in (("EPSG:3857", 18), ("EPSG:4490", 18)):
        yield of("GeoJSON of the items", "geoJSON", system, zoom=zoom)


def maplibre():
    def of(*arguments, **more):
        return Case("maplibre", *arguments, "EPSG:3857", **more)

    # Its levels count tiles of 512 pixels: tiles of level 18 are at their own size at 17.
    yield of("style.json as it is", "style", style="standard", zoom=17)
    yield of("XYZ", "raster", zoom=17, template=XYZ)
    yield of("XYZ between two levels", "raster", zoom=16.6, scale=2 ** 0.4, tolerance=1, template=XYZ)
    yield of("XYZ @2x", "raster", zoom=17, tolerance=1, template=XYZ.replace(".png", "@2x.png"))
    yield of("TMS", "raster", zoom=17, template=TMS, scheme="tms")
    yield of("WMS 1.1.1 by template", "raster", zoom=17, template=TEMPLATED_WMS)
    yield of("ArcGIS MapServer tiles", "raster", zoom=17, template=ESRI)
    yield of("ArcGIS VectorTileServer tiles", "vector", zoom=17, template=ESRI_VECTOR)
    yield of("TileJSON of pictures", "rasterTileJSON", zoom=17)
    yield of("TileJSON of vector tiles", "tileJSON", zoom=17)
    yield of("GeoJSON of the items", "geoJSON", zoom=17)


def city():
    """The hamlet by its style documents: every layer of them has data."""
    for style in ("standard", "standard-night", "standard-grey", "standard-labels"):
        yield Case("maplibre", f"{style} of the hamlet", "style", "EPSG:3857", style=style, centre=HAMLET, zoom=15)
    yield Case("maplibre", "standard of the hamlet, two pixels a point", "style", "EPSG:3857", style="standard", centre=HAMLET, zoom=15,
               pixelRatio=2, sprites="/sprites/standard@2x.")


@functools.cache
def corners(system):
    west, south, east, north = SQUARE
    places = [(x, y) for x in (west, east) for y in (south, north)]
    if system == "CRS:84":
        return places
    return [mercator(*each) if system == "EPSG:3857" else carried(system, *each) for each in places]


def given(case, base):
    """What a page has to know: the place in degrees, and the same in the case's CRS, east first everywhere."""
    around = corners(case.system)
    middle = [sum(each[axis] for each in around) / 4 for axis in (0, 1)]
    resolution = RESOLUTIONS[case.system] * case.scale
    centre = [middle[axis] - OFF[axis] * resolution for axis in (0, 1)]
    place = [(SQUARE[0] + SQUARE[2]) / 2, (SQUARE[1] + SQUARE[3]) / 2]
    if case.client != "openlayers":
        centre = [place[axis] - OFF[axis] * DEGREES * case.scale for axis in (0, 1)]
    size = [(max(each[axis] for each in around) - min(each[axis] for each in around)) / resolution for axis in (0, 1)]
    return {"base": base, "system": case.system, "middle": middle, "centre": centre, "place": place, "resolution": resolution, **case.more}, size
