/// Where a document's data and pictures come from, and the state that its expressions may ask for.
extension StyleCompiler {
    mutating func sprites(_ json: JSONValue?) -> [(id: String, url: String)] {
        switch json {
        case nil: return []
        case .string(let url): return [("default", url)]
        case .array(let items):
            var seen: Set<String> = []
            return items.enumerated().compactMap { i, item in
                guard let id = item.object?["id"]?.text, let url = item.object?["url"]?.text else {
                    fault(
                        "sprite[\(i)]", "expected an object with \"id\" and \"url\", \(item.description.prefix(80)) found",
                        chinese: "应为含 id 和 url 的对象，实为 \(item.description.prefix(80))")
                    return nil
                }
                if !seen.insert(id).inserted {
                    fault(
                        "sprite[\(i)].id", "all the sprites' ids must be unique, but \(id) is duplicated",
                        chinese: "符号集编号“\(id)”重复")
                }
                return (id, url)
            }
        case .some(let other):
            fault(
                "sprite", "string or array expected, \(other.typeName) found", chinese: "应为 string 或 array，实为 \(other.typeName)")
            return []
        }
    }

    /// - Returns: the sources' types by identifier.
    mutating func sources(_ json: JSONValue?) -> [String: String] {
        guard let json else {
            fault(.missing("sources", at: "sources"))
            return [:]
        }
        guard case .object(let sources) = json else {
            fault(.expected("object", json, at: "sources"))
            return [:]
        }
        var out: [String: String] = [:]
        for (id, source) in sources.sorted(by: { $0.key < $1.key }) {
            let path = "sources.\(id)"
            guard let members = source.object else {
                fault(.expected("object", source, at: path))
                continue
            }
            guard let type = members["type"] else {
                fault(.missing("type", at: path))
                continue
            }
            guard let kind = type.text, let rules = MemberRules.source(kind) else {
                fault(.expected(oneOf: MemberRules.sourceTypes, type, at: path + ".type"))
                // The layers of the source have no second fault of this one.
                out[id] = ""
                continue
            }
            for issue in rules.issues(members, path) { fault(issue) }
            out[id] = kind
        }
        return out
    }

    mutating func state(_ json: JSONValue?) -> [String: ExpressionValue] {
        guard let json else { return [:] }
        guard case .object(let members) = json else {
            fault(.expected("object", json, at: "state"))
            return [:]
        }
        var out: [String: ExpressionValue] = [:]
        for (name, entry) in members.sorted(by: { $0.key < $1.key }) {
            guard let object = entry.object else {
                fault(.expected("object", entry, at: "state.\(name)"))
                continue
            }
            out[name] = ExpressionValue(object["default"] ?? .null)
        }
        return out
    }
}
