import Engine
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
        let ngrams = NgramTokenizer(encoder.tokenizer)
        // In slices, so that progress is told and an interruption is heard between them.
        let slice = 2_048
        var failure: IndexingError?
        let vectors = FrozenArray<Float>(count: count * dimension) { buffer in
            var start = 0
            while start < count, failure == nil {
                let end = min(count, start + slice)
                let first = start
                encoder.encodeAll(
                    count: end - first, tokens: { encoder.framed(ngrams.known(index.text(of: first + $0))) },
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
}
