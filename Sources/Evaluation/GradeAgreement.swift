import Corpora

/// How far two judges agree on the grades of the pairs that both have judged.
public struct GradeAgreement: Sendable, Hashable {
    /// Pairs by the first judge's grade and the second's.
    public let counts: [[Int]]
    /// The grades, in the order of ``counts``.
    public let grades: [Int]

    /// - Parameters:
    ///   - first: such as people's judgements.
    ///   - second: such as a model's; pairs that only one has judged are left out.
    public init(_ first: Qrels, _ second: Qrels) {
        var pairs: [(Int, Int)] = []
        for query in first.queryIDs {
            let others = second.judgements[query] ?? [:]
            for (passage, grade) in first.judgements(of: query) {
                if let other = others[passage] { pairs.append((grade, other)) }
            }
        }
        self.init(pairs)
    }

    /// - Parameter pairs: grades of the first judge and of the second.
    init(_ pairs: [(Int, Int)]) {
        let grades = Set(pairs.flatMap { [$0.0, $0.1] }).sorted()
        var counts = Array(repeating: Array(repeating: 0, count: grades.count), count: grades.count)
        let places = Dictionary(uniqueKeysWithValues: zip(grades, grades.indices))
        for (own, other) in pairs {
            if let row = places[own], let column = places[other] { counts[row][column] += 1 }
        }
        (self.counts, self.grades) = (counts, grades)
    }

    public var pairs: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

    /// Cohen's kappa (1960): agreement beyond that of two judges who draw grades by their own shares,
    ///
    ///     (p_o - p_e) / (1 - p_e)
    ///
    /// Nil where there is no pair, or both judges know but one grade.
    public var kappa: Double? { kappa { $0 == $1 ? 0 : 1 } }

    /// The same with disagreements that weigh as the square of their distance (Cohen 1968).
    public var weightedKappa: Double? { kappa { Double(($0 - $1) * ($0 - $1)) } }

    /// The same of relevant or not.
    ///
    /// - Parameters:
    ///   - level: the lowest of the first judge's grades that counts as relevant.
    ///   - other: the lowest of the second's.
    public func binaryKappa(level: Int, other: Int) -> Double? {
        kappa { ($0 >= level) == ($1 >= other) ? 0 : 1 }
    }

    /// 1 - the weight of what disagrees over what would by chance.
    private func kappa(_ weight: (Int, Int) -> Double) -> Double? {
        let n = Double(pairs)
        guard n > 0 else { return nil }
        let rows = counts.map { Double($0.reduce(0, +)) }
        let columns = grades.indices.map { column in Double(counts.reduce(0) { $0 + $1[column] }) }
        var (observed, expected) = (0.0, 0.0)
        for (row, own) in grades.enumerated() {
            for (column, other) in grades.enumerated() {
                observed += weight(own, other) * Double(counts[row][column]) / n
                expected += weight(own, other) * rows[row] * columns[column] / n / n
            }
        }
        return expected > 0 ? 1 - observed / expected : nil
    }

    /// How probably the second judge gives a pair that is relevant to the first a higher grade than one that is not; equal grades count
    /// half. Nil where all are relevant, or none.
    public func areaUnderCurve(level: Int) -> Double? {
        var (relevant, others) = (
            Array(repeating: 0.0, count: grades.count), Array(repeating: 0.0, count: grades.count)
        )
        for (row, grade) in grades.enumerated() {
            for column in grades.indices {
                if grade >= level {
                    relevant[column] += Double(counts[row][column])
                } else {
                    others[column] += Double(counts[row][column])
                }
            }
        }
        let all = relevant.reduce(0, +) * others.reduce(0, +)
        guard all > 0 else { return nil }
        var (below, area) = (0.0, 0.0)
        for column in grades.indices {
            area += relevant[column] * (below + others[column] / 2)
            below += others[column]
        }
        return area / all
    }
}
