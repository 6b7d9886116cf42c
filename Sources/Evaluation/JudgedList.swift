import Corpora
import RealModule

/// A ranked list seen through the judgements of its question.
struct JudgedList {
    /// The grade of each passage, best first; nil where it is not judged.
    private let grades: [Int?]
    /// The positive grades of all judged passages, highest first.
    private let ideal: [Int]
    private let level: Int
    /// What each passage is worth to a reader, best first; nil where nobody said.
    let utilities: [Double?]
    /// All passages that are judged relevant, in the list or not.
    let relevantCount: Int
    private let nonRelevantCount: Int

    init(
        entries: [TRECRun.Entry], judgements: [Identifier: Int], level: Int, utilities: [Identifier: Double] = [:]
    ) {
        self.level = level
        let ranked = entries.sorted(by: TRECRun.precedes)
        grades = ranked.map { judgements[$0.passage] }
        self.utilities = ranked.map { utilities[$0.passage] }
        ideal = judgements.values.filter { $0 > 0 }.sorted(by: >)
        relevantCount = judgements.values.count { $0 >= level }
        // Negative grades are neither relevant nor judged as not relevant.
        nonRelevantCount = judgements.values.count { $0 >= 0 && $0 < level }
    }

    func value(of measure: Measure) -> Double {
        switch measure {
        case .map: averagePrecision
        case .recipRank: reciprocalRank(cutoff: grades.count)
        case .recipRankCut(let cutoff): reciprocalRank(cutoff: cutoff)
        case .ndcg: gain(grades.count, ideal: ideal.count)
        case .ndcgCut(let cutoff): gain(cutoff, ideal: cutoff)
        case .recall(let cutoff): ratio(found(cutoff), relevantCount)
        case .precision(let cutoff): ratio(found(cutoff), cutoff)
        case .hits(let cutoff), .success(let cutoff): found(cutoff) > 0 ? 1 : 0
        case .judged(let cutoff):
            ratio(grades.prefix(cutoff).count { $0 != nil }, min(cutoff, grades.count))
        case .rPrecision: ratio(found(relevantCount), relevantCount)
        case .bpref: preference
        case .other(let other, let cutoff): other.value(self, cutoff)
        }
    }

    private func isRelevant(_ grade: Int?) -> Bool { grade.map { $0 >= level } ?? false }

    /// The relevant passages among the first.
    func found(_ cutoff: Int) -> Int { grades.prefix(cutoff).count { isRelevant($0) } }

    /// Their ranks, from 1, rising.
    func relevantRanks(_ cutoff: Int) -> [Int] {
        grades.prefix(cutoff).indices.filter { isRelevant(grades[$0]) }.map { $0 + 1 }
    }

    private func ratio(_ part: Int, _ whole: Int) -> Double {
        whole > 0 ? Double(part) / Double(whole) : 0
    }

    func reciprocalRank(cutoff: Int) -> Double {
        grades.prefix(cutoff).firstIndex { isRelevant($0) }.map { 1 / Double($0 + 1) } ?? 0
    }

    private var averagePrecision: Double {
        guard relevantCount > 0 else { return 0 }
        var sum = 0.0
        var found = 0
        for (index, grade) in grades.enumerated() where isRelevant(grade) {
            found += 1
            sum += Double(found) / Double(index + 1)
        }
        return sum / Double(relevantCount)
    }

    private func gain(_ cutoff: Int, ideal idealCutoff: Int) -> Double {
        let best = Self.discounted(ideal.prefix(idealCutoff))
        return best > 0 ? Self.discounted(grades.prefix(cutoff).map { max($0 ?? 0, 0) }) / best : 0
    }

    private static func discounted(_ gains: some Collection<Int>) -> Double {
        var sum = 0.0
        for (index, gain) in gains.enumerated() where gain > 0 {
            sum += Double(gain) / Double.log2(Double(index + 2))
        }
        return sum
    }

    private var preference: Double {
        guard relevantCount > 0 else { return 0 }
        var sum = 0.0
        var above = 0
        for case let grade? in grades where grade >= 0 {
            if grade < level {
                above += 1
            } else if above == 0 {
                sum += 1
            } else {
                sum += 1 - Double(min(above, relevantCount)) / Double(min(nonRelevantCount, relevantCount))
            }
        }
        return sum / Double(relevantCount)
    }
}
