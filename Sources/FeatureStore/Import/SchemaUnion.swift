internal import SimpleFeatures

/// The fields of several sources as those of one layer.
struct SchemaUnion {
    private(set) var schema = FeatureSchema(fields: [])
    /// For each source, the position in the schema of each of its fields.
    private(set) var positions: [[Int]] = []

    /// Fields of one name become one, of a kind that holds both.
    init(_ sources: [FeatureSchema], request: ImportRequest) {
        for source in sources {
            positions.append(source.fields.map { field in
                if let index = schema.index(of: field.name) {
                    schema.fields[index].kind = SchemaUnion.kind(schema.fields[index].kind, field.kind)
                    schema.fields[index].isSensitive = schema.fields[index].isSensitive || field.isSensitive
                    return index
                }
                schema.fields.append(field)
                return schema.fields.count - 1
            })
        }
        for index in schema.fields.indices {
            let name = schema.fields[index].name
            if let title = request.fieldTitles[name] { schema.fields[index].title = title }
            if request.sensitiveFields.contains(name) { schema.fields[index].isSensitive = true }
        }
    }

    private static func kind(_ a: FieldKind, _ b: FieldKind) -> FieldKind {
        if a == b { return a }
        return Set([a, b]) == [.integer, .real] ? .real : Set([a, b]) == [.date, .dateTime] ? .dateTime : .text
    }
}

/// Makes a value what its field's kind says.
enum ValueCoercion {
    /// - Returns: `nil` when the value cannot be of this kind without loss.
    static func coerce(_ value: PropertyValue, to kind: FieldKind) -> PropertyValue? {
        switch (value, kind) {
        case (.null, _), (.boolean, .boolean), (.integer, .integer), (.text, .text), (.text, .date), (.text, .dateTime): value
        case (.real(let r), .real): r.isFinite ? value : nil
        case (.integer(let n), .real): Double(exactly: n).map(PropertyValue.real)
        case (.real(let r), .integer): Int64(exactly: r).map(PropertyValue.integer)
        case (.integer(let n), .boolean): n == 0 ? .boolean(false) : n == 1 ? .boolean(true) : nil
        case (.boolean(let flag), .integer): .integer(flag ? 1 : 0)
        case (.text(let s), .integer): Int64(s).map(PropertyValue.integer)
        case (.text(let s), .real): Double(s).flatMap { $0.isFinite ? .real($0) : nil }
        case (.integer(let n), .text): .text("\(n)")
        case (.real(let r), .text): .text("\(r)")
        case (.boolean(let flag), .text): .text(flag ? "true" : "false")
        default: nil
        }
    }
}
