import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import Serving

/// Answers requests: finds their route, lets in who may, and tells in every failure what was wrong.
struct WebResponder: HTTPResponder {
    typealias Context = Connection

    let state: ServerState
    let table: RouteTable
    let gate: Gate

    func respond(to request: Request, context: Connection) async throws -> Response {
        let id = Self.id(request.headers[.requestID])
        var exchange = Exchange(request: request, id: id, connection: context)
        var route: Route?
        var response: Response
        do {
            response = try await answer(&exchange, &route)
        } catch let error as HTTPParserError {
            // What is no HTTP is answered where it is read.
            throw error
        } catch is CancellationError {
            response = .problem(Problem(.stopping, "the server stops"), route?.failures ?? .problem)
        } catch {
            response = failure(error, exchange, route)
        }
        if request.method == .head { response = response.createHeadResponse() }
        response.headers[.requestID] = id
        response.headers[.xContentTypeOptions] = "nosniff"
        addOrigin(request, &response)
        note(exchange, route, response)
        return response
    }

    private func answer(_ exchange: inout Exchange, _ route: inout Route?) async throws -> Response {
        let request = exchange.request
        try gate.checkHost(request.head.authority)
        let target = request.head.path ?? "/"
        let path = target.prefix { $0 != "?" }
        let found: Route
        switch table.find(request.method, String(path)) {
        case .found(let own, let parameters):
            (found, route) = (own, own)
            exchange.parameters = parameters
        case .otherMethods(let methods):
            if request.method == .options { return preflight(request, methods) }
            var problem = Response.problem(
                Problem(.methodNotAllowed, "\(request.method.rawValue.prefix(20)) is not for this path"), .problem)
            problem.headers[.allow] = Self.allowed(methods)
            return problem
        case .unknown: throw Problem(.notFound, "there is nothing at this path")
        }
        try gate.checkOrigin(request.headers[.origin], request.head.authority, request.method)
        exchange.caller = try gate.admit(request.headers, to: found.access)
        if let seconds = gate.wait(for: exchange.caller) {
            var response = Response.problem(Problem(.tooManyRequests, "this token asks too often"), found.failures)
            response.headers[.retryAfter] = "\(Int(seconds.rounded(.up)))"
            return response
        }
        if state.isStopping, found.access != .open { throw Problem(.stopping, "the server stops") }
        exchange.query = try QueryString.parameters(target.dropFirst(path.count + 1))
        return try await found.handler(exchange, state)
    }

    private func failure(_ error: any Error, _ exchange: Exchange, _ route: Route?) -> Response {
        var problem = Problem(error)
        if problem.code == .cancelled, !exchange.connection.isClosed {
            problem =
                state.isAborting
                ? Problem(.stopping, "the server stops") : Problem(.timedOut, "there was no answer in time")
        }
        problem.requestId = exchange.id
        switch problem.code {
        case .busy: state.metrics.count("rejected", ["reason": "busy"])
        case .tooManyRequests: state.metrics.count("rejected", ["reason": "rate"])
        case .unauthorized:
            state.logger.notice(
                "no or wrong token",
                metadata: [
                    "address": "\(exchange.connection.channel.remoteAddress?.ipAddress ?? "?")",
                    "request": "\(exchange.id)",
                ])
        case .internalError, .indexFailed:
            state.logger.error("\(problem.detail)", metadata: ["request": "\(exchange.id)"])
        default: break
        }
        var response = Response.problem(problem, route?.failures ?? .problem)
        if problem.code == .tooLarge || problem.code == .timedOut {
            // What still comes of the body is not waited for.
            response.headers[.connection] = "close"
            let channel = exchange.connection.channel
            channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        }
        return response
    }

    // MARK: Headers

    /// The client's id of a request where it is harmless in a log, else a new one.
    private static func id(_ wish: String?) -> String {
        if let wish, (1...64).contains(wish.utf8.count),
            wish.utf8.allSatisfy({
                (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
                    || ".-_".utf8.contains($0)
            })
        {
            return wish
        }
        return String(UInt64.random(in: 0...UInt64.max), radix: 16)
    }

    private static func allowed(_ methods: [HTTPRequest.Method]) -> String {
        (methods + (methods.contains(.get) ? [.head] : []) + [.options]).map(\.rawValue).joined(separator: ", ")
    }

    private func preflight(_ request: Request, _ methods: [HTTPRequest.Method]) -> Response {
        var response = Response(status: .noContent, headers: [.allow: Self.allowed(methods)])
        if let origin = request.headers[.origin], gate.allows(origin: origin) {
            response.headers[.accessControlAllowMethods] = Self.allowed(methods)
            response.headers[.accessControlAllowHeaders] =
                "Authorization, Content-Type, Prefer, X-API-Key, X-Request-ID"
            response.headers[.accessControlMaxAge] = "600"
        }
        return response
    }

    private func addOrigin(_ request: Request, _ response: inout Response) {
        guard !state.configuration.origins.isEmpty else { return }
        response.headers[.vary] = "Origin"
        if let origin = request.headers[.origin], gate.allows(origin: origin) {
            response.headers[.accessControlAllowOrigin] = origin
            response.headers[.accessControlExposeHeaders] = "ETag, Retry-After, X-Request-ID"
        }
    }

    // MARK: What is kept of a request

    private func note(_ exchange: Exchange, _ route: Route?, _ response: Response) {
        let seconds = (ContinuousClock.now - exchange.connection.begun) / .seconds(1)
        let pattern = route?.path ?? "none"
        let method = ["GET", "POST", "HEAD", "OPTIONS"].first { $0 == exchange.request.method.rawValue } ?? "other"
        state.metrics.count(
            "requests", ["route": pattern, "method": method, "status": "\(response.status.code)"])
        state.metrics.time("request", ["route": pattern], seconds: seconds)
        var metadata: Logger.Metadata = [
            "request": "\(exchange.id)", "method": "\(method)", "route": "\(pattern)",
            "status": "\(response.status.code)", "ms": "\((seconds * 10_000).rounded() / 10)",
        ]
        if let caller = exchange.caller { metadata["token"] = "\(caller)" }
        // Those that are sent away are many, and counted.
        let isFault = response.status.code >= 500 && response.status.code != 503
        state.logger.log(level: isFault ? .warning : .debug, "answered", metadata: metadata)
    }
}
