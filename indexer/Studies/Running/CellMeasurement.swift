import Corpora
import Engine
import Evaluation
import Foundation
import Memory
import Search
import Transformers

/// Measures cells on one index.
final class CellMeasurement {
    private let record: BuildRecord
    private let training: StudyCell.Training?
    private let input: StudyInput
    private let judged: Set<Identifier>
    /// Nil where the corpus does not grow.
    private let growth: StudyCell.Growth?
    private let clock: WorkClock
    /// By number of threads, as cells name them; `1` is always there.
    private let engines: [(name: String, engine: Engine)]
    private let single: Engine
    private let facts = MachineFacts()
    /// The lists of exact dense search, once they were needed, by share of typing errors.
    private var exact: [Double: [[TRECRun.Entry]]] = [:]

    /// - Parameter stage: where a corpus stands that grows.
    init(
        index: String, record: BuildRecord, training: StudyCell.Training?, threads: [Int?], models: ModelCache,
        census: CorpusCensus, stage: GrowthStage?, clock: WorkClock
    ) throws {
        (self.record, self.training, self.clock) = (record, training, clock)
        (input, judged) = (stage?.input ?? census.input, stage?.judged ?? census.judged)
        growth = stage.map { .init(step: $0.step, of: $0.of, parts: $0.parts) }
        single = try Engine.open(index, models: models, threads: 1, waitsForChecks: true)
        var engines: [(String, Engine)] = []
        for count in threads {
            let engine =
                count == 1
                ? single
                : try Engine.open(index, models: models, threads: count ?? Parallel.cores, waitsForChecks: true)
            engines.append((count.map { "\($0)" } ?? "all", engine))
        }
        self.engines = engines
    }

    /// Searches, judges and times, and writes the files of a cell; `cell.json` last.
    func measure(
        _ planned: StudyPlan.PlannedCell, plan: StudyPlan, estimate: StudyCell.Cost?, into folder: String
    ) throws {
        let start = ContinuousClock.now
        PeakMemory.forget()
        var cell = StudyCell(key: planned.key, sample: planned.sample, options: planned.options)
        let queries = QueryTypos.add(to: input.queries, share: planned.typos, seed: plan.seed)
        // What cannot run is an error here, not a note: a cell without its retriever would be another cell.
        if let note = try single.prepared(planned.search).notes.first { throw note.reason }
        let before = MachineLoad.foreignShare()
        let lists = try QueryLists.run(
            queries, engine: single, options: planned.search, hits: StudyPlan.depth, stage: "searching", clock)
        var run = TRECRun(tag: planned.options.retriever)
        for (query, list) in zip(queries, lists) { run.set(list, query: query.id) }
        CellJudgement.fill(&cell, run, input, judged: judged)
        // Of a corpus that grows fewer are there.
        cell.sample.judged = judged.count
        cell.growth = growth
        for (name, engine) in engines {
            let times = try QueryTimes.measure(queries, engine: engine, options: planned.search, clock)
            cell.latency[name] = .init(milliseconds: times.milliseconds)
            cell.encodedAtQuery = cell.encodedAtQuery ?? times.encodedAtQuery
        }
        cell.machine = .init(
            cpu: facts.processor ?? "", cores: facts.usableCores, memory: facts.memory ?? 0,
            kernels: facts.instructions, loadBefore: before, loadAfter: MachineLoad.foreignShare())
        cell.build = record.build(for: planned.options.retriever)
        if planned.training != nil { cell.train = training }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let peak = PeakMemory.bytes
        if planned.options.retriever == "docid" {
            let exact = try exactLists(queries, typos: planned.typos)
            for depth in [10, 100] {
                cell.recallOfExact["\(depth)"] = .init(
                    values: CellJudgement.recall(lists, ofExact: exact, at: depth))
            }
        }
        cell.estimate = estimate
        let stages = cell.build.stages
        cell.outcome = .init(
            seconds: stages.reduce(seconds) { $0 + $1.wall }, bytes: cell.build.bytes.values.reduce(0, +),
            memory: stages.reduce(peak) { max($0, $1.peakRSS) })
        try write(run, cell, to: folder)
    }

    /// The dense retriever's own best, which a docid beam approximates.
    private func exactLists(_ queries: [Corpora.Query], typos: Double) throws -> [[TRECRun.Entry]] {
        if let known = exact[typos] { return known }
        var options = SearchOptions()
        options.retrievers = [DenseRetriever.id]
        let lists = try QueryLists.run(
            queries, engine: single, options: options, hits: 100, stage: "exact lists", clock)
        exact[typos] = lists
        return lists
    }

    private func write(_ run: TRECRun, _ cell: StudyCell, to folder: String) throws {
        // What a TREC run cannot hold, such as ids with spaces, JSON can.
        if run.writable(in: .trec).lost.isEmpty, run.queryIDs.allSatisfy({ TRECRun.canHold(query: $0, in: .trec) }) {
            try run.write(to: folder + "/run.trec")
        } else {
            try run.write(to: folder + "/run.jsonl", format: .json)
        }
        let measures = CellJudgement.measures
        var table = (["query", "rank"] + measures.map(\.description)).joined(separator: "\t") + "\n"
        for (index, query) in cell.queries.enumerated() {
            let values = measures.map { measure in
                cell.quality[measure.description].map { "\($0.values[index])" } ?? ""
            }
            let rank = cell.ranks?.best[index].map { "\($0)" } ?? ""
            table += ([TextCell.escaped(query), rank] + values).joined(separator: "\t") + "\n"
        }
        try OutputFile.write(table.utf8, to: folder + "/queries.tsv")
        try OutputFile.write(CellFile.line(cell), to: folder + "/cell.json")
    }
}

/// A text in a column of a table that tabs separate.
private enum TextCell {
    static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\t", with: "\\t").replacing("\n", with: "\\n")
    }
}
