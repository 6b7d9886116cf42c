import Memory

extension DocidScheme {
    /// One step over all documents (DynamicRetriever, Zhou et al. 2023).
    public static let atomic = DocidScheme("atomic", AtomicDocids())
}

private struct AtomicDocids: PrefixDocids {
    func skeleton(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSkeleton {
        DocidSkeleton(unchecked: dimension, [0], FrozenArray([Float](repeating: 0, count: dimension)))
    }
}
