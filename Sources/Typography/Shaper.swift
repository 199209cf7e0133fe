import CHarfBuzz

/// HarfBuzz's working buffer, reused from label to label.
@safe
final class Shaper {
    let buffer: OpaquePointer
    /// Chosen once, so that no locale of the machine shows in the glyphs.
    let language: OpaquePointer?

    init() {
        unsafe buffer = hb_buffer_create()
        unsafe language = hb_language_from_string("zh-hans", -1)
        unsafe hb_buffer_set_cluster_level(buffer, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_CHARACTERS)
    }

    deinit {
        unsafe hb_buffer_destroy(buffer)
    }
}
