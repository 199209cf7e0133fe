internal import SimpleFeatures
internal import Tiling

extension WMSCapabilities {
    /// The document, UTF-8 (OGC 06-042 annex A.1; OGC 01-068r3 annex A.1).
    public func xml() -> [UInt8] {
        let children = [service, capability]
        switch version {
        case .v130:
            return XMLText(
                "WMS_Capabilities",
                [
                    ("version", version.rawValue), ("xmlns", "http://www.opengis.net/wms"), ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
                    ("xmlns:sld", "http://www.opengis.net/sld"), ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                    (
                        "xsi:schemaLocation",
                        "http://www.opengis.net/wms http://schemas.opengis.net/wms/1.3.0/capabilities_1_3_0.xsd http://www.opengis.net/sld http://schemas.opengis.net/sld/1.1.0/sld_capabilities.xsd"
                    ),
                ], children
            ).document()
        case .v111:
            return XMLText("WMT_MS_Capabilities", [("version", version.rawValue)], children).document(
                documentType: #"<!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd" [<!ELEMENT VendorSpecificCapabilities EMPTY>]>"#)
        }
    }

    private var endpoint: String { "\(baseURL)/wms?" }

    private var service: XMLText {
        var children = [XMLText("Name", text: version == .v130 ? "WMS" : "OGC:WMS"), XMLText("Title", text: title)]
        if let abstract { children.append(XMLText("Abstract", text: abstract)) }
        children.append(resource(baseURL + "/wms"))
        if let providerName {
            children.append(
                XMLText(
                    "ContactInformation", [],
                    [XMLText("ContactPersonPrimary", [], [XMLText("ContactPerson"), XMLText("ContactOrganization", text: providerName)])]))
        }
        children += [XMLText("Fees", text: "none"), XMLText("AccessConstraints", text: "none")]
        if version == .v130 {
            children += [
                XMLText("LayerLimit", text: "\(layerLimit)"), XMLText("MaxWidth", text: "\(sideLimit)"),
                XMLText("MaxHeight", text: "\(sideLimit)"),
            ]
        }
        return XMLText("Service", [], children)
    }

    private var capability: XMLText {
        let pictures = WMSPictureFormat.allCases.map(\.rawValue)
        let extensionPrefix = version == .v130 ? "sld:" : ""
        let request = XMLText(
            "Request", [],
            [
                operation("GetCapabilities", [mediaType]), operation("GetMap", pictures),
                operation("GetFeatureInfo", FeatureInfoFormat.allCases.map(\.rawValue)),
                operation(extensionPrefix + "GetLegendGraphic", pictures),
            ])
        let forms = version == .v130 ? ["XML", "JSON", "BLANK"] : ["application/vnd.ogc.se_xml", "application/json", "application/vnd.ogc.se_blank"]
        return XMLText(
            "Capability", [], [request, XMLText("Exception", [], forms.map { XMLText("Format", text: $0) }), element(for: root)])
    }

    private func operation(_ name: String, _ formats: [String]) -> XMLText {
        XMLText(
            name, [],
            formats.map { XMLText("Format", text: $0) }
                + [XMLText("DCPType", [], [XMLText("HTTP", [], [XMLText("Get", [], [resource(endpoint)])])])])
    }

    private func resource(_ href: String) -> XMLText {
        XMLText("OnlineResource", [("xmlns:xlink", "http://www.w3.org/1999/xlink"), ("xlink:type", "simple"), ("xlink:href", href)])
    }

    private func element(for layer: Layer) -> XMLText {
        var children: [XMLText] = []
        if let name = layer.name { children.append(XMLText("Name", text: name)) }
        children.append(XMLText("Title", text: layer.title))
        if let abstract = layer.abstract { children.append(XMLText("Abstract", text: abstract)) }
        if !layer.keywords.isEmpty { children.append(XMLText("KeywordList", [], layer.keywords.map { XMLText("Keyword", text: $0) })) }
        children += layer.crs.map { XMLText(version == .v130 ? "CRS" : "SRS", text: $0.wmsName) }
        children += bounds(of: layer) + layer.boxes.map(element(for:)) + dimension(of: layer)
        if let attribution = layer.attribution { children.append(XMLText("Attribution", [], [XMLText("Title", text: attribution)])) }
        if let url = layer.metadataURL {
            let format = XMLText("Format", text: version == .v130 ? "application/json" : "text/plain")
            children.append(XMLText("MetadataURL", [("type", version == .v130 ? "ISO19115:2003" : "TC211")], [format, resource(url)]))
        }
        if let url = layer.dataURL { children.append(XMLText("DataURL", [], [XMLText("Format", text: "application/geo+json"), resource(url)])) }
        children += layer.styles.map { element(for: $0, of: layer) } + scales(of: layer) + layer.children.map(element(for:))
        var attributes = [("queryable", layer.isQueryable ? "1" : "0")]
        if layer.isOpaque { attributes.append(("opaque", "1")) }
        return XMLText("Layer", attributes, children)
    }

    private func bounds(of layer: Layer) -> [XMLText] {
        let box = layer.bounds
        guard !box.isEmpty else { return [] }
        switch version {
        case .v130:
            return [
                XMLText(
                    "EX_GeographicBoundingBox", [],
                    [
                        XMLText("westBoundLongitude", text: "\(box.minX)"), XMLText("eastBoundLongitude", text: "\(box.maxX)"),
                        XMLText("southBoundLatitude", text: "\(box.minY)"), XMLText("northBoundLatitude", text: "\(box.maxY)"),
                    ])
            ]
        case .v111:
            return [XMLText("LatLonBoundingBox", corners(box))]
        }
    }

    private func corners(_ box: Envelope) -> [(String, String)] {
        [("minx", "\(box.minX)"), ("miny", "\(box.minY)"), ("maxx", "\(box.maxX)"), ("maxy", "\(box.maxY)")]
    }

    /// In 1.3.0 `minx` is the first ordinate of the CRS, which is the northing of some.
    private func element(for box: CRSBox) -> XMLText {
        let e = box.envelope
        let isTurned = version == .v130 && box.crs.isNorthFirst == true
        let written = isTurned ? Envelope(minX: e.minY, minY: e.minX, maxX: e.maxY, maxY: e.maxX) : e
        return XMLText("BoundingBox", [(version == .v130 ? "CRS" : "SRS", box.crs.wmsName)] + corners(written))
    }

    private func dimension(of layer: Layer) -> [XMLText] {
        guard let times = layer.times else { return [] }
        switch version {
        case .v130: return [XMLText("Dimension", [("name", "time"), ("units", "ISO8601"), ("default", "current"), ("current", "1")], text: times)]
        case .v111:
            return [
                XMLText("Dimension", [("name", "time"), ("units", "ISO8601")]),
                XMLText("Extent", [("name", "time"), ("default", "current"), ("current", "1")], text: times),
            ]
        }
    }

    private func element(for style: Style, of layer: Layer) -> XMLText {
        var children = [XMLText("Name", text: style.name), XMLText("Title", text: style.title)]
        if let name = layer.name {
            let url = "\(endpoint)service=WMS&version=\(version.rawValue)&request=GetLegendGraphic&format=image/png&layer=\(PercentEncoding.encode(name))&style=\(PercentEncoding.encode(style.name))"
            children.append(
                XMLText(
                    "LegendURL", [("width", "320"), ("height", "240")],
                    [XMLText("Format", text: "image/png"), resource(url)]))
        }
        return XMLText("Style", [], children)
    }

    private func scales(of layer: Layer) -> [XMLText] {
        guard version == .v130 else {
            // The diagonal of a pixel in metres.
            func hint(_ denominator: Double) -> String { "\(denominator * StandardGrid.renderingPixelSizeInMetres * 2.0.squareRoot())" }
            guard let low = layer.smallestScaleDenominator ?? (layer.largestScaleDenominator == nil ? nil : 0) else { return [] }
            return [XMLText("ScaleHint", [("min", hint(low)), ("max", hint(layer.largestScaleDenominator ?? 1e12))])]
        }
        var children: [XMLText] = []
        if let low = layer.smallestScaleDenominator { children.append(XMLText("MinScaleDenominator", text: "\(low)")) }
        if let high = layer.largestScaleDenominator { children.append(XMLText("MaxScaleDenominator", text: "\(high)")) }
        return children
    }
}
