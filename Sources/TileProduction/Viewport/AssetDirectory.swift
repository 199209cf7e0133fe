import Foundation
import Portrayal

/// The files that a style document's addresses lead to: all below one directory, whatever the address says.
public struct AssetDirectory: Sendable {
    public let path: String?

    private static let scheme = "assets://"

    public init(_ path: String?) { self.path = path }

    /// The file's bytes; `nil` where there is none.
    ///
    /// - Throws: `invalidRequest` for an address that leads out of the directory or to another place.
    func contents(of address: String) throws(PortrayalError) -> [UInt8]? {
        let bare = address.split(separator: "?", maxSplits: 1).first.map(String.init) ?? address
        let relative = bare.hasPrefix(Self.scheme) ? String(bare.dropFirst(Self.scheme.count)) : bare
        guard !relative.contains("://"), !relative.hasPrefix("/"), !relative.split(separator: "/").contains("..") else {
            throw PortrayalError(
                .invalidRequest, "\"\(address)\" does not lie in the assets; write it as \(Self.scheme)PATH, below --assets")
        }
        guard let path else {
            throw PortrayalError(.invalidRequest, "the style asks for \"\(address)\"; say with --assets where such files lie")
        }
        return FileManager.default.contents(atPath: path + "/" + relative).map { [UInt8]($0) }
    }

    /// - Throws: also where there is no such file.
    func require(_ address: String) throws(PortrayalError) -> [UInt8] {
        guard let bytes = try contents(of: address) else {
            throw PortrayalError(.invalidRequest, "\"\(address)\" is not among the assets in \(path ?? "")")
        }
        return bytes
    }
}
