import FeatureStore
import Documents
import Portrayal
import Raster
import Reprojection
import SimpleFeatures
import Synchronization
import Topology
import Typography
import Wording

/// Prints sheets and atlases, one at a time on a thread of its own, so that paper keeps nobody's screen waiting.
public final class PrintService: Sendable {
    private let library: MapLibrary
    private let registry: any FeatureRegistry
    private let setting: PrintSetting
    private let queue: ProductionQueue<Job, PrintedFile>

    private struct Job: Hashable {
        var order: SheetOrder
        var format: PrintFormat
        var dataVersion: UInt64
        var style: UInt64
        /// Whoever writes to a place of their own shares nothing.
        var number: UInt64
    }
    private let numbers = Atomic<UInt64>(0)

    /// Bytes of the largest sheet that is handed over in memory.
    public static let memoryLimit = 256 << 20

    /// - Parameter queueLimit: sheets that may wait before orders are refused.
    public init(library: MapLibrary, installation: Installation, queueLimit: Int) {
        self.library = library
        registry = installation.registry
        setting = PrintSetting(city: installation.city, fonts: installation.fonts, policy: installation.policy)
        queue = ProductionQueue(workers: [TileWorker(number: 200)], limit: queueLimit)
    }

    /// A sheet in memory; orders that are alike are printed once.
    ///
    /// Throws `PrintError` for what cannot be printed, `ProductionError`, `RegistryError`.
    public func sheet(_ order: SheetOrder, as format: PrintFormat) async throws -> PrintedFile {
        try await print(order, as: format, number: 0, to: nil)
    }

    /// The same, written as it comes.
    public func print(_ order: SheetOrder, as format: PrintFormat, to write: @escaping @Sendable ([UInt8]) throws -> Void) async throws {
        let number = numbers.add(1, ordering: .relaxed).newValue
        _ = try await print(order, as: format, number: number, to: write)
    }

    private func print(
        _ order: SheetOrder, as format: PrintFormat, number: UInt64, to write: (@Sendable ([UInt8]) throws -> Void)?
    ) async throws -> PrintedFile {
        try order.check()
        try format.check()
        let state = library.state
        let map = try state.map(PictureRequest.Part(map: order.map))
        let subject: SheetSubject? = if case .feature(let name) = order.place {
            try await SubjectSearch(state: state, registry: registry).subject(name)
        } else { nil }
        let job = Job(order: order, format: format, dataVersion: map.dataVersion, style: map.style?.version ?? 0, number: number)
        return try await queue.produce(job) { [setting] bench in
            try PrintError.wrapping {
                let press = try SheetPress(order, of: map, state: state, setting: setting, ratio: format.ratio, bench: bench)
                let content = try press.content(subject)
                return try press.write(try press.sheet(content), as: format, to: write)
            }
        }
    }

    /// An atlas, one page a feature of a layer, page by page, as a PDF.
    ///
    /// - Parameters:
    ///   - order: whose place is not looked at.
    ///   - layer: of the features.
    ///   - within: a feature that the middles of the others lie in; `nil` for all of the layer.
    /// Throws as `sheet`.
    /// - Returns: pages, index included.
    public func atlas(
        _ order: SheetOrder, of layer: String, within: SheetOrder.FeatureName?, to write: @escaping @Sendable ([UInt8]) throws -> Void
    ) async throws -> Int {
        var checked = order
        if checked.denominator == nil { checked.denominator = SheetOrder.usualDenominators[0] }
        try checked.check()
        let state = library.state
        let map = try state.map(PictureRequest.Part(map: order.map))
        let search = SubjectSearch(state: state, registry: registry)
        let area: SheetSubject? = if let within { try await search.subject(within) } else { nil }
        let subjects = try await search.subjects(of: layer, in: try boxes(of: area, for: layer, in: state))
        let number = numbers.add(1, ordering: .relaxed).newValue
        let job = Job(order: order, format: .pdf, dataVersion: map.dataVersion, style: map.style?.version ?? 0, number: number)
        let pages = try await queue.produce(job) { [setting] bench in
            try PrintError.wrapping {
                let press = try SheetPress(order, of: map, state: state, setting: setting, ratio: PrintFormat.pdf.ratio, bench: bench)
                let atlas = try press.atlas(of: subjects, within: area, layer: layer)
                return PrintedFile(mediaType: PrintFormat.pdf.mediaType, body: [], pages: try press.write(atlas, to: write))
            }
        }
        return pages.pages
    }

    /// The box of an area in the CRS of a layer, for the registry to look in.
    private func boxes(of area: SheetSubject?, for layer: String, in state: LibraryState) throws -> Envelope? {
        guard let area else { return nil }
        let (_, _, crs) = try state.printable(layer)
        let operation = try CoordinateOperation(from: area.crs, to: crs, policy: setting.policy)
        return operation.transform(area.geometry.envelope)
    }
}

/// What sheets say and how, beside the map.
struct PrintSetting: Sendable {
    var city: City
    var fonts: FontCatalogue
    var policy: DatumPolicy
}

/// A finished print.
public struct PrintedFile: Hashable, Sendable {
    public var mediaType: String
    /// Empty where it was written as it came.
    public var body: [UInt8]
    public var pages: Int
}

extension PrintError {
    /// What goes wrong with style or fonts, as it is told of pictures.
    static func wrapping<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as PortrayalError {
            throw ProductionError(code: .portrayal, message: .init(zh: "样式或字体无法绘制此图", en: error.message), cause: error)
        } catch let error as TypographyError {
            throw ProductionError(code: .portrayal, message: .init(zh: "字体无法使用", en: error.message), cause: error)
        } catch let error as DocumentError {
            throw ProductionError(code: .storage, message: error.message, cause: error)
        }
    }
}
