import Foundation

/// The reference data beside the repository, or where `WORKMAP_CORPORA` says.
enum Corpora {
    static let root: URL = {
        if let path = ProcessInfo.processInfo.environment["WORKMAP_CORPORA"] { return URL(filePath: path) }
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return repository.deletingLastPathComponent().appending(path: "shared/corpora")
    }()

    static let isPresent = FileManager.default.fileExists(atPath: root.path)
}

/// A small generator with a printed seed, so that a failing case can be had again.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
