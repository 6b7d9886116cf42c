import FMIndex
import Memory
import Ranking
import Search
import Synchronization
import Transformers

/// The encoder's states of a query's candidates: the dear part of reranking, and of encoding what has a static vector only. Shared by
/// all that read them, so that no passage is read twice.
final class CandidateStates: Sendable {
    private let known = Mutex<[PassageIndex: GeneratorModel.Source]>([:])

    /// States of more passages are not kept: some 6 KiB a token.
    private static let most = 64

    /// Of candidates at hand, which are few.
    static func of(_ candidates: [PassageIndex], _ query: Query, _ reader: CandidateReader) -> [GeneratorModel.Source] {
        query.memo.value { CandidateStates() }.sources(of: candidates, reader, threads: query.threads)
    }

    private func sources(
        of candidates: [PassageIndex], _ reader: CandidateReader, threads: Int
    ) -> [GeneratorModel.Source] {
        known.withLock { known in
            let missing = candidates.filter { known[$0] == nil }
            if known.count + missing.count > Self.most {
                let needed = Set(candidates)
                known = known.filter { needed.contains($0.key) }
            }
            for (passage, source) in zip(missing, reader.read(missing, threads: threads)) { known[passage] = source }
            return candidates.compactMap { known[$0] }
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
        encoder = try index.value(IndexPassageEncoder.self).encoder
        indexes = try index.components(FMIndex.self)
        places = index.places
        tokenizer = try index.value(IndexTokenizer.self).ngrams
    }

    private func tokens(_ passage: PassageIndex) -> [Int32] {
        let (segment, local) = places.locate(passage)
        return QueryLikelihood.passage(tokenizer.known(indexes[segment].text(of: Int(local))), encoder)
    }

    /// Passages with their states; each thread reads some of them together.
    fileprivate func read(_ passages: [PassageIndex], threads: Int) -> [GeneratorModel.Source] {
        let tokens = passages.map(tokens)
        let parts = max(1, min(threads, passages.count))
        return Parallel.map(count: parts, threads: parts) { part in
            let own = Array(tokens[tokens.count * part / parts..<tokens.count * (part + 1) / parts])
            return zip(own, encoder.states(tokens: own)).map { GeneratorModel.Source(tokens: $0, states: $1) }
        }.flatMap(\.self)
    }
}
