internal import CPROJ
internal import SimpleFeatures

/// One PROJ operation with its own context, east first and in degrees or CRS units on both sides.
@safe
struct ProjTransformation: ~Copyable {
    private let operation: OpaquePointer
    private let context: OpaquePointer
    private let direction: PJ_DIRECTION
    /// What positions are multiplied by before and after, where PROJ counts in radians.
    private let inputFactor: Double
    private let outputFactor: Double

    /// The operation between two registered or defined CRSs.
    ///
    /// - Throws: `datumRefused` when only a ballpark operation exists and `allowsBallpark` is false.
    init(from source: CRS, to target: CRS, allowsBallpark: Bool) throws(ReprojectionError) {
        let context = try ProjContext()
        let from = try ProjTransformation.horizontalCRS(source, in: context)
        let to = try ProjTransformation.horizontalCRS(target, in: context)
        guard let created = ProjTransformation.operation(from, to, allowsBallpark: allowsBallpark, in: context) else {
            throw DatumPolicy.refusal(
                from: source, to: target, because: source.datum.isAcceptedIdentity ? target : source)
        }
        unsafe operation = created.release()
        unsafe self.context = context.release()
        self.direction = PJ_FWD
        self.inputFactor = 1
        self.outputFactor = 1
    }

    /// An operator's pipeline from `crs` to CGCS2000 degrees, or backwards.
    init(pipeline: String, of crs: CRS, inverse: Bool) throws(ReprojectionError) {
        let context = try ProjContext()
        guard let created = unsafe ProjObject(proj_create(context.pointer, pipeline)), created.isOperation else {
            // PROJ's own words would quote the pipeline.
            throw ReprojectionError(
                .invalidPipeline,
                "the operator's pipeline for \(crs.label) is not a PROJ operation; check it with the `cct` tool")
        }
        let direction = inverse ? PJ_INV : PJ_FWD
        if inverse {
            let information = unsafe proj_pj_info(created.pointer)
            guard unsafe information.has_inverse != 0 else {
                throw ReprojectionError(
                    .invalidPipeline, "the operator's pipeline for \(crs.label) has no inverse; data cannot be served in it")
            }
        }
        inputFactor = unsafe proj_angular_input(created.pointer, direction) != 0 ? .pi / 180 : 1
        outputFactor = unsafe proj_angular_output(created.pointer, direction) != 0 ? 180 / .pi : 1
        unsafe operation = created.release()
        unsafe self.context = context.release()
        self.direction = direction
    }

    deinit {
        // The operation lives in the context and goes first.
        unsafe proj_destroy(operation)
        unsafe proj_context_destroy(context)
    }

    private static func horizontalCRS(
        _ crs: CRS, in context: borrowing ProjContext
    ) throws(ReprojectionError) -> ProjObject {
        guard let object = unsafe ProjObject(proj_create(context.pointer, crs.id)) else {
            throw ReprojectionError(.unknownCRS, "PROJ does not know \(crs.label)")
        }
        return try CRS.horizontal(of: object, in: context, label: crs.label)
    }

    private static func operation(
        _ source: borrowing ProjObject, _ target: borrowing ProjObject, allowsBallpark: Bool,
        in context: borrowing ProjContext
    ) -> ProjObject? {
        let option = allowsBallpark ? "ALLOW_BALLPARK=YES" : "ALLOW_BALLPARK=NO"
        let raw = unsafe option.withCString { text in
            let options: [UnsafePointer<CChar>?] = unsafe [text, nil]
            return unsafe options.withUnsafeBufferPointer { list in
                unsafe proj_create_crs_to_crs_from_pj(
                    context.pointer, source.pointer, target.pointer, nil, list.baseAddress)
            }
        }
        guard let created = unsafe ProjObject(raw) else { return nil }
        return unsafe ProjObject(proj_normalize_for_visualization(context.pointer, created.pointer))
    }

    /// Carries every position; those that PROJ cannot place become NaN.
    ///
    /// - Returns: how many could not be placed.
    func transform(_ coordinates: inout [Coordinate]) -> Int {
        let count = coordinates.count
        guard count > 0 else { return 0 }
        if inputFactor != 1 { ProjTransformation.scale(&coordinates, by: inputFactor) }
        unsafe coordinates.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            let x = unsafe base.assumingMemoryBound(to: Double.self)
            let stride = MemoryLayout<Coordinate>.stride
            unsafe proj_errno_reset(operation)
            unsafe proj_trans_generic(
                operation, direction, x, stride, count, x + 1, stride, count, nil, 0, 0, nil, 0, 0)
        }
        var failures = 0
        for i in coordinates.indices {
            if coordinates[i].isFinite {
                coordinates[i].x *= outputFactor
                coordinates[i].y *= outputFactor
            } else {
                coordinates[i] = .unplaceable
                failures &+= 1
            }
        }
        return failures
    }

    private static func scale(_ coordinates: inout [Coordinate], by factor: Double) {
        for i in coordinates.indices {
            coordinates[i].x *= factor
            coordinates[i].y *= factor
        }
    }
}

extension ProjObject {
    /// Whether the object carries positions, rather than being a CRS or a datum.
    var isOperation: Bool {
        switch type {
        case PJ_TYPE_CONVERSION, PJ_TYPE_TRANSFORMATION, PJ_TYPE_CONCATENATED_OPERATION,
            PJ_TYPE_OTHER_COORDINATE_OPERATION:
            true
        default: false
        }
    }
}

extension Coordinate {
    static let unplaceable = Coordinate(x: .nan, y: .nan)
}
