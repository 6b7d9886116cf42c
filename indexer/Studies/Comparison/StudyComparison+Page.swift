import Charts
import Evaluation
import Memory

extension StudyComparison {
    /// Sentences of what differs by more than its interval, and of what is missing.
    package var sentences: [String] {
        var sentences: [String] = []
        let found = pairs.flatMap { pair in
            pair.qualities.compactMap { quality -> String? in
                guard let paired = quality.paired, paired.difference.excludesZero, (quality.adjustedP ?? 1) < 0.05
                else {
                    return nil
                }
                let verb = paired.difference.value > 0 ? "more" : "less"
                return
                    "\(pair.name): \(secondName) finds \(Words.distance(paired.difference)) \(verb) than "
                    + "\(firstName) (\(MeasureName.text(quality.measure)))."
            }
        }
        let tested = pairs.reduce(0) { $0 + $1.qualities.count { $0.paired != nil } }
        if found.isEmpty, tested > 0 {
            sentences.append("None of \(tested) differences in quality is larger than its interval allows for.")
        }
        sentences += found
        for (name, missing) in [(secondName, onlyInFirst), (firstName, onlyInSecond)] where !missing.isEmpty {
            sentences.append(
                "\(name) lacks \(missing.count) cell\(missing.count == 1 ? "" : "s"): \(missing.joined(separator: "; "))."
            )
        }
        return sentences
    }

    /// All differences, a row a measure of a pair.
    package var table: FigureTable {
        var table = FigureTable([
            .init("cell", .text), .init("size", .count), .init("measure", .text), .init("first", .fixed(4)),
            .init("second", .fixed(4)), .init("points", .fixed(2)), .init("low", .fixed(2)), .init("high", .fixed(2)),
            .init("p", .probability), .init("p_holm", .probability), .init("queries", .count),
        ])
        for pair in pairs {
            for quality in pair.qualities {
                let difference = quality.paired?.difference
                table.rows.append([
                    .text(pair.name), .count(pair.size), .text(MeasureName.text(quality.measure)),
                    .number(quality.first), .number(quality.second), .optional(difference.map { $0.value * 100 }),
                    .optional(difference.map { $0.low * 100 }), .optional(difference.map { $0.high * 100 }),
                    .optional(quality.paired?.p), .optional(quality.adjustedP),
                    .optional(quality.paired.map { Double($0.count) }),
                ])
            }
        }
        return table
    }

    private var costTable: FigureTable {
        var table = FigureTable([
            .init("cell", .text), .init("size", .count), .init("latency_ratio", .fixed(3)), .init("low", .fixed(3)),
            .init("high", .fixed(3)), .init("bytes_ratio", .fixed(3)), .init("build_time_ratio", .fixed(3)),
        ])
        table.rows = pairs.map { pair in
            [
                .text(pair.name), .count(pair.size), .optional(pair.latencyRatio?.value),
                .optional(pair.latencyRatio?.low), .optional(pair.latencyRatio?.high), .optional(pair.bytesRatio),
                .optional(pair.buildRatio),
            ]
        }
        return table
    }

    /// Differences in each measure as rows of dots.
    private var figure: StudyFigure? {
        let tested = pairs.flatMap { pair in pair.qualities.filter { $0.paired != nil }.map { (pair, $0) } }
        // Many rows are long; the table has all measures.
        let most = pairs.count > 12 ? 2 : QualityFigure.mostMeasures
        let measures = MeasureName.ordered(Set(tested.map(\.1.measure))).prefix(most)
        guard !measures.isEmpty else { return nil }
        let panels = measures.map { measure in
            let own = tested.filter { $0.1.measure == measure }
            let retrievers = pairs.map(\.first.options.retriever).reduce(into: [String]()) { names, name in
                if !names.contains(name) { names.append(name) }
            }
            let rows = own.compactMap { pair, quality -> DotPlot.Row? in
                guard let difference = quality.paired?.difference else { return nil }
                return DotPlot.Row(
                    pair.name, style: retrievers.firstIndex(of: pair.first.options.retriever) ?? 0,
                    value: difference.value, low: difference.low, high: difference.high,
                    note: "\(pair.name): \(Words.points(difference))")
            }
            let name = MeasureName.text(measure)
            return Panel(
                title: name,
                summary: "Paired differences in \(name) between \(firstName) and \(secondName), in points.",
                content: DotPlot(
                    x: Axis(
                        "points that \(secondName) is above \(firstName)", format: .points,
                        covering: rows.flatMap { [$0.low ?? $0.value, $0.high ?? $0.value] }, including: [0]),
                    rows: rows, guide: 0))
        }
        return StudyFigure(
            name: "comparison", title: "Differences in quality",
            caption:
                "Paired differences over queries, in points, \(secondName) minus \(firstName); whiskers are 95 % bootstrap "
                + "intervals. p_holm is corrected for the whole table.",
            panels: panels, table: table,
            vega: .dots(x: "points", y: "cell", low: "low", high: "high", panel: "measure"))
    }

    /// The page.
    package var html: String {
        var page = ReportPage(title: "\(firstName) and \(secondName)")
        page.paragraph(
            "\(pairs.count) cells of the same samples and options are in both studies.", class: "quiet")
        page.list(sentences)
        if let figure {
            page.figure(figure)
        } else {
            page.paragraph(
                "No cell of both studies has values of the same queries. The figure is left out.", class: "quiet")
        }
        if !pairs.isEmpty {
            page.heading("Costs", id: "costs")
            page.paragraph("\(secondName) over \(firstName): below 1 is less.", class: "quiet")
            page.table(costTable)
        }
        page.finish()
        return page.text
    }

    /// Writes `comparison.html` and `figures/comparison` with numbers, specification and drawings.
    ///
    /// - Returns: the path of the page.
    @discardableResult package func write(to folder: String) throws -> String {
        let place = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        try ReportFolder.make(place + "/figures")
        if let figure {
            try ReportFolder.write(figure, to: place + "/figures")
        } else {
            try ReportFolder.removeOthers(of: "comparison", panels: 0, in: place + "/figures")
        }
        try OutputFile.write(html.utf8, to: place + "/comparison.html")
        return place + "/comparison.html"
    }
}
