import Engine
import FMIndex
import Memory
import Ranking
import Tensors
import Transformers

/// The dense vectors of a segment's passages, encoded from the tokens that its n-gram index keeps.
struct VectorStage: SegmentStage {
    let encoder: SentenceEncoder?
    let coding: VectorCoding

    func write(_ draft: SegmentDraft, _ clock: WorkClock) throws {
        guard let encoder else { return }
        try clock.begin("vectors", unit: "passages")
        let vectors = try vectors(encoder, draft.component(FMIndex.self), clock)
        try coding.write(vectors, dimension: encoder.dimension, draft, clock)
    }

    /// Encodes every passage on all cores.
    ///
    /// Title and body follow each other between the encoder's own marks, as for a text
    /// "title body".
    private func vectors(_ encoder: SentenceEncoder, _ index: FMIndex, _ clock: WorkClock) throws -> FrozenArray<Float>
    {
        let count = index.documentCount
        let dimension = encoder.dimension
        let ngrams = NgramTokenizer(encoder.tokenizer)
        // In slices, so that progress is told and an interruption is heard between them.
        let slice = 2_048
        var failure: Cancelled?
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
                do throws(Cancelled) {
                    try clock.update(count: end, fraction: Double(end) / Double(count))
                } catch {
                    failure = error
                }
            }
        }
        if let failure { throw failure }
        return vectors
    }
}
