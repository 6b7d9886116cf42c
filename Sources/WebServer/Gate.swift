import Foundation
import HTTPTypes
import Serving

/// Who may come in: checks that come before any route.
struct Gate: Sendable {
    private let configuration: ServerConfiguration
    private let limiter: RateLimiter?

    init(_ configuration: ServerConfiguration) {
        self.configuration = configuration
        limiter = configuration.ratePerToken.map(RateLimiter.init)
    }

    /// A page of another site can reach a server of this machine by a name that it lets point here: the name tells.
    func checkHost(_ authority: String?) throws(Problem) {
        guard case .host(let own, _) = configuration.address, configuration.address.isLocal, let authority else {
            return
        }
        let host = Self.host(of: authority.lowercased())
        guard ["localhost", "127.0.0.1", "[::1]", own.lowercased()].contains(host) else {
            throw Problem(.wrongHost, "this server is not \"\(host.prefix(100))\"")
        }
    }

    private static func host(of authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        return String(authority.prefix { $0 != ":" })
    }

    /// Pages of other sites may not change anything, nor ask, unless they were named.
    func checkOrigin(_ origin: String?, _ authority: String?, _ method: HTTPRequest.Method) throws(Problem) {
        guard let origin, method != .get, method != .head, method != .options, !allows(origin: origin) else { return }
        let own = origin.split(separator: "/").last.map(String.init)
        guard let own, own.lowercased() == authority?.lowercased() else {
            throw Problem(.forbidden, "pages of \(origin.prefix(100)) may not ask; --cors lets them")
        }
    }

    func allows(origin: String) -> Bool { configuration.origins.contains(origin) }

    /// - Returns: the name of the token; nil where none was needed.
    func admit(_ headers: HTTPFields, to access: Route.Access) throws(Problem) -> String? {
        if access == .open || access == .metrics && configuration.hasPublicMetrics { return nil }
        guard let tokens = configuration.tokens else {
            guard access == .admin else { return nil }
            throw Problem(.forbidden, "nobody may change an index here: the server was started without tokens")
        }
        guard let token = Self.token(headers) else { throw Problem(.unauthorized, "a token is needed") }
        guard let entry = tokens.entry(for: token) else { throw Problem(.unauthorized, "the token is not known") }
        let scope: AccessTokens.Scope =
            switch access {
            case .admin: .admin
            case .metrics: .metrics
            case .open, .search: .search
            }
        guard entry.scopes.contains(scope) else {
            throw Problem(.forbidden, "the token is not for \(scope.rawValue)")
        }
        return entry.name
    }

    /// - Returns: the seconds that a token must wait; nil where it may go on.
    func wait(for name: String?) -> Double? { name.flatMap { limiter?.wait(for: $0) } }

    private static func token(_ headers: HTTPFields) -> String? {
        if let value = headers[.authorization] {
            let parts = value.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
            return parts[1].trimmingCharacters(in: .whitespaces)
        }
        return headers[.apiKey]
    }
}
