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
        } catch let error as DecodingError {
            throw problem(error)
        } catch {
            throw Problem(error)
        }
    }

    private static func problem(_ error: DecodingError) -> Problem {
        func named(_ context: DecodingError.Context, _ what: String, _ last: (any CodingKey)? = nil) -> Problem {
            let path = (context.codingPath + (last.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
            return Problem(.invalidOption, "\(path.isEmpty ? "the request" : path) \(what)", member: path)
        }
        switch error {
        case .keyNotFound(let key, let context): return named(context, "must be given", key)
        case .typeMismatch(_, let context), .valueNotFound(_, let context): return named(context, "is of another type")
        case .dataCorrupted(let context) where !context.codingPath.isEmpty: return named(context, "cannot be this")
        default: return Problem(.invalidJSON, "the request is no JSON")
        }
    }
}
