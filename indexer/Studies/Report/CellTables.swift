import Charts

/// The tables at the end of a report: options, machines, estimates and all cells.
enum CellTables {
    /// Options that all cells share, and the values of those in which they differ.
    static func options(_ study: Study) -> FigureTable {
        var table = FigureTable([.init("option", .text), .init("values", .text)])
        let names = Set(study.cells.flatMap { $0.options.others.keys }).sorted()
        let unique = { (values: [String]) in
            let distinct = Set(values)
            // Numbers in order of their values.
            return distinct.sorted { (Double($0) ?? .infinity, $0) < (Double($1) ?? .infinity, $1) }
        }
        table.rows.append([
            .text("retriever"), .text(unique(study.cells.map(\.options.retriever)).joined(separator: ", ")),
        ])
        for name in names {
            let values = study.cells.map { $0.options.others[name] ?? "(none)" }
            table.rows.append([.text(name), .text(unique(values).joined(separator: ", "))])
        }
        let samples = study.cells.map(\.sample)
        table.rows.append([.text("sizes"), .text(study.sizes.map(StudyFigure.short).joined(separator: ", "))])
        table.rows.append([.text("distractors"), .text(unique(samples.map(\.distractors)).joined(separator: ", "))])
        table.rows.append([.text("seeds"), .text(unique(samples.map { "\($0.seed)" }).joined(separator: ", "))])
        table.rows.append([
            .text("judged passages"), .text(unique(samples.map { "\($0.judged)" }).joined(separator: ", ")),
        ])
        let queries = unique(study.cells.map { "\($0.queries.count)" })
        table.rows.append([.text("queries"), .text(queries.joined(separator: ", "))])
        return table
    }

    static func machines(_ study: Study) -> FigureTable {
        var table = FigureTable([
            .init("cpu", .text), .init("cores", .count), .init("memory", .bytes), .init("kernels", .text),
            .init("cells", .count), .init("loaded", .count),
        ])
        var seen: [(machine: StudyCell.Machine, cells: Int, loaded: Int)] = []
        for cell in study.cells {
            let machine = cell.machine
            let place = seen.firstIndex { known in
                known.machine.cpu == machine.cpu && known.machine.cores == machine.cores
                    && known.machine.memory == machine.memory && known.machine.kernels == machine.kernels
            }
            if let place {
                seen[place].cells += 1
                seen[place].loaded += machine.isLoaded ? 1 : 0
            } else {
                seen.append((machine, 1, machine.isLoaded ? 1 : 0))
            }
        }
        table.rows = seen.map { item in
            [
                .text(item.machine.cpu), .count(item.machine.cores), .count(item.machine.memory),
                .text(item.machine.kernels), .count(item.cells), .count(item.loaded),
            ]
        }
        return table
    }

    /// What the dry run said beside what came; nil where no cell has both.
    static func estimates(_ study: Study) -> FigureTable? {
        var table = FigureTable([
            .init("line", .text), .init("size", .count), .init("estimated_seconds", .significant(3)),
            .init("seconds", .significant(3)), .init("ratio_of_times", .fixed(2)), .init("estimated_bytes", .bytes),
            .init("bytes", .bytes), .init("ratio_of_bytes", .fixed(2)), .init("estimated_memory", .bytes),
            .init("memory", .bytes),
        ])
        for line in study.lines {
            for point in line.points {
                for cell in point.cells {
                    guard let estimate = cell.estimate, let outcome = cell.outcome else { continue }
                    table.rows.append([
                        .text(line.name), .count(point.size), .optional(estimate.seconds), .optional(outcome.seconds),
                        .optional(ratio(estimate.seconds, outcome.seconds)),
                        .optional(estimate.bytes.map(Double.init)), .optional(outcome.bytes.map(Double.init)),
                        .optional(ratio(estimate.bytes.map(Double.init), outcome.bytes.map(Double.init))),
                        .optional(estimate.memory.map(Double.init)), .optional(outcome.memory.map(Double.init)),
                    ])
                }
            }
        }
        return table.rows.isEmpty ? nil : table
    }

    /// How many estimates of times were within 30 %.
    static func estimateSentence(_ study: Study) -> String {
        let ratios = study.cells.compactMap { ratio($0.estimate?.seconds, $0.outcome?.seconds) }
        guard !ratios.isEmpty else { return "" }
        let close = ratios.count { (1 / 1.3...1.3).contains($0) }
        return "\(close) of \(ratios.count) times are within 30 % of what the dry run said."
    }

    static func cells(_ study: Study) -> FigureTable {
        var table = FigureTable([
            .init("key", .text), .init("line", .text), .init("size", .count), .init("judged", .count),
            .init("replicate", .count), .init("queries", .count), .init("vectors_real", .count),
            .init("encoded_at_query", .significant(3)), .init("steps", .count), .init("load", .fixed(2)),
        ])
        for line in study.lines {
            for point in line.points {
                for cell in point.cells {
                    table.rows.append([
                        .text(String(cell.key.prefix(12))), .text(line.name), .count(cell.sample.size),
                        .count(cell.sample.judged), .count(cell.sample.replicate), .count(cell.queries.count),
                        .optional(cell.build.vectors.map { Double($0.real) }), .optional(cell.encodedAtQuery?.mean),
                        .optional(cell.train.map { Double($0.steps) }),
                        .number(max(cell.machine.loadBefore, cell.machine.loadAfter)),
                    ])
                }
            }
        }
        return table
    }

    private static func ratio(_ estimate: Double?, _ outcome: Double?) -> Double? {
        guard let estimate, let outcome, estimate > 0 else { return nil }
        return outcome / estimate
    }
}
