/// The tokens of a text.
public struct Encoding: Sendable, Equatable {
    /// Token numbers, specials included where they were asked for.
    public var ids: [Int32]
    /// For each token the UTF-8 bytes of the original text that it stands for; empty for tokens
    /// that the post-processor added.
    public var offsets: [Range<Int>]

    public init(ids: [Int32] = [], offsets: [Range<Int>] = []) {
        self.ids = ids
        self.offsets = offsets
    }

    public var count: Int { ids.count }

    mutating func append(_ id: Int32, _ offset: Range<Int>) {
        ids.append(id)
        offsets.append(offset)
    }
}
