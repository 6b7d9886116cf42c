extension DocidScheme {
    /// Residual quantisation: the sum of one codeword a level (RIPOR, Zeng et al. 2024).
    public static let rq = DocidScheme("rq", QuantisedPrefixes(quantise: byResiduals))
    /// Its codes as tokens of their own.
    public static let rqCodes = DocidScheme("rq-codes", QuantisedCodes(quantise: byResiduals))
}

private let byResiduals: Quantisation = { builder, vectors, dimension in
    let quantiser = ResidualQuantiser.train(
        vectors: vectors, dimension: dimension, levels: builder.levels, codewords: builder.codewords,
        seed: builder.seed, threads: builder.threads)
    let codes = quantiser.encode(vectors: vectors, threads: builder.threads)
    return QuantisedVectors(trie: DocidTrie(codes: codes, depth: builder.levels)) {
        quantiser.reconstruct($0.map { UInt16($0) })
    }
}
