internal import SimpleFeatures
internal import Tiling

extension WMTSCapabilities {
    /// The document, UTF-8.
    ///
    /// Sets that WMTS cannot express (merged columns, rows counted from the bottom) are left out.
    public func xml() -> [UInt8] {
        let layers = offeredLayers
        let linked = Set(layers.flatMap { $0.sets.map(\.id) })
        var contents = layers.map { element(for: $0) }
        contents += expressibleSets.filter { linked.contains($0.id) }.map { element(for: $0) }
        var children = [identification]
        if let providerName {
            children.append(
                XMLText("ows:ServiceProvider", [], [XMLText("ows:ProviderName", text: providerName), XMLText("ows:ServiceContact")]))
        }
        children += [operations, XMLText("Contents", [], contents)]
        if profile == .standard {
            children.append(XMLText("ServiceMetadataURL", [("xlink:href", "\(baseURL)/wmts/\(WMTSRequest.version)/WMTSCapabilities.xml")]))
        }
        return XMLText(
            "Capabilities",
            [
                ("xmlns", "http://www.opengis.net/wmts/1.0"), ("xmlns:ows", "http://www.opengis.net/ows/1.1"),
                ("xmlns:xlink", "http://www.w3.org/1999/xlink"), ("version", WMTSRequest.version),
            ], children
        ).document()
    }

    private var service: TiandituService? {
        if case .tianditu(let service) = profile { service } else { nil }
    }

    private var expressibleSets: [TileMatrixSet] {
        sets.filter { set in
            set.matrices.allSatisfy { $0.variableMatrixWidths.isEmpty && $0.cornerOfOrigin == .topLeft }
        }
    }

    /// A Tianditu service has one layer in one set.
    private var offeredLayers: [Layer] {
        let known = Set(expressibleSets.map(\.id))
        return layers.compactMap { layer in
            if let service, layer.id != service.layer { return nil }
            var layer = layer
            layer.sets = layer.sets.filter { known.contains($0.id) && (service == nil || $0.id == service?.tileMatrixSet) }
            if service != nil { layer.formats = [.tiles] }
            return layer.sets.isEmpty ? nil : layer
        }
    }

    private var identification: XMLText {
        var children = [XMLText("ows:Title", text: title)]
        if let abstract { children.append(XMLText("ows:Abstract", text: abstract)) }
        if !keywords.isEmpty { children.append(XMLText("ows:Keywords", [], keywords.map { XMLText("ows:Keyword", text: $0) })) }
        children += [
            XMLText("ows:ServiceType", text: "OGC WMTS"), XMLText("ows:ServiceTypeVersion", text: WMTSRequest.version),
            XMLText("ows:Fees", text: "none"), XMLText("ows:AccessConstraints", text: "none"),
        ]
        return XMLText("ows:ServiceIdentification", [], children)
    }

    private var operations: XMLText {
        let kvp = service.map { "\(baseURL)/\(PercentEncoding.encode($0.name))/wmts?" } ?? "\(baseURL)/wmts?"
        var capabilities = [(kvp, "KVP")]
        var tile = [(kvp, "KVP")]
        if service == nil {
            capabilities.append(("\(baseURL)/wmts/\(WMTSRequest.version)/WMTSCapabilities.xml", "RESTful"))
            tile.append(("\(baseURL)/wmts/\(WMTSRequest.version)/", "RESTful"))
        }
        return XMLText("ows:OperationsMetadata", [], [
                operation("GetCapabilities", capabilities), operation("GetTile", tile), operation("GetFeatureInfo", tile),
            ])
    }

    private func operation(_ name: String, _ endpoints: [(href: String, encoding: String)]) -> XMLText {
        let gets = endpoints.map { endpoint in
            XMLText(
                "ows:Get", [("xlink:href", endpoint.href)],
                [
                    XMLText(
                        "ows:Constraint", [("name", "GetEncoding")],
                        [XMLText("ows:AllowedValues", [], [XMLText("ows:Value", text: endpoint.encoding)])])
                ])
        }
        return XMLText("ows:Operation", [("name", name)], [XMLText("ows:DCP", [], [XMLText("ows:HTTP", [], gets)])])
    }

    private func element(for layer: Layer) -> XMLText {
        var children = [XMLText("ows:Title", text: layer.title)]
        if let abstract = layer.abstract { children.append(XMLText("ows:Abstract", text: abstract)) }
        if !layer.bounds.isEmpty {
            children.append(
                XMLText(
                    "ows:WGS84BoundingBox", [],
                    [
                        XMLText("ows:LowerCorner", text: "\(layer.bounds.minX) \(layer.bounds.minY)"),
                        XMLText("ows:UpperCorner", text: "\(layer.bounds.maxX) \(layer.bounds.maxY)"),
                    ]))
        }
        children.append(XMLText("ows:Identifier", text: layer.id))
        for (i, style) in layer.styles.enumerated() {
            var parts = style.title.map { [XMLText("ows:Title", text: $0)] } ?? []
            parts.append(XMLText("ows:Identifier", text: style.id))
            children.append(XMLText("Style", [("isDefault", i == 0 ? "true" : "false")], parts))
        }
        children += layer.formats.map { XMLText("Format", text: $0.formatParameter) }
        children += layer.infoFormats.map { XMLText("InfoFormat", text: $0.rawValue) }
        children += layer.sets.map(element(for:))
        // OpenLayers takes all templates of a layer for the same pictures, so that of vector tiles is left to who knows it.
        let pictures = layer.formats.filter { $0 != .vectorTile }
        let templates = pictures.isEmpty ? layer.formats : pictures
        if service == nil { children += templates.map { resource(layer, $0) } + layer.infoFormats.map { resource(layer, $0) } }
        return XMLText("Layer", [], children)
    }

    private func resource(_ layer: Layer, _ format: WMTSTileFormat) -> XMLText {
        let path = "\(PercentEncoding.encode(layer.id))/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.\(format.fileExtension)"
        return XMLText(
            "ResourceURL",
            [
                ("format", format.formatParameter), ("resourceType", "tile"),
                ("template", "\(baseURL)/wmts/\(WMTSRequest.version)/\(path)"),
            ])
    }

    private func resource(_ layer: Layer, _ format: FeatureInfoFormat) -> XMLText {
        let path = "\(PercentEncoding.encode(layer.id))/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}/{J}/{I}.\(format.fileExtension)"
        return XMLText(
            "ResourceURL",
            [
                ("format", format.rawValue), ("resourceType", "FeatureInfo"),
                ("template", "\(baseURL)/wmts/\(WMTSRequest.version)/\(path)"),
            ])
    }

    private func element(for link: SetLink) -> XMLText {
        var children = [XMLText("TileMatrixSet", text: link.id)]
        let set = sets.first { $0.id == link.id }
        let limits = link.limits.compactMap { block -> XMLText? in
            guard let matrix = set?.matrix(level: block.level), isOffered(matrix) else { return nil }
            return XMLText(
                "TileMatrixLimits", [],
                [
                    XMLText("TileMatrix", text: matrix.id), XMLText("MinTileRow", text: "\(block.rows.lowerBound)"),
                    XMLText("MaxTileRow", text: "\(block.rows.upperBound)"),
                    XMLText("MinTileCol", text: "\(block.columns.lowerBound)"),
                    XMLText("MaxTileCol", text: "\(block.columns.upperBound)"),
                ])
        }
        if !limits.isEmpty { children.append(XMLText("TileMatrixSetLimits", [], limits)) }
        return XMLText("TileMatrixSetLink", [], children)
    }

    /// Tianditu counts levels from 1.
    private func isOffered(_ matrix: TileMatrix) -> Bool { service == nil || matrix.level >= 1 }

    private func element(for set: TileMatrixSet) -> XMLText {
        var children = [XMLText("ows:Title", text: set.title)]
        if let summary = set.summary { children.append(XMLText("ows:Abstract", text: summary)) }
        children.append(XMLText("ows:Identifier", text: set.id))
        children.append(XMLText("ows:SupportedCRS", text: CRSIdentifier(set.crs)?.urn ?? set.crs))
        if service == nil, let scales = set.wellKnownScaleSet.flatMap(Self.scaleSetURN) {
            children.append(XMLText("WellKnownScaleSet", text: scales))
        }
        for matrix in set.matrices where isOffered(matrix) {
            let scale = service == nil ? matrix.scaleDenominator : matrix.screenScaleDenominator(metresPerUnit: set.metresPerUnit)
            let corner = set.inDocumentOrder(matrix.pointOfOrigin)
            children.append(
                XMLText(
                    "TileMatrix", [],
                    [
                        XMLText("ows:Identifier", text: matrix.id), XMLText("ScaleDenominator", text: "\(scale)"),
                        XMLText("TopLeftCorner", text: "\(corner.first) \(corner.second)"),
                        XMLText("TileWidth", text: "\(matrix.tileSize)"), XMLText("TileHeight", text: "\(matrix.tileSize)"),
                        XMLText("MatrixWidth", text: "\(matrix.matrixWidth)"),
                        XMLText("MatrixHeight", text: "\(matrix.matrixHeight)"),
                    ]))
        }
        return XMLText("TileMatrixSet", [], children)
    }

    /// WMTS 1.0 writes `urn:ogc:def:wkss:OGC:1.0:NAME` where newer documents give a URL.
    private static func scaleSetURN(_ uri: String) -> String? {
        uri.split(separator: "/").last.map { "urn:ogc:def:wkss:OGC:1.0:\($0)" }
    }
}
