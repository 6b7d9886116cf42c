import Corpora
import Docids
import Engine
import Evaluation
import Foundation
import Indexer
import Learning
import Memory
import Ranking

/// Compares ways to make docids: every scheme with every choice of entries, trained for the same time, and
/// measured on queries that nothing was trained on.
public struct DocidAblation {
    /// What is measured.
    public static let measures: [Measure] = [.hits(1), .hits(10), .recipRankCut(10), .ndcgCut(10)]

    /// A line of the table.
    public struct Row: Sendable {
        public var scheme: String
        public var representations: String
        /// "untrained", "trained", "training not kept", "planning ahead at ..."; where the entries' vectors
        /// were trained too, with "entries" before it.
        public var state: String
        /// In the order of ``measures``.
        public var values: [Double]
        /// Nil where nothing was trained.
        public var trainingSeconds: Double?
        public var bytes: Int
        /// Of the search alone, on one thread, the query being encoded.
        public var milliseconds: Double
    }

    public let engine: Engine
    public var plan: TrainingPlan
    public var options = DocidTask.Options()
    public var schemes = DocidScheme.allCases
    public var representations: [[DocidRecipe.Representation]] = [[.passage], [.sentences]]
    /// Whose queries are entries, where those are represented.
    public var makers: [String] = []
    public var layers = 2
    public var threads = Parallel.cores
    /// Hears each line when it is known.
    public var onRow: (Row) -> Void = { _ in }
    public var onEntries: (IndexProgress) -> Void = { _ in }
    public var onProgress: (TrainingProgress) throws -> Void = { _ in }

    public init(_ engine: Engine, plan: TrainingPlan) {
        self.engine = engine
        self.plan = plan
    }

    /// Runs everything in a folder, where trainings that are done are not done again.
    ///
    /// - Parameters:
    ///   - pairs: what is trained on, and held out for what must be estimated.
    ///   - test: the queries that are measured, of which `qrels` judges the answers.
    /// - Throws: as ``DocidTraining/run(_:output:onEntries:isCancelled:onProgress:)``, and
    ///   ``TrainingError`` where no test query is judged.
    public func run(
        _ pairs: QueryPairs, test: [Query], qrels: Qrels, folder: URL
    ) throws -> [Row] {
        let queries = try encoded(test, qrels)
        var rows: [Row] = []
        func add(_ row: Row) {
            rows.append(row)
            onRow(row)
        }
        for row in references(queries, qrels) { add(row) }
        var made: [URL] = []
        for scheme in schemes {
            for (choice, entryRate) in variants(of: scheme) {
                let name = choice.map(\.rawValue).joined(separator: "+")
                let prefix = entryRate == nil ? "" : "entries "
                var training = DocidTraining(engine, plan: plan, threads: threads)
                training.recipe = DocidRecipe(scheme: scheme)
                training.recipe.representations = choice
                training.recipe.makers = choice.contains(.queries) ? makers : []
                training.recipe.seed = plan.seed
                training.recipe.entryRate = entryRate
                training.options = options
                training.layers = layers
                training.entriesFrom = made
                let output = folder.appending(path: "\(scheme.rawValue)-\(name)\(entryRate == nil ? "" : "-trained")")
                let report = try training.run(
                    pairs, output: output, onEntries: onEntries, onProgress: onProgress)
                made.append(output)
                guard let docids = report.docids else { continue }
                let bytes = try size(docids, output)
                func row(_ state: String, bends: Bool = true, planAhead: Float = 0, seconds: Double?) -> Row {
                    measured(queries, qrels, scheme.rawValue, name, prefix + state, seconds, bytes) { query in
                        let plan = planAhead > 0 ? engine.segments.plan(query.text, weight: planAhead, .init()) : nil
                        let found = docids.search(
                            query, plan: plan, bends: bends, k: 10, beams: SearchOptions().docid.beams)
                        return found?.documents ?? []
                    }
                }
                if scheme.isAnchored, entryRate == nil { add(row("untrained", bends: false, seconds: nil)) }
                let seconds = report.training?.seconds
                if seconds != nil {
                    add(row(docids.isTrained ? "trained" : "training not kept", seconds: seconds))
                }
                if docids.planAhead > 0 {
                    let weight = String(format: "%.1f", docids.planAhead)
                    add(row("planning ahead at \(weight)", planAhead: docids.planAhead, seconds: seconds))
                }
            }
        }
        return rows
    }

    /// The choices of entries of a scheme, each also with vectors that are trained where they may be.
    private func variants(
        of scheme: DocidScheme
    ) -> [(representations: [DocidRecipe.Representation], entryRate: Float?)] {
        guard scheme.isAnchored else { return [([.passage], nil)] }
        let rates: [Float?] = scheme == .atomic ? [nil, DocidRecipe.overDenseRate] : [nil]
        return representations.flatMap { choice in rates.map { (choice, $0) } }
    }

    private struct TestQuery: Sendable {
        var id: Identifier
        var query: EncodedQuery
    }

    private func encoded(_ test: [Query], _ qrels: Qrels) throws -> [TestQuery] {
        let judged = test.filter { qrels.judgements[$0.id] != nil }
        let engine = engine
        let queries = Parallel.map(count: judged.count, threads: threads) { index in
            (try? engine.queries.encode(judged[index].text)).map { TestQuery(id: judged[index].id, query: $0) }
        }.compactMap(\.self)
        guard !queries.isEmpty, queries[0].query.vector != nil else {
            throw TrainingError.unfit(
                queries.isEmpty ? "the judgements name none of the test queries"
                    : "\(engine.path): \(engine.encoderProblem ?? "there is no encoder")")
        }
        return queries
    }

    /// The exact dense scan and BM25.
    private func references(_ queries: [TestQuery], _ qrels: Qrels) -> [Row] {
        let sizes = engine.spaceReport().filter { $0.depth == 0 }
        func bytes(_ name: String) -> Int { sizes.first { $0.name == name }?.bytes ?? 0 }
        return [(RetrieverKind.dense, "vectors.gnr"), (.bm25, "terms.gnr")].map { kind, file in
            measured(queries, qrels, kind.rawValue, "passage", "reference", nil, bytes(file)) { query in
                engine.segments.retrieve(query, kinds: [kind], depth: 10, options: SearchOptions())
                    .lists.first?.documents ?? []
            }
        }
    }

    private func measured(
        _ queries: [TestQuery], _ qrels: Qrels, _ scheme: String, _ representations: String, _ state: String,
        _ seconds: Double?, _ bytes: Int, _ search: (EncodedQuery) -> [ScoredDocument]
    ) -> Row {
        var run = TRECRun()
        var time = Duration.zero
        for item in queries {
            let start = ContinuousClock.now
            let found = search(item.query)
            time += ContinuousClock.now - start
            run.set(
                found.prefix(10).map { .init(passage: Identifier(engine.id(of: $0.document)), score: Double($0.score)) },
                query: item.id)
        }
        let evaluation = Evaluator(
            qrels: qrels, options: EvaluationOptions(measures: Self.measures)
        ).evaluate(run)
        return Row(
            scheme: scheme, representations: representations, state: state,
            values: Self.measures.map { evaluation.mean(of: $0) }, trainingSeconds: seconds, bytes: bytes,
            milliseconds: time / .milliseconds(1) / Double(queries.count))
    }

    /// The bytes that the docids and their network take in an index.
    private func size(_ docids: TrainedDocids, _ folder: URL) throws -> Int {
        let file = folder.appending(path: ".size")
        defer { try? FileManager.default.removeItem(at: file) }
        switch docids.kind {
        case .entries(_, let retriever):
            try StoredEntries(entries: retriever.entries, tree: retriever.tree, fingerprint: "")
                .write(to: file.path)
        case .sequences(_, let retriever):
            try StoredSequences(retriever: retriever, fingerprint: "").write(to: file.path)
        }
        return try [file, folder.appending(path: "model.safetensors")].reduce(0) { sum, file in
            let size = try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int
            return sum + (size ?? 0)
        }
    }
}
