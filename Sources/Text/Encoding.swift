/// The tokens of a text.
package struct Encoding: Sendable, Equatable {
    /// Token numbers, specials included where they were asked for.
    package var ids: [Int32]
    /// For each token the UTF-8 bytes of the original text that it stands for; empty for tokens
    /// that the post-processor added.
    package var offsets: [Range<Int>]

    package init(ids: [Int32] = [], offsets: [Range<Int>] = []) {
        self.ids = ids
        self.offsets = offsets
    }

    package var count: Int { ids.count }

    mutating func append(_ id: Int32, _ offset: Range<Int>) {
        ids.append(id)
        offsets.append(offset)
    }
}
