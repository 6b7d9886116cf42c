import Memory

/// The passages that entries belong to: vectors of passages and of their parts.
package struct EntryPassages: Sendable {
    /// The passage of each entry, rising.
    package let passages: FrozenArray<Int32>
    /// The number of passages, every one of which has an entry.
    package let passageCount: Int

    /// The number of entries.
    package var count: Int { passages.count }

    /// - Returns: nil where the passages do not rise from 0 to `passageCount` - 1, none left out. O(entries).
    package init?(_ passages: FrozenArray<Int32>, passageCount: Int) {
        var last = -1
        for place in 0..<passages.count {
            let passage = Int(passages[place])
            guard passage >= max(0, last), passage <= last + 1 else { return nil }
            last = passage
        }
        guard last + 1 == passageCount else { return nil }
        (self.passages, self.passageCount) = (passages, passageCount)
    }

    /// The passage of an entry.
    package subscript(entry: Int32) -> Int32 { passages[Int(entry)] }

    /// The entries of a passage; O(log count).
    package func entries(of passage: Int32) -> Range<Int> { first(from: passage)..<first(from: passage + 1) }

    private func first(from passage: Int32) -> Int {
        var (low, high) = (0, passages.count)
        while low < high {
            let middle = (low + high) / 2
            if passages[middle] < passage { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
