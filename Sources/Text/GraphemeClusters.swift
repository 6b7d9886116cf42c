/// Cuts UTF-8 into extended grapheme clusters (UAX 29).
enum GraphemeClusters {
    /// Scalars that form a cluster of their own beside any other of the set, found by asking the
    /// standard library about them beside one of each kind that joins.
    private static let isolated = ScalarSet { scalar in
        if scalar == "\r" || scalar == "\n" { return false }
        let text = String(scalar)
        // A letter, syllables, a flag's half, an emoji with a joiner, a conjunct.
        return ["a", "\u{AC00}", "\u{1100}", "\u{1F1E6}", "\u{1F600}\u{200D}", "\u{915}\u{94D}"]
            .allSatisfy { ($0 + text).count == 2 }
            && ["a", "\u{1161}", "\u{11A8}"].allSatisfy { (text + $0).count == 2 }
    }

    /// Calls `body` with the range of every cluster, in order.
    static func forEach(in text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Void) {
        let isolated = isolated.view
        var start = 0
        while start < text.count {
            // The stretch up to the first two isolated scalars beside each other, between which
            // there is a border.
            var (scalar, length) = text.scalar(at: start)
            var wasIsolated = isolated.contains(scalar)
            var isPlain = wasIsolated
            var end = start + length
            while end < text.count {
                (scalar, length) = text.scalar(at: end)
                let isIsolated = isolated.contains(scalar)
                if wasIsolated, isIsolated { break }
                isPlain = false
                wasIsolated = isIsolated
                end += length
            }
            if isPlain {
                body(start..<end)
            } else {
                let stretch = String(decoding: text[start..<end], as: UTF8.self)
                var from = start
                for cluster in stretch {
                    let to = from + cluster.utf8.count
                    body(from..<to)
                    from = to
                }
            }
            start = end
        }
    }
}
