/// What GeoTIFF's key directory says about the CRS (OGC 19-008r4).
struct GeoKeys {
    var declaredCRS = ImageCRS.undeclared
    /// Whether tie points speak of the centres of pixels.
    var isPoint = false

    private enum Key: UInt16 {
        case modelType = 1024, rasterType = 1025, citation = 1026, geodeticCRS = 2048, projectedCRS = 3072
    }

    private static let userDefined: UInt16 = 32767

    init(directory keys: [UInt16], text: String?) {
        guard keys.count >= 4 else { return }
        var values: [UInt16: UInt16] = [:]
        var citation: String?
        for place in stride(from: 4, to: min(keys.count, 4 + 4 * Int(keys[3])), by: 4) where place + 3 < keys.count {
            let (id, location, count, value) = (keys[place], keys[place + 1], Int(keys[place + 2]), keys[place + 3])
            if location == 0 { values[id] = value }
            if id == Key.citation.rawValue, location == 34737, let text {
                citation = String(text.dropFirst(Int(value)).prefix(count)).trimmingSuffix("|")
            }
        }
        isPoint = values[Key.rasterType.rawValue] == 2
        let isGeographic = values[Key.modelType.rawValue] == 2
        let code = values[isGeographic ? Key.geodeticCRS.rawValue : Key.projectedCRS.rawValue]
        switch code {
        case nil, 0: break
        case Self.userDefined: declaredCRS = .definedByParameters(citation ?? "")
        case let code?: declaredCRS = .epsg(Int(code))
        }
    }
}

/// What an image says about its coordinate reference system.
public enum ImageCRS: Hashable, Sendable {
    case undeclared
    case epsg(Int)
    /// By parameters that are not read here; how the file calls it.
    case definedByParameters(String)
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: Character) -> String {
        last == suffix ? String(dropLast()) : self
    }
}
