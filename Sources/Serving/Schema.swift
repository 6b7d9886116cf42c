import Search

/// A JSON Schema (2020-12) of what a call takes or gives.
public indirect enum Schema: Sendable, Equatable {
    public struct Member: Sendable, Equatable {
        public var name: String
        public var schema: Schema
        public var isRequired: Bool
        public var summary: String?

        public init(_ name: String, _ schema: Schema, _ summary: String? = nil, required: Bool = false) {
            (self.name, self.schema, self.summary, isRequired) = (name, schema, summary, required)
        }
    }

    /// An object with these members and no others.
    case object([Member])
    /// An object with these members, and any others besides.
    case open([Member])
    /// An object whose members all are of one kind.
    case map(Schema)
    case array(Schema)
    /// A list that is not empty.
    case list(Schema)
    /// A pair of whole numbers.
    case range
    case text
    /// A text with something to search for.
    case query
    case bool
    case number
    /// A whole number, from `least` up to `most`.
    case integer(least: Int?, most: Int?)
    case oneOf([String])
    case any([Schema])
    /// A schema that has a name.
    case named(String)
    /// Anything at all.
    case anything

    public static var count: Schema { .integer(least: 0, most: nil) }

    /// The schema as JSON.
    ///
    /// - Parameter place: where named schemas stand.
    public func tree(names place: String = "#/components/schemas/") -> JSONTree {
        func type(_ name: String, _ more: [String: JSONTree] = [:]) -> JSONTree {
            .object(more.merging(["type": .string(name)]) { $1 })
        }
        switch self {
        case .object(let members), .open(let members):
            let properties = members.map { member -> (String, JSONTree) in
                var tree = member.schema.tree(names: place)
                if let summary = member.summary { tree["description"] = .string(summary) }
                return (member.name, tree)
            }
            var more: [String: JSONTree] = ["properties": .object(Dictionary(uniqueKeysWithValues: properties))]
            if case .object = self { more["additionalProperties"] = .bool(false) }
            let required = members.filter(\.isRequired).map(\.name).sorted()
            if !required.isEmpty { more["required"] = .array(required.map { .string($0) }) }
            return type("object", more)
        case .map(let values): return type("object", ["additionalProperties": values.tree(names: place)])
        case .array(let items): return type("array", ["items": items.tree(names: place)])
        case .list(let items):
            return type("array", ["items": items.tree(names: place), "minItems": .integer(1)])
        case .range:
            return type(
                "array",
                ["items": type("integer", ["minimum": .integer(0)]), "minItems": .integer(2), "maxItems": .integer(2)])
        case .text: return type("string")
        case .query: return type("string", ["pattern": .string("[^\\s!-/:-@\\[-`{-~]")])
        case .bool: return type("boolean")
        case .number: return type("number")
        case .integer(let least, let most):
            var bounds: [String: JSONTree] = [:]
            if let least { bounds["minimum"] = .integer(Int64(least)) }
            if let most { bounds["maximum"] = .integer(Int64(most)) }
            return type("integer", bounds)
        case .oneOf(let names): return type("string", ["enum": .array(names.map { .string($0) })])
        case .any(let schemas): return .object(["anyOf": .array(schemas.map { $0.tree(names: place) })])
        case .named(let name): return .object(["$ref": .string(place + name)])
        case .anything: return .object([:])
        }
    }
}
