import Memory
import Tensors

/// Product quantisation: a vector in parts, each replaced by the nearest codeword of its own codebook
/// (Jégou, Douze and Schmid 2011).
struct ProductQuantiser {
    let dimension: Int
    /// The components of each part.
    let parts: [Range<Int>]
    /// The codewords of each part, [codewords × components].
    let codebooks: [Matrix]
    /// The codes of the vectors it was trained on, [vectors × parts].
    let codes: FrozenArray<UInt16>

    static func train(
        vectors: FrozenArray<Float>, dimension: Int, parts count: Int, codewords: Int, seed: UInt64,
        threads: Int
    ) -> ProductQuantiser {
        let rows = vectors.count / dimension
        let parts = (0..<count).map { $0 * dimension / count..<($0 + 1) * dimension / count }
        var codebooks: [Matrix] = []
        var codes = [UInt16](repeating: 0, count: rows * count)
        for (place, part) in parts.enumerated() {
            let own = FrozenArray<Float>(count: rows * part.count) { output in
                for row in 0..<rows {
                    for (i, component) in part.enumerated() {
                        output[row * part.count + i] = vectors[row * dimension + component]
                    }
                }
            }
            let clustering = KMeans(seed: seed &+ UInt64(place) &+ 1, threads: threads)
                .cluster(own, dimension: part.count, k: min(codewords, 65_536))
            for (row, code) in clustering.assignment.enumerated() { codes[row * count + place] = UInt16(code) }
            codebooks.append(clustering.centroids)
        }
        return ProductQuantiser(
            dimension: dimension, parts: parts, codebooks: codebooks, codes: FrozenArray(codes))
    }

    /// The codewords side by side; zeros where codes are missing.
    func reconstruct(_ codes: [UInt16]) -> [Float] {
        var vector = [Float](repeating: 0, count: dimension)
        for ((part, book), code) in zip(zip(parts, codebooks), codes) {
            vector.replaceSubrange(part, with: book.row(Int(code)))
        }
        return vector
    }
}
