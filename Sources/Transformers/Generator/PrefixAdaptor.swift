import CKernels
import Memory
import Tensors

/// Output weights that depend on what was written: NCI's prefix-aware weight adaptor (PAWA, Wang et al.
/// 2022), by which the same token can mean one thing after one prefix and another after another.
///
/// The paper multiplies a decoder state h_i with weights made for its prefix:
///
///     W_i = AdaptiveDecoder(e; r_1 ... r_i-1) W_a        W_a: d × V × d, for each position
///     p   = softmax(h_i W_i)
///
/// and its code adds them to output rows that all prefixes share: h_i (E' + A_i). Here
///
///     a_i = gelu(sum of G[r_j] over the start and all j < i)
///     p   = softmax((h_i + (h_i P) ⊙ (a_i Q)) O' + b)
///
/// which is h_i (O' + A_i) with A_i = P diag(a_i Q) O'. It differs from the paper in that
///
/// * the tensor W_a has rank d (a sum of d outer products), and its factor for tokens is O, which all
///   prefixes share: 2d² numbers in the place of d²V;
/// * the prefix is read by a layer over the sum of its tokens' vectors, not by four layers of attention.
///   No two levels share a token, so that the sum still tells every prefix from the others;
/// * the adaptor does not see the query, as in the paper's code, whose adaptor attends to one learnt vector;
/// * the softmax is over the tokens of all levels, and O is apart from the embeddings.
///
/// With Q zero every prefix has the same rows: that is the start of training.
struct PrefixAdaptor: Sendable {
    /// G [(vocabulary + 1) × d], the start last.
    private let tokens: FrozenArray<Float>
    private let state: Linear  // P, d → d
    private let output: Linear  // Q, d → d
    private let width: Int

    /// Reads `adaptor.tokens`, `adaptor.state` and `adaptor.output`.
    ///
    /// - Throws: ``ModelError`` when one is missing, of another shape or no number.
    init(_ loader: WeightLoader) throws(ModelError) {
        width = loader.configuration.width
        tokens = try loader.floats("adaptor.tokens.weight", [loader.vocabularySize + 1, width])
        state = try loader.linear([("adaptor.state", width)], from: width, hasBias: false)
        output = try loader.linear([("adaptor.output", width)], from: width, hasBias: false)
    }

    /// Adapts states [prefixes × d] in place.
    ///
    /// - Parameter prefixes: the tokens before each state's next, the start first.
    /// - Complexity: two d × d products a state. A row depends on its state and prefix alone.
    func adapt(_ states: UnsafeMutablePointer<Float>, prefixes: [[Int32]], _ scratch: ProductScratch) {
        let (count, d) = (prefixes.count, width)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 3 * count * d) { memory in
            guard let read = memory.baseAddress, count > 0 else { return }
            let (weights, mapped) = (read + count * d, read + 2 * count * d)
            read.update(repeating: 0, count: count * d)
            for (row, prefix) in prefixes.enumerated() {
                for token in prefix { ck_axpy(1, tokens.unsafeBase + Int(token) * d, read + row * d, d) }
            }
            ck_activate(CInt(CK_GELU), read, count * d)
            output.apply(rows: count, read, into: weights, scratch)
            state.apply(rows: count, states, into: mapped, scratch)
            for index in 0..<count * d { states[index] += mapped[index] * weights[index] }
        }
    }
}
