import Memory

/// Why stored sections are no token trie.
public struct TokenTrieDamage: Error, Equatable, Sendable {
    public var section: String
    public var reason: String
}

extension TokenTrie {
    /// The trie as named sections of bytes, little-endian, to be stored under names of the caller's.
    ///
    /// `width`: the bytes a token, 2, 3 or 4, in one byte. `tokens`: the sequences' tokens, and two
    /// bytes of padding. `starts`: where each sequence starts and the end, 4 bytes each.
    public var sections: [(name: String, bytes: FrozenArray<UInt8>)] {
        let starts = starts.withUnsafeBuffer { FrozenArray([UInt8](UnsafeRawBufferPointer($0))) }
        return [
            ("width", FrozenArray([UInt8(tokens.width)])), ("tokens", tokens.bytes), ("starts", starts),
        ]
    }

    /// A trie that reads its sections where they lie, in memory or in a mapped file.
    ///
    /// Checks everything, so that damage cannot make a search fail: O(tokens).
    ///
    /// - Throws: ``TokenTrieDamage``, and what `sections` throws.
    public init(sections: (String) throws -> FrozenArray<UInt8>) throws {
        let width = try sections("width")
        guard width.count == 1, let tokens = PackedTokens(width: Int(width[0]), bytes: try sections("tokens"))
        else { throw TokenTrieDamage(section: "tokens", reason: "not a whole number of tokens") }
        guard let starts = try sections("starts").elements(of: UInt32.self) else {
            throw TokenTrieDamage(section: "starts", reason: "not a whole number of elements")
        }
        guard !starts.isEmpty, starts[0] == 0, Int(starts[starts.count - 1]) == tokens.count else {
            throw TokenTrieDamage(section: "starts", reason: "does not span the tokens")
        }
        for index in 1..<max(starts.count, 1) where starts[index] <= starts[index - 1] {
            throw TokenTrieDamage(section: "starts", reason: "sequence \(index - 1) is empty")
        }
        self.init(tokens: tokens, starts: starts)
        for index in 1..<max(count, 1) where !self[index - 1].lexicographicallyPrecedes(self[index]) {
            throw TokenTrieDamage(section: "tokens", reason: "sequence \(index) is out of order")
        }
    }
}
