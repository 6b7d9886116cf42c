import Foundation
import HTTPTypes
import HummingbirdCore
import Memory
import NIOCore
import NIOHTTP1
import Search
import Serving

/// One request on its way to an answer.
struct Exchange: Sendable {
    let request: Request
    /// Of logs and problems.
    let id: String
    /// Whether the client is still there.
    let connection: Connection
    /// What stands in the places that the route's path leaves open, percent-decoded.
    var parameters: [String: String] = [:]
    /// Of the query string, decoded; the first of a name.
    var query: [String: String] = [:]
    /// The name of the token that asks; nil where none is needed.
    var caller: String?

    /// - Throws: ``Problem`` where the body is of another type than JSON, too long or too slow.
    func json(_ state: ServerState) async throws -> [UInt8] {
        try requireType("application/json")
        return try await body(state)
    }

    /// - Throws: ``Problem`` where the content is of another type: a page of another site can only send some simple ones unasked.
    func requireType(_ types: String...) throws {
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }
            .trimmingCharacters(in: .whitespaces).lowercased()
        guard types.contains(type) else {
            throw Problem(.unsupportedType, "Content-Type must be \(types.joined(separator: " or "))")
        }
    }

    /// The body's bytes.
    func body(_ state: ServerState) async throws -> [UInt8] {
        let (body, limit) = (request.body, state.configuration.maxBody)
        let tooLarge = Problem(.tooLarge, "the body may have \(limit) bytes")
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit { throw tooLarge }
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                do {
                    return [UInt8](buffer: try await body.collect(upTo: limit))
                } catch is NIOTooManyBytesError {
                    throw tooLarge
                } catch  where error is HTTPParserError || error is CancellationError {
                    throw error
                } catch {
                    throw Problem(.invalidJSON, "the body did not come whole")
                }
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(state.configuration.bodyTimeout))
                return nil
            }
            defer { group.cancelAll() }
            guard let bytes = try await group.next(), let bytes else {
                throw Problem(.timedOut, "the body did not come in time")
            }
            return bytes
        }
    }

    /// The index that the path names.
    func index(_ state: ServerState) throws -> ServedIndex {
        try state.index(named: parameters["index"] ?? query["index"])
    }

    /// Ends work as soon as the time is up, the client is gone, or the server must stop.
    func cancellation(_ state: ServerState) -> Cancellation {
        let connection = connection
        return Cancellation(deadline: deadline(state)).or(
            Cancellation { connection.isClosed || state.isAborting })
    }

    /// When an answer is too late: the server's time, or less where the client waits less (RFC 7240).
    private func deadline(_ state: ServerState) -> ContinuousClock.Instant {
        var seconds = state.configuration.timeout
        for part in (request.headers[.prefer] ?? "").split(separator: ",") {
            let pair = part.split(separator: "=")
            if pair.count == 2, pair[0].trimmingCharacters(in: .whitespaces).lowercased() == "wait",
                let wish = Double(pair[1].trimmingCharacters(in: .whitespaces)), wish > 0
            {
                seconds = min(seconds, wish)
            }
        }
        return connection.begun + .seconds(seconds)
    }

    /// Whether the client takes answers of a type, by name.
    func accepts(_ type: String) -> Bool {
        (request.headers[.accept] ?? "").lowercased().split(separator: ",").contains {
            $0.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces) == type
        }
    }
}
