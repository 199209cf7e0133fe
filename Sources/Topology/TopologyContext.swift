internal import CGEOS
internal import SimpleFeatures

/// One GEOS context: validity, repair, predicates, overlay.
///
/// It owns GEOS state, so it belongs to one owner at a time. Creating one costs less than a microsecond.
@safe
public struct TopologyContext: ~Copyable {
    /// Geometries with more positions are refused as `tooLarge`: GEOS needs some 200 bytes a position and cannot be
    /// stopped half-way.
    public static let positionLimit = 4_000_000

    let engine: GeosEngine

    public init() throws(TopologyError) {
        engine = try GeosEngine()
    }

    deinit { unsafe engine.destroy() }

    @unsafe
    var handle: OpaquePointer { unsafe engine.handle }

    func failure(_ step: String) -> TopologyError { engine.failure(step) }
    func build(_ geometry: Geometry) throws(TopologyError) -> GeosGeometry { try engine.build(geometry) }
    func read(_ geometry: borrowing GeosGeometry) -> Geometry { engine.read(geometry) }

    @unsafe
    func read(_ pointer: OpaquePointer) -> Geometry { unsafe engine.read(pointer) }

    @unsafe
    func owned(_ created: OpaquePointer?, _ step: String) throws(TopologyError) -> GeosGeometry {
        try unsafe engine.owned(created, step)
    }
}

/// The context as the wrappers pass it among themselves: not owning, valid while its `TopologyContext` lives.
@safe
struct GeosEngine {
    let handle: OpaquePointer
    private let messages: Unmanaged<MessageBox>

    init() throws(TopologyError) {
        guard let created = unsafe GEOS_init_r() else {
            throw TopologyError(.engineFailure, "GEOS gave no context: out of memory")
        }
        unsafe handle = created
        unsafe messages = Unmanaged.passRetained(MessageBox())
        unsafe GEOSContext_setErrorMessageHandler_r(
            created,
            { text, box in
                guard let text = unsafe text, let box = unsafe box else { return }
                unsafe Unmanaged<MessageBox>.fromOpaque(box).takeUnretainedValue().last = String(cString: text)
            }, messages.toOpaque())
    }

    /// To be called once, by the owner.
    @unsafe
    func destroy() {
        unsafe GEOS_finish_r(handle)
        unsafe messages.release()
    }

    /// What GEOS last complained about, as an error that names the step.
    func failure(_ step: String) -> TopologyError {
        let box = unsafe messages.takeUnretainedValue()
        defer { box.last = "" }
        return TopologyError(.engineFailure, "\(step) failed: \(box.last.isEmpty ? "no reason given" : box.last)")
    }

    /// Takes ownership of what GEOS made; throws where it made nothing.
    @unsafe
    func owned(_ created: OpaquePointer?, _ step: String) throws(TopologyError) -> GeosGeometry {
        guard let created = unsafe created else { throw failure(step) }
        return unsafe GeosGeometry(handle: handle, pointer: created)
    }

    private final class MessageBox {
        var last = ""
    }
}

/// One GEOS geometry, owned. It must not outlive its context.
@safe
struct GeosGeometry: ~Copyable {
    private let handle: OpaquePointer
    let pointer: OpaquePointer

    @unsafe
    init(handle: OpaquePointer, pointer: OpaquePointer) {
        unsafe self.handle = handle
        unsafe self.pointer = pointer
    }

    deinit { unsafe GEOSGeom_destroy_r(handle, pointer) }

    /// Hands the geometry to a GEOS call that takes ownership.
    @unsafe
    consuming func release() -> OpaquePointer {
        let released = unsafe pointer
        discard self
        return unsafe released
    }
}
