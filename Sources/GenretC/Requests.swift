import Engine
import Foundation
import Search
import Serving

/// Reads the JSON of a caller.
enum Requests {
    /// - Parameter bytes: empty is an empty object.
    /// - Throws: ``Problem`` where it is no JSON, or not what it should be.
    static func decoded<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws(Problem) -> Value {
        do {
            return try JSONDecoder().decode(type, from: bytes.isEmpty ? Data("{}".utf8) : Data(bytes))
        } catch {
            throw Problem(error)
        }
    }
}
