public import Tiling
public import Wording

/// The functions that filters may call besides the standard's (OGC 21-065r2 clause 7.9).
public struct FunctionsDocument: Hashable, Sendable {
    public struct Function: Hashable, Sendable {
        public var name: String
        public var description: LocalisedText
        /// JSON Schema's names of types, with `datetime` and `geometry`.
        public var arguments: [String]
        public var result: String

        public init(name: String, description: LocalisedText, arguments: [String], result: String) {
            self.name = name
            self.description = description
            self.arguments = arguments
            self.result = result
        }
    }

    public var functions: [Function]

    public init(functions: [Function]) {
        self.functions = functions
    }

    public func json() -> JSONDocument {
        [
            "functions": .array(functions.map { function in
                [
                    "name": .string(function.name), "description": .string(function.description.both),
                    "args": .array(function.arguments.map { ["type": .strings([$0])] }), "returns": .strings([function.result]),
                ]
            })
        ]
    }
}
