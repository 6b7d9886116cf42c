import Memory

/// The codes of a corpus' vectors under one quantiser, and the vector that a code, or its beginning, stands for.
struct QuantisedVectors {
    var trie: DocidTrie
    var reconstruct: ([Int32]) -> [Float]
}

/// A way to quantise: what two schemes share, the one with code vectors and the one that a network writes.
typealias Quantisation =
    @Sendable (DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> QuantisedVectors

/// Codes whose beginnings have code vectors.
struct QuantisedPrefixes: PrefixDocids {
    let quantise: Quantisation

    func skeleton(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSkeleton {
        let made = quantise(builder, vectors, dimension)
        return DocidSkeleton(
            made.trie, leafSize: builder.leafSize, dimension: dimension, reconstruct: made.reconstruct)
    }
}

/// The same codes as tokens of their own.
struct QuantisedCodes: AutoregressiveDocids {
    let quantise: Quantisation

    func sequences(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSequences {
        DocidSequences(
            quantise(builder, vectors, dimension).trie, documents: vectors.count / dimension,
            codewords: builder.codewords)
    }
}
