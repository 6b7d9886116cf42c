import Engine
import Foundation
import Search

/// The members of a request's JSON object. A member that does not exist is an error that names it: a misspelt option must not be
/// silently the default.
struct RequestMembers {
    private let members: [String: JSONTree]

    /// - Parameter known: the members that there are.
    /// - Throws: ``OptionFault``.
    init(_ decoder: any Decoder, known: [String]) throws { try self.init(JSONTree(from: decoder), known: known) }

    init(_ tree: JSONTree, known: [String]) throws(OptionFault) {
        guard case .object(let members) = tree else { throw OptionFault("request", "an object") }
        for name in members.keys.sorted() where !known.contains(name) {
            throw OptionFault("\(name)", "left out; there are \(known.joined(separator: ", "))")
        }
        self.members = members
    }

    /// A member that may be absent, or null.
    func value<Value: Decodable>(_ name: String, as type: Value.Type, _ expected: String) throws(OptionFault) -> Value?
    {
        guard let value = members[name], value != .null else { return nil }
        do {
            return try value.decoded(as: type)
        } catch let fault as OptionFault {
            throw OptionFault(name, "\(expected); \(fault)")
        } catch {
            throw OptionFault(name, expected)
        }
    }

    /// A member that must be there.
    func required<Value: Decodable>(_ name: String, as type: Value.Type, _ expected: String) throws(OptionFault)
        -> Value
    {
        guard let value = try value(name, as: type, expected) else { throw OptionFault(name, expected) }
        return value
    }

    func text(_ name: String) throws(OptionFault) -> String { try required(name, as: String.self, "a text") }
    func texts(_ name: String) throws(OptionFault) -> [String] {
        try required(name, as: [String].self, "a list of texts")
    }
}
