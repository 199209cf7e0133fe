internal import CPROJ

/// One PROJ context: silent, and never on the network.
@safe
struct ProjContext: ~Copyable {
    let pointer: OpaquePointer

    init() throws(ReprojectionError) {
        guard let created = unsafe proj_context_create() else {
            throw ReprojectionError(.engineUnavailable, "PROJ gave no context: out of memory")
        }
        unsafe pointer = created
        unsafe proj_log_level(created, PJ_LOG_NONE)
        unsafe proj_context_set_enable_network(created, 0)
    }

    deinit { unsafe proj_context_destroy(pointer) }

    /// Hands the context to an owner that destroys it itself.
    @unsafe
    consuming func release() -> OpaquePointer {
        let released = unsafe pointer
        discard self
        return unsafe released
    }
}

/// One PROJ object, a CRS or an operation, owned.
///
/// It must not outlive the context it was made in.
@safe
struct ProjObject: ~Copyable {
    let pointer: OpaquePointer

    /// `nil` when PROJ made nothing.
    init?(_ created: OpaquePointer?) {
        guard let created = unsafe created else { return nil }
        unsafe pointer = created
    }

    deinit { unsafe proj_destroy(pointer) }

    /// Hands the object to an owner that destroys it itself.
    @unsafe
    consuming func release() -> OpaquePointer {
        let released = unsafe pointer
        discard self
        return unsafe released
    }

    var name: String {
        guard let text = unsafe proj_get_name(pointer) else { return "" }
        return unsafe String(cString: text)
    }

    var type: PJ_TYPE { unsafe proj_get_type(pointer) }
}
