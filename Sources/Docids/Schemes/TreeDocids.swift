import Memory

extension DocidScheme {
    /// Hierarchical k-means (DSI, Tay et al. 2022).
    public static let tree = DocidScheme("tree", TreeDocids())
}

private struct TreeDocids: PrefixDocids {
    func skeleton(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSkeleton {
        DocidSkeleton(
            DocidTreeBuilder(
                fanout: builder.fanout, leafSize: builder.leafSize, seed: builder.seed, threads: builder.threads,
                fillsLeaves: true
            ).build(vectors: vectors, dimension: dimension))
    }
}
