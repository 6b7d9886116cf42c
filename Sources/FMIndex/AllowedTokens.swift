import Memory

/// The tokens of an index that may be generated.
public struct AllowedTokens: Sendable {
    /// keys[code]: the token of a code, or -1 where it is not allowed.
    let keys: FrozenArray<Int32>

    /// All tokens of `index` but those in `excluded`.
    public init(_ index: FMIndex, excluding excluded: Set<Int32> = []) {
        keys = FrozenArray(index.tokenOfCode.toArray().map { excluded.contains($0) ? -1 : $0 })
    }

    func contains(code: Int) -> Bool { keys[code] >= 0 }
}
