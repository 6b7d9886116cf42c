import Evaluation

/// The cells of corpora that grow, line by line and step by step.
struct GrowthStudy: Sendable {
    /// Which questions a mean is of.
    enum Questions: String, Sendable, CaseIterable {
        case old = "old questions"
        case newest = "questions about the newest part"
        case all = "all questions"
    }

    struct Stage: Sendable {
        let step: Int
        let cell: StudyCell
        /// The step with which each query's first relevant passage came.
        let parts: [Int]
    }

    struct Line: Sendable {
        let name: String
        /// By step, rising.
        let stages: [Stage]
    }

    let lines: [Line]
    let measure: Measure

    /// Nil where no corpus grew. Of several sizes the largest is shown.
    init?(_ study: Study) {
        guard !study.grown.isEmpty, let measure = study.measures.first(where: { $0 == .hits(10) }) ?? study.headline
        else { return nil }
        self.measure = measure
        let cells = study.grown.filter { cell in
            cell.sample.replicate == 0 && (cell.options.others["typos"] ?? "0") == "0"
                && cell.sample.distractors == "random"
        }
        // Cells of one corpus end at one size.
        let largest = cells.filter { $0.growth?.isLast ?? false }.map(\.sample.size).max() ?? 0
        let groups = Dictionary(grouping: cells, by: \.options)
        let options = groups.keys.sorted { one, other in
            (Study.place(one.retriever), Self.text(one)) < (Study.place(other.retriever), Self.text(other))
        }
        let names = LineNames.names(options)
        lines = zip(options, names).map { options, name in
            let stages = (groups[options] ?? []).filter { $0.sample.size <= largest }.compactMap { cell in
                cell.growth.map { Stage(step: $0.step, cell: cell, parts: $0.parts) }
            }
            return Line(name: name, stages: stages.sorted { $0.step < $1.step })
        }
    }

    private static func text(_ options: StudyCell.Options) -> String {
        options.others.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// The mean over some questions of a stage; nil without any.
    func found(_ questions: Questions, _ stage: Stage) -> (value: Interval, queries: Int)? {
        guard let values = stage.cell.quality(measure)?.values, values.count == stage.parts.count else { return nil }
        let chosen = zip(values, stage.parts).filter { _, part in
            switch questions {
            case .old: part == 0
            case .newest: part == stage.step && part > 0
            case .all: true
            }
        }.map(\.0)
        return chosen.isEmpty ? nil : (Bootstrap.mean(chosen), chosen.count)
    }

    /// How much less of a question's answers are found at the end than when its part had just come, over the questions of all
    /// parts but the last: the mean of the paired differences. In DSI++ (Mehta et al. 2022) forgetting is from the best step; here
    /// nothing is learnt after the start, so that the first is taken, which noise does not favour.
    func forgetting(_ line: Line) -> Interval? {
        guard let last = line.stages.last, let end = values(last), line.stages.count > 1 else { return nil }
        var losses: [Double] = []
        for stage in line.stages.dropLast() {
            guard let own = values(stage) else { continue }
            for (place, query) in stage.cell.queries.enumerated() where stage.parts[place] == stage.step {
                if let now = end[query], let then = own[query] { losses.append(then - now) }
            }
        }
        return losses.isEmpty ? nil : Bootstrap.mean(losses)
    }

    /// How well questions about passages that nothing was learnt from are found when these have just come: the mean over all
    /// added parts' questions.
    func generalisation(_ line: Line) -> Interval? {
        var found: [Double] = []
        for stage in line.stages where stage.step > 0 {
            guard let own = values(stage) else { continue }
            for (place, query) in stage.cell.queries.enumerated() where stage.parts[place] == stage.step {
                if let value = own[query] { found.append(value) }
            }
        }
        return found.isEmpty ? nil : Bootstrap.mean(found)
    }

    private func values(_ stage: Stage) -> [String: Double]? {
        guard let values = stage.cell.quality(measure)?.values, values.count == stage.cell.queries.count else {
            return nil
        }
        return Dictionary(zip(stage.cell.queries, values)) { first, _ in first }
    }

    /// Forgetting and generalisation of every line.
    var table: FigureTable {
        var table = FigureTable([
            .init("line", .text), .init("at_the_start", .fixed(4)), .init("old_at_the_end", .fixed(4)),
            .init("forgetting_points", .fixed(2)), .init("low", .fixed(2)), .init("high", .fixed(2)),
            .init("generalisation", .fixed(4)), .init("g_low", .fixed(4)), .init("g_high", .fixed(4)),
        ])
        for line in lines {
            let (forgetting, general) = (forgetting(line), generalisation(line))
            table.rows.append([
                .text(line.name),
                .optional(line.stages.first.flatMap { found(.old, $0) }?.value.value),
                .optional(line.stages.last.flatMap { found(.old, $0) }?.value.value),
                .optional(forgetting.map { $0.value * 100 }), .optional(forgetting.map { $0.low * 100 }),
                .optional(forgetting.map { $0.high * 100 }), .optional(general?.value), .optional(general?.low),
                .optional(general?.high),
            ])
        }
        return table
    }
}
