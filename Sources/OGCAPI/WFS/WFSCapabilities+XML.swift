internal import SimpleFeatures
internal import Tiling

extension WFSCapabilities {
    /// The document, UTF-8.
    ///
    /// - Parameter isShort: whether only the number of the update is said, to a client that has the document.
    public func xml(isShort: Bool = false) -> [UInt8] {
        var children: [XMLText] = []
        if !isShort {
            if sections.contains(.identification) { children.append(identification) }
            if sections.contains(.provider) { children.append(provider) }
            if sections.contains(.operations) { children.append(operations) }
            if sections.contains(.types), !types.isEmpty { children.append(XMLText("wfs:FeatureTypeList", [], types.map { element(for: $0) })) }
            if sections.contains(.filters) { children.append(Self.filters) }
        }
        return XMLText(
            "wfs:WFS_Capabilities",
            [
                ("version", WFSRequest.version), ("updateSequence", "\(updateSequence)"), ("xmlns:wfs", "http://www.opengis.net/wfs/2.0"),
                ("xmlns:ows", "http://www.opengis.net/ows/1.1"), ("xmlns:fes", "http://www.opengis.net/fes/2.0"),
                ("xmlns:xlink", "http://www.w3.org/1999/xlink"), ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
            ] + GMLWriter.namespaces + [
                ("xsi:schemaLocation", "http://www.opengis.net/wfs/2.0 http://schemas.opengis.net/wfs/2.0/wfs.xsd"),
            ], children
        ).document()
    }

    private var identification: XMLText {
        var children = [XMLText("ows:Title", text: title)]
        if let abstract { children.append(XMLText("ows:Abstract", text: abstract)) }
        children += [
            XMLText("ows:ServiceType", text: "WFS"), XMLText("ows:ServiceTypeVersion", text: WFSRequest.version),
            XMLText("ows:Fees", text: "none"), XMLText("ows:AccessConstraints", text: "none"),
        ]
        return XMLText("ows:ServiceIdentification", [], children)
    }

    private var provider: XMLText {
        XMLText("ows:ServiceProvider", [], [XMLText("ows:ProviderName", text: providerName), XMLText("ows:ServiceContact", [], [])])
    }

    // MARK: Operations

    private var operations: XMLText {
        let formats = WFSFormat.allCases.map(\.rawValue)
        let count = Self.constraint("CountDefault", "\(countDefault)")
        let operations = [
            operation(
                "GetCapabilities",
                [
                    Self.parameter("AcceptVersions", [WFSRequest.version]), Self.parameter("AcceptFormats", [Self.mediaType]),
                    Self.parameter("Sections", WFSCapabilitiesRequest.Section.allCases.map(\.rawValue)),
                ]),
            operation("DescribeFeatureType", [Self.parameter("outputFormat", [WFSFormat.gml.rawValue])]),
            operation("ListStoredQueries"), operation("DescribeStoredQueries"),
            operation("GetFeature", [Self.parameter("resultType", ["results", "hits"]), Self.parameter("outputFormat", formats), count]),
            operation("GetPropertyValue", [Self.parameter("resolve", ["none"]), Self.parameter("outputFormat", [WFSFormat.gml.rawValue]), count]),
        ]
        let classes = [
            ("ImplementsBasicWFS", true), ("ImplementsTransactionalWFS", false), ("ImplementsLockingWFS", false), ("KVPEncoding", true),
            ("XMLEncoding", true), ("SOAPEncoding", false), ("ImplementsInheritance", false), ("ImplementsRemoteResolve", false),
            ("ImplementsResultPaging", true), ("ImplementsStandardJoins", false), ("ImplementsSpatialJoins", false),
            ("ImplementsTemporalJoins", false), ("ImplementsFeatureVersioning", false), ("ManageStoredQueries", false),
            ("PagingIsTransactionSafe", false),
        ]
        return XMLText(
            "ows:OperationsMetadata", [],
            operations + [Self.parameter("version", [WFSRequest.version])] + classes.map { Self.constraint($0, $1 ? "TRUE" : "FALSE") }
                + [Self.constraint("QueryExpressions", allowed: ["wfs:Query", "wfs:StoredQuery"])])
    }

    private func operation(_ name: String, _ further: [XMLText] = []) -> XMLText {
        let methods = ["ows:Get", "ows:Post"].map { XMLText($0, [("xlink:type", "simple"), ("xlink:href", baseURL + "/wfs")], []) }
        return XMLText("ows:Operation", [("name", name)], [XMLText("ows:DCP", [], [XMLText("ows:HTTP", [], methods)])] + further)
    }

    private static func parameter(_ name: String, _ values: [String]) -> XMLText {
        XMLText("ows:Parameter", [("name", name)], [XMLText("ows:AllowedValues", [], values.map { XMLText("ows:Value", text: $0) })])
    }

    private static func constraint(_ name: String, _ value: String, of prefix: String = "ows") -> XMLText {
        XMLText("\(prefix):Constraint", [("name", name)], [XMLText("ows:NoValues", [], []), XMLText("ows:DefaultValue", text: value)])
    }

    private static func constraint(_ name: String, allowed: [String]) -> XMLText {
        XMLText("ows:Constraint", [("name", name)], [XMLText("ows:AllowedValues", [], allowed.map { XMLText("ows:Value", text: $0) })])
    }

    // MARK: Feature types

    private func element(for type: FeatureType) -> XMLText {
        var children = [XMLText("wfs:Name", text: type.name), XMLText("wfs:Title", text: type.title)]
        if let abstract = type.abstract { children.append(XMLText("wfs:Abstract", text: abstract)) }
        if type.hasGeometry {
            children.append(XMLText("wfs:DefaultCRS", text: Self.defaultCRS.urn))
            children += otherCRS.map { XMLText("wfs:OtherCRS", text: $0.urn) }
        } else {
            children.append(XMLText("wfs:NoCRS", [], []))
        }
        children.append(XMLText("wfs:OutputFormats", [], WFSFormat.allCases.map { XMLText("wfs:Format", text: $0.rawValue) }))
        if type.hasGeometry, !type.bounds.isEmpty {
            children.append(
                XMLText(
                    "ows:WGS84BoundingBox", [],
                    [
                        XMLText("ows:LowerCorner", text: "\(type.bounds.minX) \(type.bounds.minY)"),
                        XMLText("ows:UpperCorner", text: "\(type.bounds.maxX) \(type.bounds.maxY)"),
                    ]))
        }
        if let url = type.metadataURL { children.append(XMLText("wfs:MetadataURL", [("xlink:href", url)], [])) }
        return XMLText("wfs:FeatureType", [], children)
    }

    // MARK: Filters

    private static let filters: XMLText = {
        let classes = [
            ("ImplementsQuery", true), ("ImplementsAdHocQuery", true), ("ImplementsFunctions", false), ("ImplementsResourceId", true),
            ("ImplementsMinStandardFilter", true), ("ImplementsStandardFilter", true), ("ImplementsMinSpatialFilter", true),
            ("ImplementsSpatialFilter", true), ("ImplementsMinTemporalFilter", true), ("ImplementsTemporalFilter", true),
            ("ImplementsVersionNav", false), ("ImplementsSorting", true), ("ImplementsExtendedOperators", false), ("ImplementsMinimumXPath", true),
            ("ImplementsSchemaElementFunc", false),
        ]
        func list(_ whole: String, _ part: String, _ names: [String]) -> XMLText {
            XMLText("fes:\(whole)", [], names.map { XMLText("fes:\(part)", [("name", $0)], []) })
        }
        let scalar = XMLText("fes:Scalar_Capabilities", [], [XMLText("fes:LogicalOperators", [], []), list("ComparisonOperators", "ComparisonOperator", WFSFilterNames.comparisons)])
        let spatial = XMLText(
            "fes:Spatial_Capabilities", [],
            [list("GeometryOperands", "GeometryOperand", WFSFilterNames.geometries), list("SpatialOperators", "SpatialOperator", WFSFilterNames.spatial)])
        let temporal = XMLText(
            "fes:Temporal_Capabilities", [],
            [
                list("TemporalOperands", "TemporalOperand", ["gml:TimeInstant", "gml:TimePeriod"]),
                list("TemporalOperators", "TemporalOperator", WFSFilterNames.temporal),
            ])
        return XMLText(
            "fes:Filter_Capabilities", [],
            [
                XMLText("fes:Conformance", [], classes.map { constraint($0, $1 ? "TRUE" : "FALSE", of: "fes") }),
                XMLText("fes:Id_Capabilities", [], [XMLText("fes:ResourceIdentifier", [("name", "fes:ResourceId")], [])]), scalar, spatial, temporal,
            ])
    }()
}

/// The operators that filters may use; what reads them knows the same, and a test compares the two.
public enum WFSFilterNames {
    public static let comparisons = [
        "PropertyIsEqualTo", "PropertyIsNotEqualTo", "PropertyIsLessThan", "PropertyIsGreaterThan", "PropertyIsLessThanOrEqualTo",
        "PropertyIsGreaterThanOrEqualTo", "PropertyIsLike", "PropertyIsNull", "PropertyIsNil", "PropertyIsBetween",
    ]
    public static let geometries = [
        "gml:Envelope", "gml:Point", "gml:LineString", "gml:Curve", "gml:Polygon", "gml:Surface", "gml:MultiPoint", "gml:MultiCurve", "gml:MultiSurface",
        "gml:MultiGeometry",
    ]
    public static let spatial = [
        "BBOX", "Equals", "Disjoint", "Intersects", "Touches", "Crosses", "Within", "Contains", "Overlaps", "DWithin", "Beyond",
    ]
    /// `AnyInteracts` is read too; the schema of the capabilities has no name for it.
    public static let temporal = [
        "After", "Before", "Begins", "BegunBy", "TContains", "During", "EndedBy", "Ends", "TEquals", "Meets", "MetBy", "TOverlaps", "OverlappedBy",
    ]
}
