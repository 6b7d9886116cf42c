import Corpora
import Evaluation

/// The part of a cell that the judgements give.
enum CellJudgement {
    static let measures: [Measure] = [
        .ndcgCut(10), .recipRankCut(10), .hits(1), .hits(10), .recall(100), .recall(1000),
    ]

    /// Fills `queries`, `quality` and `ranks`.
    ///
    /// - Parameter judged: the passages with a judgement that are searched.
    static func fill(_ cell: inout StudyCell, _ run: TRECRun, _ input: StudyInput, judged: Set<Identifier>) {
        let evaluator = Evaluator(
            qrels: input.qrels, options: EvaluationOptions(measures: measures, countsMissingQueries: true))
        let evaluation = evaluator.evaluate(run)
        cell.queries = input.queries.map(\.id.string)
        for measure in measures {
            cell.quality[measure.description] = .init(
                values: input.queries.map { evaluation.value(of: measure, query: $0.id) ?? 0 })
        }
        var ranks = StudyCell.Ranks(best: [], censoredAt: StudyPlan.depth, judgedAbove: [], relevant: [])
        for query in input.queries {
            let grades = input.qrels.judgements[query.id] ?? [:]
            let entries = (run.results[query.id] ?? []).sorted(by: TRECRun.precedes).prefix(StudyPlan.depth)
            let best = entries.firstIndex { (grades[$0.passage] ?? 0) > 0 }
            ranks.best.append(best.map { $0 + 1 })
            ranks.judgedAbove?.append(
                entries.prefix(best ?? entries.count).count { judged.contains($0.passage) })
            ranks.relevant?.append(grades.count { $0.value > 0 && judged.contains($0.key) })
        }
        cell.ranks = ranks
    }

    /// Which part of the exact best each query's list has at a depth.
    static func recall(_ lists: [[TRECRun.Entry]], ofExact exact: [[TRECRun.Entry]], at depth: Int) -> [Double] {
        zip(lists, exact).map { list, exact in
            let wanted = Set(exact.prefix(depth).map(\.passage))
            guard !wanted.isEmpty else { return 1 }
            return Double(list.prefix(depth).count { wanted.contains($0.passage) }) / Double(wanted.count)
        }
    }
}
