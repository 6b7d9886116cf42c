import Search

/// What came when.
extension IndexManifest {
    /// Enters this generation where something is new, and with parts that stay the segments whose passages they count.
    mutating func date(after old: IndexManifest) {
        let known = Set(old.segments.map(\.files.folder))
        for place in segments.indices where !known.contains(segments[place].files.folder) && segments[place].ages == nil
        {
            segments[place].ages = [.init(generation: generation, passages: segments[place].passages)]
        }
        let counted = old.segments.map(\.counted)
        let isSame = counted == segments.map(\.counted)
        // As long as no passage has come or left, nobody need note how many there are; who comes first knows what there was.
        let first = old.hasMoved || segments == old.segments ? nil : old.passages
        let noted = hasMoved ? passages : nil
        for part in parts {
            var dated = part
            if old.part(part.kind)?.files != part.files {
                (dated.generation, dated.passages) = (generation, noted)
            } else {
                dated.passages = part.passages ?? first
                if !isSame, part.segments == nil { dated.segments = counted }
            }
            setPart(dated, of: part.kind)
        }
        for estimate in estimates {
            var dated = estimate
            if let before = old.estimates.first(where: { $0.sha256 == estimate.sha256 }) {
                (dated.generation, dated.passages) = (before.generation, before.passages ?? first)
            } else {
                (dated.generation, dated.passages) = (generation, noted)
            }
            setEstimate(dated)
        }
    }

    /// Whether passages have come or left since the index was built, as far as its segments tell.
    package var hasMoved: Bool { segments.contains { $0.ages != nil || $0.deleted != nil } }

    /// How many passages came after something, and how many of those that there were then have left; nil where nobody
    /// noted how many there were.
    ///
    /// - Parameters:
    ///   - generation: that it came with; nil for the first.
    ///   - count: the passages that there were then.
    public func change(since generation: Int?, of count: Int?) -> (came: Int, left: Int?) {
        let came = passages(after: generation ?? 1)
        return (came, count.map { max(0, $0 + came - passages) } ?? (hasMoved ? nil : 0))
    }

    /// How many passages came after a generation, and are still there.
    public func passages(after generation: Int) -> Int {
        segments.reduce(0) { $0 + $1.living(after: generation) }
    }
}
