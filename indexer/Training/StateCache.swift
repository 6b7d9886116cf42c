import Learning
import Memory
import Tensors
import Transformers

/// A frozen encoder's states of texts, computed when they are first asked for and kept while there is
/// room: from the second pass over the data on they cost nothing.
final class StateCache {
    private let encoder: SentenceEncoder
    let texts: TokenLists
    /// [tokens × d] of each text that was met.
    private var known: [Matrix?]
    /// Bytes that may still be kept.
    private var room: Int

    /// - Parameter bytes: what is kept at most.
    init(_ encoder: SentenceEncoder, _ texts: TokenLists, bytes: Int = 3 << 30) {
        self.encoder = encoder
        self.texts = texts
        known = Array(repeating: nil, count: texts.count)
        room = bytes
    }

    /// Some texts with their states.
    func sources(_ indices: [Int], threads: Int) -> [GeneratorModel.Source] {
        let missing = Set(indices).filter { known[$0] == nil }.sorted()
        let (encoder, texts) = (encoder, texts)
        let computed = Parallel.map(count: missing.count, threads: threads) {
            encoder.states(tokens: Array(texts[missing[$0]]))
        }
        let fresh = Dictionary(uniqueKeysWithValues: zip(missing, computed))
        let sources = indices.compactMap { index in
            (known[index] ?? fresh[index]).map { GeneratorModel.Source(tokens: Array(texts[index]), states: $0) }
        }
        for (index, states) in zip(missing, computed) where room >= 4 * states.values.count {
            known[index] = states
            room -= 4 * states.values.count
        }
        return sources
    }

    /// Some texts as a batch with their vectors.
    func docidBatch(_ indices: [Int], threads: Int) -> DocidBatch {
        let sources = sources(indices, threads: threads)
        let d = encoder.dimension
        return DocidBatch(
            vectors: Matrix(
                rows: sources.count, columns: d, values: sources.flatMap { encoder.vector(of: $0.states) }),
            states: Matrix(
                rows: sources.reduce(0) { $0 + $1.states.rows }, columns: d,
                values: sources.flatMap(\.states.values)),
            sources: Sequences(lengths: sources.map(\.states.rows)))
    }
}
