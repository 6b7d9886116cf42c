import Foundation
import Search

/// Fields as a list of values, and filters evaluated one value at a time: what a table must agree with.
struct NaiveFields {
    let json: String
    private let values: [String: [JSONTree]]

    init(_ json: String) throws {
        self.json = json
        var values: [String: [JSONTree]] = [:]
        func add(_ tree: JSONTree, _ name: String) {
            switch tree {
            case .object(let members):
                for (key, value) in members { add(value, name.isEmpty ? key : name + "." + key) }
            case .array(let items): for item in items { add(item, name) }
            case .null: break
            default: values[name, default: []].append(tree)
            }
        }
        if !json.isEmpty { add(try JSONDecoder().decode(JSONTree.self, from: Data(json.utf8)), "") }
        self.values = values
    }

    func values(_ name: String) -> [JSONTree] { values[name] ?? [] }

    func numbers(_ name: String) -> [Double] {
        values(name).compactMap {
            switch $0 {
            case .integer(let value): Double(value)
            case .number(let value): value
            case .string(let text): Double(text)
            default: nil
            }
        }
    }

    func strings(_ name: String) -> [String] {
        values(name).compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
}
