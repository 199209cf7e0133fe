import SimpleFeatures

extension PreparedLayer {
    /// Writes an amended layer as one file: the same bytes as if its features were prepared anew.
    ///
    /// - Returns: `false`, and nothing is written, where the grid of the file is coarser than it need be: such a layer has to be
    ///   prepared from its features.
    /// - Throws: when the file cannot be written.
    public func writeCompacted(to path: String) throws(PreparedLayerError) -> Bool {
        guard grids.allSatisfy({ $0.unit == Double(sign: .plus, exponent: $0.crs.finestUnitExponent, significand: 1) }) else { return false }
        var writer = PreparedLayerWriter(path: path, fields: fields, crss: crss, sharesBorders: false)
        let amendment = amendment
        writer.append(from: self) { amendment?.hides($0) ?? false }
        if let delta = amendment?.delta { writer.append(from: delta) { _ in false } }
        _ = try writer.finish()
        return true
    }
}

extension PreparedLayerWriter {
    /// Takes the features of a file as they are stored, ranks included.
    fileprivate mutating func append(from layer: PreparedLayer, isLeftOut: (Int) -> Bool) {
        let (file, places) = (layer.file, layer.places)
        let (ids, dimensions) = unsafe (
            file.values(Int64.self, at: places.ids, count: layer.count), file.values(UInt8.self, at: places.dimensions, count: layer.count))
        let (featurePartEnds, partEnds) = unsafe (
            file.values(UInt32.self, at: places.featurePartEnds, count: layer.count),
            file.values(UInt32.self, at: places.partEnds, count: layer.partCount))
        let partSizes = unsafe file.values(Float.self, at: places.partSizes, count: layer.partCount)
        let ranks = unsafe file.values(UInt8.self, at: places.significance, count: layer.vertexCount)
        let coordinates = unsafe places.coordinates.map { unsafe file.values(Int32.self, at: $0, count: layer.vertexCount * 2) }
        let origins = layer.grids.map { (x: Int64(($0.origin.x / $0.unit).rounded()), y: Int64(($0.origin.y / $0.unit).rounded())) }
        var known = [UInt32](repeating: .max, count: layer.valueCount)
        var significance = self.significance ?? []
        for f in 0..<layer.count where !isLeftOut(f) {
            let parts = unsafe (f == 0 ? 0 : Int(featurePartEnds[f - 1]))..<Int(featurePartEnds[f])
            for p in parts {
                let vertices = unsafe (p == 0 ? 0 : Int(partEnds[p - 1]))..<Int(partEnds[p])
                for c in positions.indices {
                    let flat = unsafe UnsafeBufferPointer(rebasing: coordinates[c][(2 * vertices.lowerBound)..<(2 * vertices.upperBound)])
                    unsafe positions[c].append(stored: flat, origin: origins[c])
                }
                unsafe significance.append(contentsOf: ranks[vertices])
                self.partEnds.append(UInt32(positions[0].values.count / 2))
                unsafe self.partSizes.append(partSizes[p])
                partIsHole.append(unsafe partSizes[p].sign == .minus)
            }
            self.featurePartEnds.append(UInt32(self.partEnds.count))
            unsafe self.ids.append(ids[f])
            unsafe self.dimensions.append(dimensions[f])
            for c in columns.indices {
                let index = unsafe layer.column(c)[f]
                guard index < layer.valueCount else {
                    columns[c].append(0)
                    continue
                }
                if known[Int(index)] == .max { known[Int(index)] = table.index(of: layer.value(index)) }
                columns[c].append(known[Int(index)])
            }
        }
        self.significance = significance
    }
}
