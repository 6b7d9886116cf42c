import FMIndex
import Memory
import Ranking
import Tensors
import Transformers

/// The dense vectors of passages, encoded from the tokens that the n-gram index keeps.
struct VectorStage {
    let encoder: SentenceEncoder
    let index: FMIndex

    /// Encodes every passage on all cores.
    ///
    /// Title and body follow each other between the encoder's own marks, as for a text
    /// "title body".
    func run(clock: StageClock) throws(IndexingError) -> DenseIndex {
        let count = index.documentCount
        let dimension = encoder.dimension
        // In slices, so that progress is told and an interruption is heard between them.
        let slice = 2_048
        var failure: IndexingError?
        let vectors = FrozenArray<Float>(count: count * dimension) { buffer in
            var start = 0
            while start < count, failure == nil {
                let end = min(count, start + slice)
                let first = start
                encoder.encodeAll(
                    count: end - first, tokens: { tokens(of: first + $0) },
                    into: SharedRows(
                        UnsafeMutableBufferPointer(rebasing: buffer[first * dimension..<end * dimension]),
                        columns: dimension))
                start = end
                do throws(IndexingError) {
                    try clock.update(count: end, fraction: Double(end) / Double(count))
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
        return DenseIndex(vectors: vectors, dimension: dimension)
    }

    /// The encoder's input for a passage.
    func tokens(of document: Int) -> [Int32] {
        // Queries that the passage carries are not its text.
        let passage = index.extract(document).prefix { $0 != index.queryStart }
        let body = passage.filter { $0 != index.documentEnd && $0 != index.titleEnd }
        return Self.framed(body, encoder)
    }

    /// Tokens between the marks of an encoder, cut to what it reads.
    static func framed(_ body: [Int32], _ encoder: SentenceEncoder) -> [Int32] {
        let tokenizer = encoder.tokenizer
        let (before, after) = (tokenizer.tokensBefore, tokenizer.tokensAfter)
        return before + body.prefix(max(0, encoder.maxTokens - before.count - after.count)) + after
    }
}
