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

    /// Writes the corpus; the same request gives the same bytes.
    static func make(_ request: CorpusRequest) throws(CorpusError) -> CorpusRecipeReport
}

/// What a recipe is asked for.
public struct CorpusRequest: Sendable, Hashable {
    /// Where `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv` are written.
    public var folder: URL
    public var files: [String]
    /// The most passages; nil for all.
    public var limit: Int?
    /// The most questions.
    public var questions: Int
    /// Decides which passages and questions are chosen.
    public var seed: UInt64

    public init(folder: URL, files: [String] = [], limit: Int? = nil, questions: Int = 200, seed: UInt64 = 1) {
        (self.folder, self.files, self.limit, self.questions, self.seed) = (folder, files, limit, questions, seed)
    }
}

/// What a recipe made.
public struct CorpusRecipeReport: Sendable, Hashable {
    public var passages: Int
    public var questions: Int
    public var judgements: Int
    /// What else there is to know, in sentences.
    public var notes: [String]

    public init(passages: Int, questions: Int, judgements: Int, notes: [String] = []) {
        (self.passages, self.questions, self.judgements, self.notes) = (passages, questions, judgements, notes)
    }
}

/// The recipes that there are.
public enum CorpusRecipes {
    public static let all: [any CorpusRecipe.Type] = [DebianRecipe.self, NamesRecipe.self, SyntheticRecipe.self]

    /// Nil where none has the name.
    public static func named(_ name: String) -> (any CorpusRecipe.Type)? { all.first { $0.name == name } }
}
