import Memory

extension DocidScheme {
    /// Residual quantisation: the sum of one codeword a level (RIPOR, Zeng et al. 2024).
    public static let rq = DocidScheme("rq", ResidualDocids())
    /// Its codes as tokens of their own.
    public static let rqCodes = DocidScheme("rq-codes", ResidualCodes())
}

private struct ResidualDocids: PrefixDocids {
    func skeleton(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSkeleton {
        let (quantiser, trie) = quantised(builder, vectors, dimension)
        return DocidSkeleton(trie, leafSize: builder.leafSize, dimension: dimension) {
            quantiser.reconstruct($0.map { UInt16($0) })
        }
    }
}

private struct ResidualCodes: AutoregressiveDocids {
    func sequences(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSequences {
        DocidSequences(
            quantised(builder, vectors, dimension).trie, documents: vectors.count / dimension,
            codewords: builder.codewords)
    }
}

private func quantised(
    _ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int
) -> (quantiser: ResidualQuantiser, trie: DocidTrie) {
    let quantiser = ResidualQuantiser.train(
        vectors: vectors, dimension: dimension, levels: builder.levels, codewords: builder.codewords,
        seed: builder.seed, threads: builder.threads)
    let codes = quantiser.encode(vectors: vectors, threads: builder.threads)
    return (quantiser, DocidTrie(codes: codes, depth: builder.levels))
}
