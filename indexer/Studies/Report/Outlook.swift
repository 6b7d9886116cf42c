import Charts
import Evaluation

/// What a sample larger than all measured ones would give, and why not where that cannot be told.
enum Outlook {
    /// Quality at `size` passages, extrapolated from the largest sample of every line.
    static func quality(_ study: Study, to size: Int) -> FigureTable? {
        var table = FigureTable([
            .init("line", .text), .init("measure", .text), .init("from", .count), .init("to", .count),
            .init("expected", .fixed(3)), .init("low", .fixed(3)), .init("high", .fixed(3)), .init("note", .text),
        ])
        for line in study.mains {
            guard let point = line.points.last, point.size < size, let cell = point.cells.first, let ranks = cell.ranks,
                !ranks.best.isEmpty
            else { continue }
            let sample = Thinning(
                ranks: ranks.best, judgedAbove: ranks.judgedAbove, depth: ranks.censoredAt, size: point.size,
                judged: cell.sample.judged)
            for measure in study.measures where RankGain(measure) != nil {
                var row: [FigureTable.Value] = [
                    .text(line.name), .text(MeasureName.text(measure)), .count(point.size), .count(size),
                ]
                do throws(Extrapolation.Refusal) {
                    let result = try Extrapolation(measure, of: sample, to: size, hasOneRelevant: ranks.hasOneRelevant)
                    row += [
                        .number(result.interval.value), .number(result.interval.low), .number(result.interval.high),
                        .text(cell.train == nil ? "" : "as if the training carried over"),
                    ]
                } catch {
                    row += [.none, .none, .none, .text(error.reason)]
                }
                table.rows.append(row)
            }
        }
        return table.rows.isEmpty ? nil : table
    }

    /// Bytes, build times and latency at `size` passages, fitted over all sizes of every line.
    static func costs(_ study: Study, to size: Int) -> FigureTable? {
        var table = FigureTable([
            .init("line", .text), .init("cost", .text), .init("law", .text), .init("expected", .significant(3)),
            .init("low", .significant(3)), .init("high", .significant(3)), .init("unit", .text), .init("note", .text),
        ])
        for line in study.mains {
            let cells = line.points.flatMap(\.cells)
            var refused: [String] = []
            func add(
                _ name: String, _ law: CostFit.Law, _ formula: String, _ unit: String, _ cost: (StudyCell) -> Double?
            ) {
                let measured = cells.compactMap { cell in
                    cost(cell).map { (size: Double(cell.sample.size), cost: $0) }
                }
                guard !measured.isEmpty else { return }
                do throws(CostFit.Refusal) {
                    let fit = try CostFit(law, sizes: measured.map(\.size), costs: measured.map(\.cost))
                    let expected = fit.prediction(Double(size))
                    table.rows.append([
                        .text(line.name), .text(name), .text(formula), .number(expected.value),
                        .number(max(0, expected.low)), .number(expected.high), .text(unit), .text(""),
                    ])
                } catch {
                    if !refused.contains(error.reason) { refused.append(error.reason) }
                }
            }
            for name in Set(cells.flatMap(\.build.bytes.keys)).sorted() {
                add("bytes of \(name)", .linear, "a + bN", "MB") { $0.build.bytes[name].map { Double($0) / 1e6 } }
            }
            var stages: [String] = []
            for stage in cells.flatMap(\.build.stages) where !stages.contains(stage.name) { stages.append(stage.name) }
            for name in stages {
                add("time of \(name)", .linear, "a + bN", "s") { cell in
                    cell.build.stages.first { $0.name == name }?.wall
                }
            }
            // Scans grow with the passages, searches in trees with their logarithm.
            let isTree = ["ngram", "docid"].contains(line.retriever)
            add("median latency", isTree ? .logarithmic : .linear, isTree ? "a + b ln N" : "a + bN", "ms") {
                $0.latency["1"]?.p50.value
            }
            for reason in refused {
                table.rows.append([.text(line.name), .text("costs"), .none, .none, .none, .none, .none, .text(reason)])
            }
        }
        return table.rows.isEmpty ? nil : table
    }
}
