import IndexStore
import Ranking
import Search
import Transformers

/// Scores a passage by how likely the query is under the index's generator, given the passage: the mean
/// log-probability a token (query likelihood, Sachan et al. 2022).
public struct LikelihoodReranker: IndexReranker {
    public typealias Options = NoOptions

    public static let id: ComponentID = "likelihood"

    public let needs: QueryNeeds = .states
    private let likelihood: QueryLikelihood
    private let reader: CandidateReader
    private let tokenizer: NgramTokenizer

    /// Good for questions about stories (FairytaleQA's development questions).
    public static let usualWeight: Float = 0.15

    /// It reads every passage through the generator, dear beside codes that are compared in a millisecond: where an index has these, it
    /// runs if it is asked for or estimated to help.
    public static func usualWeight(in index: IndexReader) -> Float { index.interactsByCodes ? 0 : usualWeight }

    public static func runsByItself(in index: IndexReader) -> Bool {
        if case .generator = index.interaction { true } else { false }
    }

    public static func open(_ index: IndexReader, _ options: NoOptions) throws -> Opened<LikelihoodReranker> {
        guard let likelihood = QueryLikelihood(try index.value(IndexGenerator.self).model) else {
            throw EngineError.notTrained(kind: GeneratorPart.kind, what: "questions", index: index.path)
        }
        let reranker = LikelihoodReranker(
            likelihood: likelihood, reader: try index.value(CandidateReader.self),
            tokenizer: try index.value(IndexTokenizer.self).ngrams)
        return Opened(reranker, uses: [GeneratorPart.kind])
    }

    public func scores(of candidates: [PassageIndex], for query: Query) throws -> [Float] {
        let tokens = tokenizer.known(query[NgramQuery.self]?.tokens ?? [])
        return likelihood.meanLogProbs(of: tokens, given: CandidateStates.of(candidates, query, reader))
    }
}
