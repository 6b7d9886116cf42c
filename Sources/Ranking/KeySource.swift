/// A score for every prefix in one view, by the counts of the whole corpus.
typealias PrefixScores = (CountedPrefixes, NgramView) -> [Float]

/// Where the keys of a query come from.
enum KeySource<Generator: NgramGenerator> {
    /// A generator that gives a sequence the same score in every segment, or that of the only segment.
    case everywhere(Generator)
    /// A generator for each segment, whose scores follow the segment's own counts, and what they would be in
    /// the whole corpus.
    case bySegment([Generator], PrefixScores)

    /// The generator, or that of the first segment.
    var first: Generator {
        switch self {
        case .everywhere(let generator): generator
        case .bySegment(let generators, _): generators[0]
        }
    }
}
