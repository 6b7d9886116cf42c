import ArgumentParser
import Engine
import Memory
import Serving

/// Indexes as arguments name them for interfaces: PATH, under the folder's name, or NAME=PATH.
enum ServedIndexes {
    /// - Throws: `ValidationError` where an index has no name that can stand in an address.
    static func open(_ arguments: [String], precision: Precision) throws -> [ServedIndex] {
        guard !arguments.isEmpty else { throw ValidationError("name an index") }
        return try arguments.map { argument in
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            let isNamed = parts.count == 2 && IndexName.isValid(parts[0])
            let path = isNamed ? parts[1] : argument
            guard let name = isNamed ? parts[0] : IndexName.of(path: path) else {
                throw ValidationError("\"\(argument)\" cannot be a name in an address; write NAME=\(argument)")
            }
            return ServedIndex(name: name, engine: try Engine.open(path, precision: precision))
        }
    }
}
