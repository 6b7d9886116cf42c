import Foundation

/// The name of a passage or a question: equal, hashed and ordered by its bytes in UTF-8.
///
/// Swift's strings count "é" in one scalar and in two as equal; files of identifiers, and every other
/// program that reads them, do not.
public struct Identifier: Sendable {
    public let string: String

    public init(_ string: some StringProtocol) {
        self.string = String(string)
    }

    public var isEmpty: Bool { string.isEmpty }

    /// - Complexity: O(length) without a copy, as native strings lie in one piece.
    @inline(__always)
    private func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = string.utf8.withContiguousStorageIfAvailable(body) { return result }
        var copy = string
        return copy.withUTF8(body)
    }
}

extension Identifier: Hashable {
    public static func == (first: Identifier, second: Identifier) -> Bool {
        guard first.string.utf8.count == second.string.utf8.count else { return false }
        return order(first, second) == 0
    }

    public func hash(into hasher: inout Hasher) {
        withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    /// Negative, zero or positive, as of C's `strcmp`.
    private static func order(_ first: Identifier, _ second: Identifier) -> Int {
        first.withBytes { left in
            second.withBytes { right in
                let shared = min(left.count, right.count)
                if shared > 0, let a = left.baseAddress, let b = right.baseAddress {
                    let difference = Int(memcmp(a, b, shared))
                    if difference != 0 { return difference }
                }
                return left.count - right.count
            }
        }
    }
}

extension Identifier: Comparable {
    public static func < (first: Identifier, second: Identifier) -> Bool { order(first, second) < 0 }
}

extension Identifier: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { string = value }
}

extension Identifier: CustomStringConvertible {
    public var description: String { string }
}

extension Identifier: Codable {
    public init(from decoder: any Decoder) throws {
        string = try decoder.singleValueContainer().decode(String.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(string)
    }
}
