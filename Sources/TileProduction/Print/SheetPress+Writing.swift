import Documents
import FeatureStore
import Raster
import Reprojection
import SimpleFeatures
import Topology
import Wording

extension SheetPress {
    /// What the order's sheet shows.
    func content(_ subject: SheetSubject?) throws -> Content {
        guard let subject else {
            guard case .centre(let centre) = order.place, let denominator = order.denominator else {
                preconditionFailure("an order without a feature has a centre and a scale")
            }
            let (title, subtitle) = title(for: nil)
            return Content(view: try view(around: centre, denominator: denominator), title: title, subtitle: subtitle)
        }
        let outline = try outline(of: subject)
        let (title, subtitle) = title(for: subject.name)
        return Content(
            view: try view(of: outline, denominator: order.denominator, isRigid: true), title: title, subtitle: subtitle, outline: outline)
    }

    /// Writes one sheet, or gives its bytes where there is nowhere to write.
    ///
    /// - Throws: `place` for a file larger than memory is for.
    func write(_ sheet: DisplayList, as format: PrintFormat, to write: (@Sendable ([UInt8]) throws -> Void)?) throws -> PrintedFile {
        let collected = CollectedBytes()
        func sink(_ bytes: [UInt8]) throws { if let write { try write(bytes) } else { try collected.append(bytes) } }
        switch format {
        case .pdf:
            let document = PDFWriter(documentInformation, write: sink)
            try add(sheet, to: document)
            try document.finish()
        case .png(let dotsPerInch): try sheet.writePNG(dotsPerInch: Double(dotsPerInch), to: sink)
        }
        return PrintedFile(mediaType: format.mediaType, body: collected.bytes, pages: 1)
    }

    private var documentInformation: PDFInformation {
        PDFInformation(
            title: information.title, subject: "\(order.paper.rawValue) \(SheetPlane.crs.id)", author: map.definition.attribution ?? "",
            date: information.date)
    }

    private func add(_ sheet: DisplayList, to document: PDFWriter) throws {
        try document.add(
            sheet, widthInMillimetres: layout.width, heightInMillimetres: layout.height, pixelsPerMillimetre: layout.pixelsPerMillimetre)
    }

    // MARK: Atlases

    /// The sheets of an atlas, in order.
    func atlas(of subjects: [SheetSubject], within area: SheetSubject?, layer: String) throws -> GridAtlas {
        let topology = try TopologyContext()
        let around = try area.map { try outline(of: $0) }
        var chosen: [(outline: Geometry, name: String)] = []
        for subject in subjects {
            let outline = try outline(of: subject)
            if let around {
                guard let middle = try topology.pointOnSurface(of: outline), try topology.contains(around, .point(middle)) else { continue }
            }
            chosen.append((outline, subject.name ?? "\(layer):\(subject.id)"))
        }
        return try GridAtlas(chosen)
    }

    /// Writes index and sheets page by page; no more than one of them is in memory.
    ///
    /// - Returns: how many pages.
    func write(_ atlas: GridAtlas, to write: @escaping ([UInt8]) throws -> Void) throws -> Int {
        let (title, _) = title(for: nil)
        let index = AtlasIndex(atlas: atlas, press: self, title: title)
        let count = index.pageCount + atlas.leaves.count
        // Whatever cannot be printed is said before anything is written.
        let views = try atlas.leaves.map { try view(of: $0.outline, denominator: order.denominator, isRigid: false) }
        let document = PDFWriter(documentInformation, write: write)
        for number in 0..<index.pageCount { try add(try index.page(number, of: count), to: document) }
        for (leaf, view) in zip(atlas.leaves, views) {
            let content = Content(
                view: view, title: LocalisedText(zh: "\(leaf.number)  \(leaf.name)", en: ""), subtitle: title, outline: leaf.outline,
                page: (index.pageCount + leaf.number, count), neighbours: atlas.neighbours(of: leaf))
            try add(try sheet(content), to: document)
        }
        try document.finish()
        return count
    }
}

/// Bytes of a print that are kept in memory.
private final class CollectedBytes {
    private(set) var bytes: [UInt8] = []

    func append(_ more: [UInt8]) throws {
        guard bytes.count + more.count <= PrintService.memoryLimit else {
            throw PrintError(.resolution, zh: "图幅文件过大；请降低分辨率或用更小的纸张", en: "the sheet's file is too large; take fewer dpi or smaller paper")
        }
        bytes += more
    }
}
