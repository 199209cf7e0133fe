import Raster

/// What this program alone reads of a document, from its `metadata`, which clients pass over.
extension StyleCompiler {
    private static let textBlendings: [String: Blending] = ["stored": .stored, "linear": .linear]

    /// `workmap:text-blending`.
    mutating func textBlending(_ metadata: JSONValue?) -> Blending {
        let name = "workmap:text-blending"
        guard let asked = metadata?.object?[name] else { return .stored }
        guard let word = asked.text, let blending = Self.textBlendings[word] else {
            fault(.expected(oneOf: Self.textBlendings.keys.sorted(), asked, at: "metadata.\(name)"))
            return .stored
        }
        return blending
    }
}
