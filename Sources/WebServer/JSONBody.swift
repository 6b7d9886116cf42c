import Foundation
import Search
import Serving

/// The body of a request in another service's dialect. Clients send members that mean nothing here; they are passed over.
struct JSONBody {
    private let members: [String: JSONTree]

    /// - Throws: ``Problem`` where the bytes are no JSON object.
    init(_ bytes: [UInt8]) throws(Problem) {
        guard let tree = try? JSONDecoder().decode(JSONTree.self, from: Data(bytes)) else {
            throw Problem(.invalidJSON, "the body is no JSON")
        }
        guard case .object(let members) = tree else { throw Problem(.invalidJSON, "the body is no JSON object") }
        self.members = members
    }

    var tree: JSONTree { .object(members) }

    func has(_ name: String) -> Bool { members[name].map { $0 != .null } ?? false }

    private func value(_ name: String) -> JSONTree? { members[name].flatMap { $0 == .null ? nil : $0 } }

    private func fault(_ name: String, _ expected: String) -> Problem {
        Problem(.invalidOption, "\(name) must be \(expected)", member: name)
    }

    func text(_ name: String) throws(Problem) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value else { throw fault(name, "a text") }
        return text
    }

    func flag(_ name: String) throws(Problem) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .bool(let flag) = value else { throw fault(name, "true or false") }
        return flag
    }

    func integer(_ name: String) throws(Problem) -> Int? {
        guard let value = value(name) else { return nil }
        guard case .integer(let number) = value else { throw fault(name, "a whole number") }
        return Int(clamping: number)
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _ type: Choice.Type
    ) throws(Problem) -> Choice? {
        guard let text = try text(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw fault(name, type.allCases.map(\.rawValue).joined(separator: " or "))
        }
        return choice
    }

    /// A text, or a list of texts that is not empty.
    func texts(_ name: String) throws(Problem) -> [String] {
        guard let value = value(name) else { throw fault(name, "given") }
        if case .string(let text) = value { return [text] }
        return try list(name) { item in if case .string(let text) = item { text } else { nil } }
    }

    /// A list of texts, or of objects with a text, that is not empty.
    func documents(_ name: String) throws(Problem) -> [String] {
        try list(name) { item in
            switch item {
            case .string(let text): text
            case .object(let members): if case .string(let text)? = members["text"] { text } else { nil }
            default: nil
            }
        }
    }

    private func list(_ name: String, _ text: (JSONTree) -> String?) throws(Problem) -> [String] {
        guard case .array(let items)? = value(name), !items.isEmpty else {
            throw fault(name, "a list of texts, not empty")
        }
        var texts: [String] = []
        for item in items {
            guard let text = text(item) else { throw fault(name, "a list of texts; tokens cannot be read") }
            texts.append(text)
        }
        return texts
    }
}
