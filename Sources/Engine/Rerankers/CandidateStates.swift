import FMIndex
import Memory
import Ranking
import Search
import Transformers

/// Candidates of a query as a generator reads them, with the encoder's states: the dear part of reranking,
/// shared by all rerankers that read them.
struct CandidateStates: Sendable {
    let candidates: [PassageIndex]
    let sources: [GeneratorModel.Source]

    /// Of the candidates at hand, which are few; computed once for a query's rerankers.
    static func of(
        _ candidates: [PassageIndex], _ query: Query, _ reader: CandidateReader
    ) -> CandidateStates {
        query.memo.value(where: { $0.candidates == candidates }) {
            let tokens = candidates.map(reader.tokens)
            let sources = zip(tokens, reader.encoder.states(tokens: tokens)).map {
                GeneratorModel.Source(tokens: $0, states: $1)
            }
            return CandidateStates(candidates: candidates, sources: sources)
        }
    }
}

/// Reads passages for a generator from the tokens that the n-gram index keeps.
struct CandidateReader: LoadedOnce {
    let encoder: SentenceEncoder
    private let indexes: [FMIndex]
    private let places: SegmentPlaces
    private let tokenizer: NgramTokenizer

    init(loading index: IndexReader) throws {
        encoder = try index.value(IndexGenerator.self).passageEncoder
        indexes = try index.components(FMIndex.self)
        places = index.places
        tokenizer = try index.value(IndexTokenizer.self).ngrams
    }

    func tokens(_ passage: PassageIndex) -> [Int32] {
        let (segment, local) = places.locate(passage)
        return QueryLikelihood.passage(tokenizer.known(indexes[segment].text(of: Int(local))), encoder)
    }
}
