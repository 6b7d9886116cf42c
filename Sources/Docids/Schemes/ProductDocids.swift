extension DocidScheme {
    /// Product quantisation: a codeword for each part of the vector (Ultron, Zhou et al. 2022). A prefix has zeros in
    /// the parts that are still open, so that its inner product with a query is the sum over the parts that are known.
    public static let pq = DocidScheme("pq", QuantisedPrefixes(quantise: byProducts))
    /// Its codes as tokens of their own.
    public static let pqCodes = DocidScheme("pq-codes", QuantisedCodes(quantise: byProducts))
}

private let byProducts: Quantisation = { builder, vectors, dimension in
    let quantiser = ProductQuantiser.train(
        vectors: vectors, dimension: dimension, parts: min(builder.levels, dimension), codewords: builder.codewords,
        seed: builder.seed, threads: builder.threads)
    return QuantisedVectors(trie: DocidTrie(codes: quantiser.codes, depth: quantiser.parts.count)) {
        quantiser.reconstruct($0.map { UInt16($0) })
    }
}
