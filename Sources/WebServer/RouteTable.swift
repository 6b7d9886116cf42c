import Foundation
import HTTPTypes
import Serving

/// Finds the route of a path.
package struct RouteTable: Sendable {
    /// A piece of a route's path.
    private enum Segment: Sendable {
        case literal(String)
        case open(String)
        case rest(String)

        init(_ text: Substring) {
            if text.hasPrefix("{+") {
                self = .rest(String(text.dropFirst(2).dropLast()))
            } else if text.hasPrefix("{") {
                self = .open(String(text.dropFirst().dropLast()))
            } else {
                self = .literal(String(text))
            }
        }
    }

    package enum Result {
        case found(Route, [String: String])
        /// The path is known, but not with the method; those that it has.
        case otherMethods([HTTPRequest.Method])
        case unknown
    }

    package let routes: [Route]
    private let patterns: [[Segment]]

    package init(_ routes: [Route]) {
        // What says more comes first.
        self.routes = routes.enumerated().sorted { a, b in
            let (x, y) = (Self.openness(a.element.path), Self.openness(b.element.path))
            return x != y ? x < y : a.offset < b.offset
        }.map(\.element)
        patterns = self.routes.map { $0.path.split(separator: "/").map(Segment.init) }
    }

    private static func openness(_ path: String) -> Int { path.count { $0 == "{" } + 10 * path.count { $0 == "+" } }

    /// - Parameter path: as it came, with its percent signs.
    package func find(_ method: HTTPRequest.Method, _ path: String) -> Result {
        var segments: [String] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            guard let text = String(part).removingPercentEncoding else { return .unknown }
            segments.append(text)
        }
        if segments == [""] { segments = [] }
        var (others, known) = ([HTTPRequest.Method](), nil as String?)
        for (route, pattern) in zip(routes, patterns) {
            guard let parameters = Self.match(pattern, segments) else { continue }
            // What says less of the path is not meant.
            guard known ?? route.path == route.path else { continue }
            known = route.path
            // Who may ask for something may ask how large it is.
            if route.method == method || (method == .head && route.method == .get) { return .found(route, parameters) }
            others.append(route.method)
        }
        return others.isEmpty ? .unknown : .otherMethods(others)
    }

    private static func match(_ pattern: [Segment], _ segments: [String]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (place, segment) in pattern.enumerated() {
            guard place < segments.count else { return nil }
            switch segment {
            case .literal(let text): guard segments[place] == text else { return nil }
            case .open(let name):
                guard !segments[place].isEmpty else { return nil }
                parameters[name] = segments[place]
            case .rest(let name):
                let rest = segments[place...].joined(separator: "/")
                guard !rest.isEmpty else { return nil }
                parameters[name] = rest
                return parameters
            }
        }
        return pattern.count == segments.count ? parameters : nil
    }
}

/// Reads the query string of a URL, as forms write it.
package enum QueryString {
    /// - Throws: ``Problem`` where it is not UTF-8, or a name is there twice.
    package static func parameters(_ text: Substring) throws(Problem) -> [String: String] {
        var found: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            func decoded(_ part: Substring) throws(Problem) -> String {
                guard let text = String(part).replacing("+", with: " ").removingPercentEncoding else {
                    throw Problem(.invalidOption, "the query string is not percent-encoded UTF-8")
                }
                return text
            }
            let name = try decoded(parts[0])
            guard found[name] == nil else { throw Problem(.invalidOption, "\(name) is given twice", member: name) }
            found[name] = parts.count > 1 ? try decoded(parts[1]) : ""
        }
        return found
    }
}
