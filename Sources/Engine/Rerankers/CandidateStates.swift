import FMIndex
import Memory
import Ranking
import Search
import Synchronization
import Transformers

/// The encoder's states of a query's candidates: the dear part of reranking, and of encoding what has a static vector only. Shared by
/// all that read them, so that no passage is read twice.
final class CandidateStates: Sendable {
    /// A passage, and how many of its tokens were read.
    private struct Key: Hashable {
        let passage: PassageIndex
        let length: Int
    }

    private let known = Mutex<[Key: GeneratorModel.Source]>([:])

    /// States of more passages are not kept: some 6 KiB a token.
    private static let most = 64

    /// Of candidates at hand, which are few.
    ///
    /// - Parameter length: the most tokens of a passage that are read, special ones included.
    static func of(
        _ candidates: [PassageIndex], _ query: Query, _ reader: CandidateReader,
        atMost length: Int = QueryLikelihood.passageTokens
    ) -> [GeneratorModel.Source] {
        let states = query.memo.value { CandidateStates() }
        return states.sources(of: candidates, reader, length, threads: query.threads)
    }

    private func sources(
        of candidates: [PassageIndex], _ reader: CandidateReader, _ length: Int, threads: Int
    ) -> [GeneratorModel.Source] {
        let texts = candidates.map { reader.tokens($0, atMost: length) }
        let keys = zip(candidates, texts).map { Key(passage: $0, length: $1.count) }
        return known.withLock { known in
            let missing = keys.indices.filter { known[keys[$0]] == nil }
            if known.count + missing.count > Self.most {
                let needed = Set(keys)
                known = known.filter { needed.contains($0.key) }
            }
            for (place, source) in zip(missing, reader.read(missing.map { texts[$0] }, threads: threads)) {
                known[keys[place]] = source
            }
            return keys.compactMap { known[$0] }
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

    fileprivate func tokens(_ passage: PassageIndex, atMost length: Int) -> [Int32] {
        let (segment, local) = places.locate(passage)
        return QueryLikelihood.passage(
            tokenizer.known(indexes[segment].text(of: Int(local))), encoder, atMost: length)
    }

    /// Texts with their states; each thread reads some of them together.
    fileprivate func read(_ tokens: [[Int32]], threads: Int) -> [GeneratorModel.Source] {
        let parts = max(1, min(threads, tokens.count))
        return Parallel.map(count: parts, threads: parts) { part in
            let own = Array(tokens[tokens.count * part / parts..<tokens.count * (part + 1) / parts])
            return zip(own, encoder.states(tokens: own)).map { GeneratorModel.Source(tokens: $0, states: $1) }
        }.flatMap(\.self)
    }
}
