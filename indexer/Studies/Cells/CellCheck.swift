import Evaluation

/// Whether a cell agrees with itself.
enum CellCheck {
    /// Bounds far above anything that can be measured, within which no sum or product leaves its type.
    private static let mostPassages = 1_000_000_000_000
    private static let deepest = 100_000
    private static let mostBytes = 1 << 53

    /// What is wrong, as a sentence of what was expected; nil where nothing is.
    static func fault(_ cell: StudyCell) -> String? {
        if cell.key.isEmpty { return "expected a key that is not empty" }
        if cell.options.retriever.isEmpty { return "expected the name of a retriever in options.retriever" }
        if !(1...mostPassages).contains(cell.sample.size) {
            return "expected sample.size of at least 1 and at most \(mostPassages), found \(cell.sample.size)"
        }
        if !(0...cell.sample.size).contains(cell.sample.judged) {
            return "expected sample.judged from 0 to sample.size (\(cell.sample.size)), found \(cell.sample.judged)"
        }
        if Set(cell.queries).count != cell.queries.count { return "expected every query once in queries" }
        return lists(cell) ?? ranks(cell) ?? costs(cell) ?? times(cell) ?? growth(cell)
    }

    private static func lists(_ cell: StudyCell) -> String? {
        var measures: [Measure: String] = [:]
        for name in cell.quality.keys.sorted() {
            guard let measure = Measure(name) else { return "expected measures in quality, found \(name)" }
            if let other = measures.updateValue(name, forKey: measure) {
                return "expected every measure once in quality, found \(other) and \(name)"
            }
        }
        for name in cell.recallOfExact.keys.sorted() where Int(name).map({ $0 > 0 }) != true {
            return "expected depths such as 10 in recall_of_exact, found \(name)"
        }
        for (part, values) in [("quality", cell.quality), ("recall_of_exact", cell.recallOfExact)] {
            for name in values.keys.sorted() {
                guard let value = values[name] else { continue }
                if !value.values.isEmpty, value.values.count != cell.queries.count {
                    return counts("\(part).\(name).values", value.values.count, cell)
                }
                let numbers = value.values + [value.mean] + [value.low, value.high].compactMap { $0 }
                if let bad = numbers.first(where: { !(0...1 + 1e-9).contains($0) }) {
                    return "expected numbers from 0 to 1 in \(part).\(name), found \(bad)"
                }
                guard (value.low ?? value.mean) <= value.mean + 1e-9, value.mean <= (value.high ?? value.mean) + 1e-9
                else { return "expected low, mean and high of \(part).\(name) in rising order" }
            }
        }
        return nil
    }

    private static func ranks(_ cell: StudyCell) -> String? {
        guard let ranks = cell.ranks else { return nil }
        if !(1...deepest).contains(ranks.censoredAt) {
            return "expected ranks.censored_at of at least 1 and at most \(deepest), found \(ranks.censoredAt)"
        }
        if ranks.best.count != cell.queries.count { return counts("ranks.best", ranks.best.count, cell) }
        for case .some(let rank) in ranks.best where !(1...ranks.censoredAt).contains(rank) {
            return "expected ranks from 1 to ranks.censored_at (\(ranks.censoredAt)) in ranks.best, found \(rank)"
        }
        if let above = ranks.judgedAbove {
            if above.count != cell.queries.count { return counts("ranks.judged_above", above.count, cell) }
            for (index, count) in above.enumerated() {
                let most = (ranks.best[index] ?? ranks.censoredAt + 1) - 1
                if !(0...max(most, 0)).contains(count) {
                    return
                        "expected ranks.judged_above from 0 to \(most) for query \(cell.queries[index]), found \(count)"
                }
            }
        }
        if let relevant = ranks.relevant {
            if relevant.count != cell.queries.count { return counts("ranks.relevant", relevant.count, cell) }
            if let bad = relevant.first(where: { $0 < 1 }) {
                return "expected at least 1 relevant passage a query in ranks.relevant, found \(bad)"
            }
        }
        return nil
    }

    private static func costs(_ cell: StudyCell) -> String? {
        for stage in cell.build.stages where !(stage.wall >= 0 && stage.cpu >= 0 && stage.peakRSS >= 0) {
            return "expected times and memory of at least 0 in build.stages, in \(stage.name)"
        }
        for (name, bytes) in cell.build.bytes.sorted(by: { $0.key < $1.key }) where !(0...mostBytes).contains(bytes) {
            return "expected at least 0 and at most \(mostBytes) bytes in build.bytes.\(name), found \(bytes)"
        }
        for (name, cost) in [("estimate", cell.estimate), ("outcome", cell.outcome)] {
            guard let cost else { continue }
            if (cost.seconds ?? 0) < 0 || (cost.bytes ?? 0) < 0 || (cost.memory ?? 0) < 0 {
                return "expected numbers of at least 0 in \(name)"
            }
        }
        return nil
    }

    private static func times(_ cell: StudyCell) -> String? {
        for name in cell.latency.keys.sorted() {
            guard let latency = cell.latency[name] else { continue }
            if name != "all", Int(name).map({ $0 > 0 }) != true {
                return "expected numbers of threads or \"all\" in latency, found \(name)"
            }
            for (quantile, value) in [("p50", latency.p50), ("p95", latency.p95), ("p99", latency.p99)]
            where !(value.low >= 0 && value.low <= value.value && value.value <= value.high) {
                return "expected 0 ≤ low ≤ value ≤ high in latency.\(name).\(quantile)"
            }
            if latency.milliseconds.contains(where: { !($0 >= 0) }) {
                return "expected times of at least 0 in latency.\(name).milliseconds"
            }
        }
        return nil
    }

    private static func growth(_ cell: StudyCell) -> String? {
        guard let growth = cell.growth else { return nil }
        if !(0...max(growth.of, 0)).contains(growth.step) {
            return "expected growth.step from 0 to growth.of (\(growth.of)), found \(growth.step)"
        }
        if growth.parts.count != cell.queries.count { return counts("growth.parts", growth.parts.count, cell) }
        for part in growth.parts where !(0...growth.step).contains(part) {
            return "expected numbers from 0 to growth.step (\(growth.step)) in growth.parts, found \(part)"
        }
        return nil
    }

    private static func counts(_ name: String, _ count: Int, _ cell: StudyCell) -> String {
        "expected as many values in \(name) as in queries (\(cell.queries.count)), found \(count)"
    }
}
