import Memory

extension DocidScheme {
    /// A running number in decimal digits (DSI, Tay et al. 2022).
    public static let naive = DocidScheme("naive", NaiveDocids())
}

private struct NaiveDocids: AutoregressiveDocids {
    func sequences(_ builder: DocidSkeletonBuilder, _ vectors: FrozenArray<Float>, _ dimension: Int) -> DocidSequences {
        let count = vectors.count / dimension
        // Leading zeros make all as long, so that none begins another.
        let digits = DocidSequences.digits(max(0, count - 1), atLeast: 1).count
        return DocidSequences(
            sequences: (0..<count).map { DocidSequences.digits($0, atLeast: digits) }, vocabularySize: 10)
    }
}
