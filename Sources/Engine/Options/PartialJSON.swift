import Foundation
import Search

/// Options of which one member's members stand beside the others in JSON.
protocol FlattenedOptions {
    static var flattened: String { get }
}

/// Reads a value from JSON that names only some of its members; the others have their defaults.
enum PartialJSON {
    /// The value, whose defaults are those of `base`.
    ///
    /// - Parameter isStrict: whether a member that the value does not have is an error.
    /// - Throws: ``OptionFault`` that names the member; `DecodingError` never.
    static func decode<Value: Codable>(_ tree: JSONTree, over base: Value, isStrict: Bool) throws(OptionFault) -> Value
    {
        let (whole, names) = (try? JSONTree(encoding: base), Members(of: base))
        let merged = try overlay(tree, on: whole ?? .object([:]), names, path: "", isStrict)
        do {
            return try merged.decoded(as: Value.self)
        } catch let error as DecodingError {
            throw fault(error)
        } catch {
            throw OptionFault("options", "\(error)")
        }
    }

    /// The names that a value's members have in JSON, where it is a struct with the usual ones.
    private struct Members {
        var known: [String: Members] = [:]
        /// Also one that has no member at all.
        private(set) var isStruct = false

        init(of value: Any) {
            let mirror = Mirror(reflecting: value)
            if mirror.displayStyle == .optional {
                // A struct that is not there has members all the same, which nobody can see.
                if let some = mirror.children.first { self = Members(of: some.value) }
                return
            }
            guard mirror.displayStyle == .struct else { return }
            isStruct = true
            let flattened = (value as? any FlattenedOptions).map { type(of: $0).flattened }
            for (label, child) in mirror.children {
                guard let label else { continue }
                if label == flattened {
                    known.merge(Members(of: child).known, uniquingKeysWith: { own, _ in own })
                } else {
                    known[label] = Members(of: child)
                }
            }
        }
    }

    private static func overlay(
        _ tree: JSONTree, on base: JSONTree, _ names: Members, path: String, _ isStrict: Bool
    ) throws(OptionFault) -> JSONTree {
        guard case .object(let members) = tree, case .object(var merged) = base, names.isStruct else { return tree }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            let place = path.isEmpty ? name : path + "." + name
            guard let inner = names.known[name] else {
                guard isStrict else { continue }
                throw OptionFault(unknown: place, known: names.known.keys.sorted())
            }
            merged[name] =
                try merged[name].map { own throws(OptionFault) in
                    try overlay(value, on: own, inner, path: place, isStrict)
                } ?? value
        }
        return .object(merged)
    }

    private static func fault(_ error: DecodingError) -> OptionFault {
        let (context, expected): (DecodingError.Context, String) =
            switch error {
            case .typeMismatch(let type, let context): (context, name(of: type))
            case .valueNotFound(let type, let context): (context, name(of: type))
            case .keyNotFound(_, let context): (context, "more members")
            case .dataCorrupted(let context): (context, context.debugDescription)
            @unknown default: (.init(codingPath: [], debugDescription: ""), "another value")
            }
        return OptionFault(context.codingPath.map(\.stringValue).joined(separator: "."), expected)
    }

    private static func name(of type: Any.Type) -> String {
        switch type {
        case is Bool.Type: "true or false"
        case is String.Type: "a text"
        case is any BinaryInteger.Type: "a whole number"
        case is any BinaryFloatingPoint.Type: "a number"
        default: "\(type)"
        }
    }
}
