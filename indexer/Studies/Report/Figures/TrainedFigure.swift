import Charts
import Evaluation
import Foundation

/// Docids that were learnt, by size: a panel for what they were learnt from, a line for each scheme.
enum TrainedFigure {
    static let title = "Learnt docids by size"

    /// Nil where nothing was learnt.
    static func make(_ study: Study) -> StudyFigure.Outcome? {
        let trained = study.lines.filter(\.isTrained)
        guard !trained.isEmpty, let measure = FindingsTable.measure(study) else { return nil }
        let name = MeasureName.text(measure)
        // What is drawn: constrained, without typing errors, the widest beam, the steps that most lines have; the table has all.
        let beams = trained.compactMap { $0.identity.options.others["beam"].flatMap(Int.init) }
        let counts = Dictionary(grouping: trained) { $0.identity.options.others["steps"] }.mapValues(\.count)
        let steps = counts.max {
            ($0.value, $0.key.flatMap(Int.init) ?? 0) < ($1.value, $1.key.flatMap(Int.init) ?? 0)
        }?.key
        let shown = trained.filter { line in
            let others = line.identity.options.others
            return others["steps"] == steps && others["constrained"] != "no" && (others["typos"] ?? "0") == "0"
                && line.identity.distractors == "random" && others["beam"].flatMap(Int.init) == beams.max()
        }
        let schemes = Array(Set(trained.compactMap { $0.identity.options.others["docids"] })).sorted()
        let references = study.mains.filter { ["dense", "bm25"].contains($0.retriever) && !$0.isTrained }
        let values = (shown + references).flatMap { line in
            line.points.compactMap { $0.quality(measure) }.flatMap { [$0.value, $0.low, $0.high] }
        }
        let y = Axis("", covering: values, mostTicks: 8)
        let groups = Dictionary(grouping: shown) { panelTitle($0, among: shown) }
        let panels = groups.keys.sorted(by: order).map { title in
            let lines = (groups[title] ?? []).sorted { scheme($0) < scheme($1) }
            var series = lines.map { line in
                Self.series(line, measure, name: scheme(line), style: schemes.firstIndex(of: scheme(line)) ?? 0)
            }
            series += references.enumerated().map { place, line in
                var own = Self.series(line, measure, name: line.name, style: schemes.count + place)
                if own.points.count > 1 { own.form = .computed }
                return own
            }
            return StudyFigure.bySize(
                study, title: title, summary: "\(name) of docids learnt from \(title), by the number of passages.",
                y: y,
                series: series)
        }
        return .drawn(
            StudyFigure(
                name: "trained", title: "\(title) (\(name))",
                caption:
                    "Mean over queries, with 95 % bootstrap intervals over queries; thin lines are retrievers that "
                    + "learn nothing, for comparison. All panels have one scale. Autoregressive docids are constrained; the table "
                    + "also has the others. Accepted: whether held-out queries were found better with what was learnt, which "
                    + "only anchored docids can do without.",
                panels: panels, table: table(trained, measure),
                vega: .lines(
                    x: "size", y: "mean", low: "low", high: "high", series: "docids", panel: "represent",
                    logarithmicY: false)))
    }

    private static func scheme(_ line: StudyLine) -> String { line.identity.options.others["docids"] ?? "docid" }

    /// What the lines of a panel share, without what all panels do.
    private static func panelTitle(_ line: StudyLine, among all: [StudyLine]) -> String {
        let own = line.identity.options.others
        let names = ["layers", "minutes", BuildWords.budget].filter { name in
            Set(all.map { $0.identity.options.others[name] }).count > 1
        }
        return ([own["represent"] ?? ""] + names.compactMap { name in own[name].map { "\(name) \($0)" } })
            .joined(separator: ", ")
    }

    /// Texts in the order of ``PassageRepresentation/Source``, numbers by their values.
    private static func order(_ one: String, _ other: String) -> Bool {
        one.compare(other, options: .numeric) == .orderedAscending
    }

    private static func series(_ line: StudyLine, _ measure: Measure, name: String, style: Int) -> Series {
        let points = line.points.compactMap { point in
            point.quality(measure).map { quality in
                Series.Point(
                    x: Double(point.size), y: quality.value, low: quality.low, high: quality.high,
                    note: "\(name), \(StudyFigure.short(point.size)): \(Words.value(quality))")
            }
        }
        return Series(name, style: style, points: points)
    }

    private static func table(_ lines: [StudyLine], _ measure: Measure) -> FigureTable {
        var table = FigureTable([
            .init("represent", .text), .init("docids", .text), .init("layers", .text), .init("steps", .text),
            .init("minutes", .text), .init("constrained", .text), .init("beam", .text), .init("size", .count),
            .init("mean", .fixed(4)), .init("low", .fixed(4)), .init("high", .fixed(4)), .init("loss", .fixed(3)),
            .init("training_seconds", .significant(3)), .init("accepted", .text),
        ])
        for line in lines {
            for point in line.points {
                guard let quality = point.quality(measure), let train = point.cells.first?.train else { continue }
                let options = ["represent", "docids", "layers", "steps", "minutes", "constrained", "beam"].map { name in
                    FigureTable.Value.text(line.identity.options.others[name] ?? "")
                }
                table.rows.append(
                    options + [
                        .count(point.size), .number(quality.value), .number(quality.low), .number(quality.high),
                        .optional(train.loss), .number(train.seconds),
                        .text(train.accepted.map { $0 ? "yes" : "no" } ?? ""),
                    ])
            }
        }
        return table
    }
}
