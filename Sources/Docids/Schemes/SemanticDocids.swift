import Memory

extension DocidScheme {
    /// The digits of a k-means tree, the same at every level (DSI, Tay et al. 2022).
    public static let semantic = DocidScheme("semantic", SemanticDocids())
    /// The digits of a k-means tree, each level with its own tokens (NCI, Wang et al. 2022).
    public static let position = DocidScheme("position", PositionDocids(isPrefixAware: false))
    /// The same tokens, written with output weights that depend on the prefix (NCI's adaptor).
    public static let pawa = DocidScheme("pawa", PositionDocids(isPrefixAware: true))
}

private struct SemanticDocids: AutoregressiveDocids {
    var proposedSizes: (fanout: Int, leafSize: Int)? { (10, 100) }

    func sequences(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSequences {
        let docids = docids(builder, vectors, dimension)
        let width = DocidSequences.digits(max(0, builder.leafSize - 1), atLeast: 1).count
        return DocidSequences(
            sequences: docids.map { $0.dropLast() + DocidSequences.digits(Int($0.last ?? 0), atLeast: width) },
            vocabularySize: max(10, builder.fanout))
    }
}

private struct PositionDocids: AutoregressiveDocids {
    let isPrefixAware: Bool
    var proposedSizes: (fanout: Int, leafSize: Int)? { (30, 30) }

    func sequences(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSequences {
        let docids = docids(builder, vectors, dimension)
        let base = max(builder.fanout, builder.leafSize)
        let depth = docids.map(\.count).max() ?? 0
        // The token of a place in a leaf is another than that of a child at the same depth.
        return DocidSequences(
            sequences: docids.map { docid in
                docid.enumerated().map { level, digit in
                    Int32(level == docid.count - 1 ? depth * base : level * base) + digit
                }
            }, vocabularySize: (depth + 1) * base)
    }
}

/// The children on the way to each document, and its place in the leaf.
private func docids(
    _ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int
) -> [[Int32]] {
    let tree = DocidTreeBuilder(
        fanout: builder.fanout, leafSize: builder.leafSize, seed: builder.seed, threads: builder.threads
    ).build(vectors: vectors, dimension: dimension)
    return (0..<Int32(vectors.count / dimension)).map { tree.docid(of: $0) }
}
