import Decoding
import FMIndex

/// The three kinds of identifier that n-grams give a passage: SEAL's body and title, and MINDER's
/// pseudo-query (Li et al. 2023).
package enum NgramView: String, Sendable, Codable, CaseIterable {
    /// A run of tokens inside a passage.
    case body
    /// A whole title, from the passage's start to the title end.
    case title
    /// A whole pseudo-query, from the query start to the title end.
    case pseudoQuery
}

/// The tokens that mark the parts of passages in an index, from its configuration.
package struct NgramMarks: Sendable, Hashable {
    package var documentEnd: Int32
    package var titleEnd: Int32
    /// What stands before every pseudo-query; nil when passages carry none.
    package var queryStart: Int32?

    package init(_ index: FMIndex) {
        documentEnd = index.documentEnd
        titleEnd = index.titleEnd
        queryStart = index.queryStart
    }
}

/// What a model is asked for: which kind of identifier, and whether the prompt says so.
///
/// A sequence-to-sequence model trained as SEAL's reads "q || body || +" for a marked prompt and the
/// query alone for a bare one.
package struct NgramPrompt: Sendable, Hashable {
    package var view: NgramView
    package var isMarked: Bool

    package init(_ view: NgramView, isMarked: Bool = true) {
        self.view = view
        self.isMarked = isMarked
    }
}

/// Where n-grams come from: one query's models, a prompt each.
package protocol NgramGenerator {
    associatedtype Model: StepModel

    /// Whether different prompts of one view give different scores. If not, no key is scored twice.
    var readsMarks: Bool { get }

    /// What can be generated; the views that are missing give no keys.
    var views: Set<NgramView> { get }

    /// The models have scores for the tokens below it; nil where for all.
    var vocabularySize: Int? { get }

    /// Whether words beside the query's are what a model expects. If not, they are only how the corpus goes on.
    var predicts: Bool { get }

    /// The model behind a prompt.
    func model(_ prompt: NgramPrompt) -> Model
}

extension NgramGenerator {
    package var views: Set<NgramView> { Set(NgramView.allCases) }
    package var vocabularySize: Int? { nil }
    package var predicts: Bool { true }
}

/// The reference implementation's deviations from the method as published, each of which can be
/// restored; `docs/scoring.md` describes them.
public struct SEALDeviations: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Stage 1 takes the span on the wrong side of an occurrence.
    public static let mirroredSpans = SEALDeviations(rawValue: 1)
    /// A title's first token need not follow a document end; what is no title's start is dropped
    /// afterwards.
    public static let freeFirstTitleToken = SEALDeviations(rawValue: 2)
    /// A title or a query n-gram may run past the end of its passage.
    public static let passedDocumentEnds = SEALDeviations(rawValue: 4)
    /// Body n-grams are scored again with the bare query as prompt.
    public static let bareRescoring = SEALDeviations(rawValue: 8)
    /// The last passage's title is never a key.
    public static let unreachableLastTitle = SEALDeviations(rawValue: 16)
    /// Keys with more than ten million occurrences are dropped.
    public static let droppedFrequentKeys = SEALDeviations(rawValue: 32)
    /// Keys and single tokens may end inside a word.
    public static let cutWords = SEALDeviations(rawValue: 64)

    public static let all: SEALDeviations = [
        .mirroredSpans, .freeFirstTitleToken, .passedDocumentEnds, .bareRescoring, .unreachableLastTitle,
        .droppedFrequentKeys, .cutWords,
    ]

    /// The names under which the command line knows them.
    public static let names: [(name: String, deviation: SEALDeviations)] = [
        ("mirrored-spans", .mirroredSpans), ("free-first-title-token", .freeFirstTitleToken),
        ("passed-document-ends", .passedDocumentEnds), ("bare-rescoring", .bareRescoring),
        ("unreachable-last-title", .unreachableLastTitle),
        ("dropped-frequent-keys", .droppedFrequentKeys), ("cut-words", .cutWords), ("all", .all),
    ]
}
