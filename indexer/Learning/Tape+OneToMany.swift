import Tensors

extension Tape {
    /// The contrastive loss of targets that have several texts each (1-to-K, Wang et al. 2024):
    ///
    ///     L = ½ (L_{x→t} + L_{t→x}),   both means over rows of -Σ label · log softmax(s / temperature)
    ///
    /// A text has one target. A target has K texts of label 1/K each, so that they are not told from each other, as they are where each pair
    /// has a row of its own. With K = 1 it is the symmetric loss of pairs within a batch.
    ///
    /// - Parameters:
    ///   - texts: [texts × d], rows of length one, target after target.
    ///   - targets: [targets × d], rows of length one.
    ///   - groups: the texts of each target, at least one.
    /// - Complexity: O(texts · targets · d).
    package func oneToMany(
        _ texts: Variable, _ targets: Variable, _ groups: Sequences, temperature: Float
    ) -> Variable {
        precondition(groups.count == targets.rows && groups.rowCount == texts.rows)
        let (n, m) = (texts.rows, targets.rows)
        var owners = [Int](repeating: 0, count: n)
        for group in 0..<m { for text in groups[group] { owners[text] = group } }
        // Every text with every target, and every target with every text.
        let toTargets = candidateProducts(
            texts, rows(of: targets, (0..<n).flatMap { _ in 0..<Int32(m) }),
            Sequences(lengths: [Int](repeating: m, count: n)), scale: 1 / temperature)
        let toTexts = candidateProducts(
            targets, rows(of: texts, (0..<m).flatMap { _ in 0..<Int32(n) }),
            Sequences(lengths: [Int](repeating: n, count: m)), scale: 1 / temperature)
        let right = (0..<n).flatMap { text in (0..<m).map { owners[text] == $0 ? Float(1) : 0 } }
        let equal = (0..<m).flatMap { group in
            (0..<n).map { owners[$0] == group ? 1 / Float(groups[group].count) : 0 }
        }
        return scale(
            add(
                crossEntropy(toTargets, within: Sequences(lengths: [Int](repeating: m, count: n)), weights: right),
                crossEntropy(toTexts, within: Sequences(lengths: [Int](repeating: n, count: m)), weights: equal)),
            by: 0.5)
    }
}
