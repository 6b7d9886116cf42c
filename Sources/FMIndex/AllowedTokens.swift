import Memory

/// The tokens of an index that may be generated.
public struct AllowedTokens: Sendable {
    /// keys[code]: the token of a code, or -1 where it is not allowed.
    let keys: FrozenArray<Int32>
    /// Every token that is allowed is below it.
    let bound: Int

    /// All tokens of `index` below `limit` but those in `excluded`.
    public init(_ index: FMIndex, excluding excluded: Set<Int32> = [], below limit: Int = .max) {
        let keys = index.tokenOfCode.toArray().map { excluded.contains($0) || Int($0) >= limit ? -1 : $0 }
        self.keys = FrozenArray(keys)
        bound = min(index.vocabularyBound, limit)
    }

    func contains(code: Int) -> Bool { keys[code] >= 0 }
}
