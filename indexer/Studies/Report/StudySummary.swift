import Charts
import Evaluation

/// What a study says, in sentences that its intervals support. Where they do not, nothing is said.
struct StudySummary: Sendable {
    let sentences: [String]

    /// The level of a finding, after Holm's correction over all pairs and sizes.
    private static let level = 0.05

    init(_ study: Study) {
        var sentences: [String] = []
        if let measure = study.headline {
            let pairs = Self.pairs(study, measure)
            let findings = Self.findings(pairs)
            sentences += Self.best(study, measure, pairs, findings)
            sentences += Self.crossings(study, pairs, findings)
            sentences += Self.change(study, measure)
        }
        sentences += Self.costs(study)
        sentences += Self.warnings(study)
        self.sentences = sentences
    }

    /// All pairs of lines at all sizes.
    private static func pairs(_ study: Study, _ measure: Measure) -> [LineComparison] {
        study.sizes.flatMap { size in
            study.mains.indices.flatMap { second in
                study.mains[..<second].compactMap { first in
                    LineComparison(first, study.mains[second], measure: measure, size: size)
                }
            }
        }
    }

    /// Which of the pairs differ: the corrected p value and the interval must both say so.
    private static func findings(_ pairs: [LineComparison]) -> [Bool] {
        zip(pairs, Holm.adjusted(pairs.map(\.result.p))).map { $1 < level && $0.difference.excludesZero }
    }

    /// The best line at the largest size, beside every other one that it beats.
    private static func best(
        _ study: Study, _ measure: Measure, _ pairs: [LineComparison], _ findings: [Bool]
    ) -> [String] {
        guard let size = study.sizes.last(where: { size in pairs.contains { $0.size == size } }) else { return [] }
        let ranked = study.mains.compactMap { line in
            line.point(size)?.quality(measure).map { (line: line, mean: $0.value) }
        }.sorted { $0.mean > $1.mean }
        guard let best = ranked.first?.line else { return [] }
        let name = MeasureName.text(measure)
        var beaten: [String] = []
        for other in ranked.dropFirst() {
            guard
                let index = pairs.firstIndex(where: { pair in
                    pair.size == size
                        && Set([pair.first.identity, pair.second.identity])
                            == Set([best.identity, other.line.identity])
                })
            else { continue }
            guard findings[index] else { continue }
            let difference = pairs[index].difference
            let towards = pairs[index].second.identity == best.identity ? difference : -difference
            beaten.append("\(Words.distance(towards)) more than \(other.line.name)")
        }
        let at = "At \(StudyFigure.short(size)) passages"
        if beaten.isEmpty {
            return ranked.count > 1
                ? ["\(at) no retriever is ahead of the others by more than the intervals (\(name))."] : []
        }
        return ["\(at) \(best.name) finds \(Words.list(beaten)) (\(name))."]
    }

    /// Pairs of which one is ahead at a size and behind at a larger one.
    private static func crossings(_ study: Study, _ pairs: [LineComparison], _ findings: [Bool]) -> [String] {
        var sentences: [String] = []
        for second in study.mains.indices {
            for first in study.mains[..<second] {
                let own = zip(pairs, findings).filter { pair, isFound in
                    isFound && pair.first.identity == first.identity
                        && pair.second.identity == study.mains[second].identity
                }.map(\.0)
                for (earlier, later) in zip(own, own.dropFirst())
                where (earlier.difference.value > 0) != (later.difference.value > 0) {
                    let falls = earlier.difference.value > 0 ? study.mains[second] : first
                    let other = earlier.difference.value > 0 ? first : study.mains[second]
                    sentences.append(
                        "\(capital(falls.name)) falls below \(other.name) between \(StudyFigure.short(earlier.size)) and "
                            + "\(StudyFigure.short(later.size)) passages."
                    )
                }
            }
        }
        return sentences
    }

    /// What the same queries lose from the least size to the largest.
    private static func change(_ study: Study, _ measure: Measure) -> [String] {
        var losses: [(name: String, change: Interval, from: Int, to: Int)] = []
        for line in study.mains {
            guard let least = line.points.first, let largest = line.points.last, least.size < largest.size,
                let before = QueryValues.averaged(least.cells, { $0.quality(measure)?.values }),
                let after = QueryValues.averaged(largest.cells, { $0.quality(measure)?.values })
            else { continue }
            let values = QueryValues.paired(before, after)
            guard !values.first.isEmpty else { continue }
            let change = Bootstrap.mean(zip(values.first, values.second).map { $1 - $0 })
            if change.excludesZero { losses.append((line.name, change, least.size, largest.size)) }
        }
        // Lines of the same sizes share a sentence.
        var sentences: [String] = []
        for loss in losses where !sentences.contains(where: { $0.hasPrefix(range(loss.from, loss.to)) }) {
            let same = losses.filter { $0.from == loss.from && $0.to == loss.to }
            let parts = same.map { item in
                "\(item.name) \(item.change.value < 0 ? "loses" : "gains") \(Words.distance(item.change))"
            }
            sentences.append(
                "\(range(loss.from, loss.to)) passages \(Words.list(parts)) (\(MeasureName.text(measure))).")
        }
        return sentences
    }

    private static func range(_ from: Int, _ to: Int) -> String {
        "From \(StudyFigure.short(from)) to \(StudyFigure.short(to))"
    }

    private static func costs(_ study: Study) -> [String] {
        guard let size = study.sizes.last else { return [] }
        let times = study.mains.compactMap { line -> String? in
            guard let latency = line.point(size)?.latency("1") else { return nil }
            return
                "\(line.name) \(Words.milliseconds(latency.p50.value)) (99\u{00A0}%: \(Words.milliseconds(latency.p99.value)))"
        }
        let bytes = study.mains.compactMap { line -> String? in
            guard let cell = line.point(size)?.cells.first, !cell.build.bytes.isEmpty else { return nil }
            let total = Double(cell.build.bytes.values.reduce(0, +)) / Double(size)
            return "\(line.name) \(ByteCount.text(total))"
        }
        let at = "At \(StudyFigure.short(size)) passages"
        return (times.isEmpty ? [] : ["\(at) the median query takes on one thread: \(Words.list(times))."])
            + (bytes.isEmpty ? [] : ["\(at) an index takes for each passage: \(Words.list(bytes))."])
    }

    private static func warnings(_ study: Study) -> [String] {
        var sentences: [String] = []
        let judged = Set(study.cells.filter(\.sample.isMostlyJudged).map(\.sample.size)).sorted()
        if !judged.isEmpty {
            sentences.append(
                "More than half of the passages are judged in samples of \(Words.list(judged.map(StudyFigure.short))): "
                    + "they are not like random samples of that size."
            )
        }
        let loaded = study.cells.count { $0.machine.isLoaded }
        if loaded > 0 {
            sentences.append(
                "\(loaded) of \(study.cells.count) cells ran while other programs took more than a fifth of the machine: "
                    + "their times say little."
            )
        }
        return sentences
    }

    /// A name at the start of a sentence.
    private static func capital(_ name: String) -> String {
        guard let first = name.first else { return name }
        return first.uppercased() + name.dropFirst()
    }
}
