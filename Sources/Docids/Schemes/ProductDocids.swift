import Memory

extension DocidScheme {
    /// Product quantisation: a codeword for each part of the vector (Ultron, Zhou et al. 2022).
    public static let pq = DocidScheme("pq", ProductDocids())
    /// Its codes as tokens of their own.
    public static let pqCodes = DocidScheme("pq-codes", ProductCodes())
}

/// A prefix has zeros in the parts that are still open, so that its inner product with a query is the sum over the
/// parts that are known.
private struct ProductDocids: PrefixDocids {
    func skeleton(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSkeleton {
        let (quantiser, trie) = quantised(builder, vectors, dimension)
        return DocidSkeleton(trie, leafSize: builder.leafSize, dimension: dimension) {
            quantiser.reconstruct($0.map { UInt16($0) })
        }
    }
}

private struct ProductCodes: AutoregressiveDocids {
    func sequences(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSequences {
        DocidSequences(
            quantised(builder, vectors, dimension).trie, documents: vectors.count / dimension,
            codewords: builder.codewords)
    }
}

private func quantised(
    _ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int
) -> (quantiser: ProductQuantiser, trie: DocidTrie) {
    let quantiser = ProductQuantiser.train(
        vectors: vectors, dimension: dimension, parts: min(builder.levels, dimension), codewords: builder.codewords,
        seed: builder.seed, threads: builder.threads)
    return (quantiser, DocidTrie(codes: quantiser.codes, depth: quantiser.parts.count))
}
