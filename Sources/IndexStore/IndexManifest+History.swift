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
        for part in parts {
            var dated = part
            if old.part(part.kind)?.files != part.files {
                dated.generation = generation
            } else if !isSame, part.segments == nil {
                dated.segments = counted
            }
            setPart(dated, of: part.kind)
        }
        for estimate in estimates where !old.estimates.contains(where: { $0.sha256 == estimate.sha256 }) {
            var dated = estimate
            dated.generation = generation
            setEstimate(dated)
        }
    }

    /// How many passages came after a generation, and are still there.
    public func passages(after generation: Int) -> Int {
        segments.reduce(0) { $0 + $1.living(after: generation) }
    }
}
