import Foundation

/// A way to make a corpus on this machine: passages, questions and judgements in BEIR's layout.
///
/// A new one is a file and a line of ``CorpusRecipes``.
public protocol CorpusRecipe: Sendable {
    /// What it is called on the command line.
    static var name: String { get }
    /// What it makes of what, in a line.
    static var summary: String { get }
    /// Whether it reads files that the user has.
    static var takesFiles: Bool { get }
    /// Where its files come from, and on what terms; nil where it is made of no published ones.
    static var origin: CorpusOrigin? { get }

    /// Writes the corpus; the same request gives the same bytes.
    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport
}

extension CorpusRecipe {
    public static var origin: CorpusOrigin? { nil }
}

/// What a recipe is asked for.
public struct CorpusRequest: Sendable, Hashable {
    /// Where `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv` are written.
    public var folder: URL
    public var files: [String]
    /// The most passages; nil for all.
    public var limit: Int?
    /// The most questions; nil for as many as the recipe usually makes, which is all where they are published.
    public var questions: Int?
    /// Decides which passages and questions are chosen.
    public var seed: UInt64
    /// Which set of published questions is the one to evaluate; nil for a test set or, without one, a development set.
    public var split: String?
    /// Whether a figure that is not what was published is an error; nothing is written then.
    public var isStrict = false

    public init(
        folder: URL, files: [String] = [], limit: Int? = nil, questions: Int? = nil, seed: UInt64 = 1,
        split: String? = nil, isStrict: Bool = false
    ) {
        (self.folder, self.files, self.limit, self.questions, self.seed) = (folder, files, limit, questions, seed)
        (self.split, self.isStrict) = (split, isStrict)
    }
}

/// What a recipe made.
public struct CorpusRecipeReport: Sendable, Hashable {
    public var passages: Int
    public var questions: Int
    public var judgements: Int
    /// What else there is to know, in sentences.
    public var notes: [String]
    /// Figures that are not those that were published.
    public var differences: [CorpusDifference]

    public init(
        passages: Int, questions: Int, judgements: Int, notes: [String] = [], differences: [CorpusDifference] = []
    ) {
        (self.passages, self.questions, self.judgements) = (passages, questions, judgements)
        (self.notes, self.differences) = (notes, differences)
    }
}

/// The recipes that there are.
public enum CorpusRecipes {
    public static let all: [any CorpusRecipe.Type] = [
        BEIRRecipe.self, KILTRecipe.self, KILTParagraphsRecipe.self, LitSearchRecipe.self, MSMarcoRecipe.self,
        NQ320kRecipe.self, T2RankingRecipe.self, DebianRecipe.self, ManualsRecipe.self, NamesRecipe.self,
        SyntheticRecipe.self,
    ]

    /// Nil where none has the name.
    public static func named(_ name: String) -> (any CorpusRecipe.Type)? { all.first { $0.name == name } }
}
