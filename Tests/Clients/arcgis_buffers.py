"""Esri's protocol buffer of query results, read with Google's own library from the field numbers of github.com/Esri/arcgis-pbf."""
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

# name: {field: (number, type)}; a type in brackets repeats.
MESSAGES = {
    "SpatialReference": {"wkid": (1, "uint32"), "lastestWkid": (2, "uint32")},
    "Field": {"name": (1, "string"), "fieldType": (2, "uint32"), "alias": (3, "string"), "sqlType": (4, "uint32")},
    "Value": {
        "string_value": (1, "string"), "float_value": (2, "float"), "double_value": (3, "double"), "sint_value": (4, "sint32"),
        "uint_value": (5, "uint32"), "int64_value": (6, "int64"), "uint64_value": (7, "uint64"), "sint64_value": (8, "sint64"),
        "bool_value": (9, "bool")},
    "Geometry": {"geometryType": (1, "uint32"), "lengths": (2, ["uint32"]), "coords": (3, ["sint32"])},
    "Feature": {"attributes": (1, ["Value"]), "geometry": (2, "Geometry")},
    "UniqueIdField": {"name": (1, "string"), "isSystemMaintained": (2, "bool")},
    "Scale": {"xScale": (1, "double"), "yScale": (2, "double")},
    "Translate": {"xTranslate": (1, "double"), "yTranslate": (2, "double")},
    "Transform": {"quantizeOriginPostion": (1, "uint32"), "scale": (2, "Scale"), "translate": (3, "Translate")},
    "FeatureResult": {
        "objectIdFieldName": (1, "string"), "uniqueIdField": (2, "UniqueIdField"), "geometryType": (7, "uint32"),
        "spatialReference": (8, "SpatialReference"), "exceededTransferLimit": (9, "bool"), "hasZ": (10, "bool"), "hasM": (11, "bool"),
        "transform": (12, "Transform"), "fields": (13, ["Field"]), "features": (15, ["Feature"])},
    "CountResult": {"count": (1, "uint64")},
    "ObjectIdsResult": {"objectIdFieldName": (1, "string"), "objectIds": (3, ["uint64"])},
    "QueryResult": {"featureResult": (1, "FeatureResult"), "countResult": (2, "CountResult"), "idsResult": (3, "ObjectIdsResult")},
    "FeatureCollectionPBuffer": {"version": (1, "string"), "queryResult": (2, "QueryResult")},
}
GEOMETRIES = ["esriGeometryPoint", "esriGeometryMultipoint", "esriGeometryPolyline", "esriGeometryPolygon"]


def _collection():
    file = descriptor_pb2.FileDescriptorProto(name="features.proto", package="esriPBuffer", syntax="proto3")
    kinds = descriptor_pb2.FieldDescriptorProto
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            repeats = isinstance(kind, list)
            kind = kind[0] if repeats else kind
            added = message.field.add(name=field, number=number, label=kinds.LABEL_REPEATED if repeats else kinds.LABEL_OPTIONAL)
            if kind in MESSAGES:
                added.type, added.type_name = kinds.TYPE_MESSAGE, f".esriPBuffer.{kind}"
            else:
                added.type = getattr(kinds, f"TYPE_{kind.upper()}")
        if name == "Value":
            message.oneof_decl.add(name="value_type")
            for field in message.field:
                field.oneof_index = 0
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("esriPBuffer.FeatureCollectionPBuffer"))


COLLECTION = _collection()


def read(data):
    """The result within an answer; everything in it is known to the schema."""
    whole = COLLECTION.FromString(data)
    assert whole.version == "1.0", whole.version
    # What the schema does not know would be kept aside and written again.
    known = COLLECTION.FromString(data)
    known.DiscardUnknownFields()
    assert known.ByteSize() == whole.ByteSize(), "fields that Esri's schema does not have"
    return whole.queryResult


def attributes(result):
    """The attributes of each feature, by name."""
    names = [each.name for each in result.fields]
    rows = []
    for feature in result.features:
        assert len(feature.attributes) == len(names)
        kinds = [value.WhichOneof("value_type") for value in feature.attributes]
        rows.append({name: getattr(value, kind) if kind else None for name, value, kind in zip(names, feature.attributes, kinds)})
    return rows


def paths(result, geometry):
    """The positions of a geometry, path by path, in the CRS of the answer."""
    grid, place, found = result.transform, 0, []
    down = -1 if grid.quantizeOriginPostion == 0 else 1
    for length in geometry.lengths or [1]:
        x = y = 0
        path = []
        for _ in range(length):
            x, y, place = x + geometry.coords[place], y + geometry.coords[place + 1], place + 2
            path.append((grid.translate.xTranslate + x * grid.scale.xScale, grid.translate.yTranslate + down * y * grid.scale.yScale))
        found.append(path)
    assert place == len(geometry.coords)
    return found
