import Foundation
import Storage

/// Who may do what. Tokens are kept as SHA-256 digests: who reads the file cannot use them.
public struct AccessTokens: Sendable {
    public enum Scope: String, Sendable, CaseIterable {
        case search, metrics, admin
    }

    public struct Entry: Sendable, Equatable {
        public var name: String
        var digest: [UInt8]
        public var scopes: Set<Scope>
    }

    /// A line of a file of tokens that is none.
    public struct BadLine: Error, Sendable, CustomStringConvertible {
        public var line: Int
        public var reason: String

        public var description: String { "line \(line): \(reason)" }
    }

    public private(set) var entries: [Entry] = []

    public init() {}

    /// Reads a file of tokens: lines `NAME:sha256:HEX:SCOPE,SCOPE`, empty ones and those that begin with # left out.
    ///
    /// - Throws: ``BadLine``.
    public init(file: String) throws(BadLine) {
        for (place, line) in file.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            func fail(_ reason: String) -> BadLine { BadLine(line: place + 1, reason: reason) }
            let parts = line.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 4, !parts[0].isEmpty, parts[1] == "sha256" else {
                throw fail("expected NAME:sha256:HEX:SCOPES")
            }
            guard let digest = Self.bytes(hex: parts[2]), digest.count == 32 else {
                throw fail("the digest has 64 hexadecimal digits")
            }
            let scopes = parts[3].split(separator: ",").map { Scope(rawValue: String($0)) }
            guard !scopes.isEmpty, !scopes.contains(nil) else { throw fail("scopes are search, metrics and admin") }
            guard !entries.contains(where: { $0.name == parts[0] }) else { throw fail("the name is there twice") }
            entries.append(Entry(name: String(parts[0]), digest: digest, scopes: Set(scopes.compactMap { $0 })))
        }
    }

    /// Adds a token.
    public mutating func add(_ name: String, token: String, scopes: Set<Scope>) {
        entries.append(Entry(name: name, digest: Self.digest(of: token), scopes: scopes))
    }

    /// Whose token it is. All digests are compared whole, so that time tells nothing of how much was right.
    package func entry(for token: String) -> Entry? {
        let digest = Self.digest(of: token)
        var found: Entry?
        for entry in entries where Self.areEqual(entry.digest, digest) { found = found ?? entry }
        return found
    }

    /// Whether bytes are equal, in a time that does not depend on which are.
    package static func areEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// A new token of 32 random bytes, and the line of the file that lets it in.
    public static func new(_ name: String, scopes: Set<Scope>) -> (token: String, line: String) {
        var random = SystemRandomNumberGenerator()
        let bytes = Data((0..<32).map { _ in UInt8.random(in: 0...255, using: &random) })
        let token = bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
        let hex = digest(of: token).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let names = Scope.allCases.filter(scopes.contains).map(\.rawValue).joined(separator: ",")
        return (token, "\(name):sha256:\(hex):\(names)")
    }

    private static func digest(of token: String) -> [UInt8] {
        var hash = SHA256()
        hash.update(token)
        return hash.digest()
    }

    private static func bytes(hex: Substring) -> [UInt8]? {
        let digits = hex.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count.isMultiple(of: 2), !digits.contains(nil) else { return nil }
        let known = digits.compactMap { $0 }
        return stride(from: 0, to: known.count, by: 2).map { UInt8(known[$0] << 4 | known[$0 + 1]) }
    }
}
