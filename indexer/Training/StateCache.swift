import Memory
import Tensors
import Transformers

/// A frozen encoder's states of texts, computed when they are first asked for and kept while there is
/// room: from the second pass over the data on they cost nothing.
final class StateCache {
    private let encoder: SentenceEncoder
    private let texts: TokenLists
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

    /// The states of some texts, one below the other.
    func stacked(_ indices: [Int], threads: Int) -> Matrix {
        let missing = Set(indices).filter { known[$0] == nil }.sorted()
        let (encoder, texts) = (encoder, texts)
        let computed = Parallel.map(count: missing.count, threads: threads) {
            encoder.states(tokens: Array(texts[missing[$0]]))
        }
        let fresh = Dictionary(uniqueKeysWithValues: zip(missing, computed))
        let rows = indices.compactMap { known[$0] ?? fresh[$0] }
        for (index, states) in fresh.sorted(by: { $0.key < $1.key }) where room >= 4 * states.values.count {
            known[index] = states
            room -= 4 * states.values.count
        }
        var values: [Float] = []
        values.reserveCapacity(rows.reduce(0) { $0 + $1.values.count })
        for states in rows { values += states.values }
        return Matrix(rows: values.count / encoder.dimension, columns: encoder.dimension, values: values)
    }
}
