import Docids
import FMIndex
import Ranking

/// All segments of an index as the retrievers search them: passages are numbered through, and scores
/// are those that one segment with all passages would give, as docs/scoring.md says.
package struct SegmentSet: Sendable {
    package let segments: [Segment]
    package let places: SegmentPlaces
    package let ngram: SegmentedNgramRetriever
    package let sparse: [SparseIndex]

    /// - Parameter segments: at least one, in the order of the corpus.
    package init(_ segments: [Segment]) {
        self.segments = segments
        ngram = SegmentedNgramRetriever(segments.map(\.ngram))
        places = ngram.places
        sparse = segments.map(\.sparse)
    }

    package var analyzer: TermAnalyzer { sparse[0].analyzer }

    /// The marks of an n-gram index, which all segments share.
    package var marks: NgramMarks { NgramMarks(segments[0].ngram.index) }

    /// The path of a passage's docid; nil in an index without docids.
    package func docidPath(
        of document: Int32, query: [Float], options: DocidRetriever.Options
    ) -> [DocidRetriever.Step]? {
        let (segment, local) = places.locate(document)
        return segments[segment].docids(options.scheme)?.path(of: local, query: query, options: options)
    }
}
