import Corpora
import Docids
import Engine
import Evaluation
import Foundation
import IndexStore
import Learning
import Memory
import Ranking
import Search

/// Compares ways to make docids: every scheme with every choice of entries, trained for the same time, and
/// measured on queries that nothing was trained on.
package struct DocidAblation {
    /// What is measured.
    package static let measures: [Measure] = [.hits(1), .hits(10), .recipRankCut(10), .ndcgCut(10)]

    /// A line of the table.
    package struct Row: Sendable {
        package var scheme: String
        package var representations: String
        /// "untrained", "trained", "training not accepted", "look-ahead at ..."; where the entries' vectors
        /// were trained too, with "entries" before it.
        package var state: String
        /// In the order of ``measures``.
        package var values: [Double]
        /// Nil where nothing was trained.
        package var trainingSeconds: Double?
        package var bytes: Int
        /// Of the search alone, on one thread, the query being encoded.
        package var milliseconds: Double
    }

    package let index: IndexReader
    package var plan: TrainingPlan
    package var options = DocidTraining.Options()
    package var schemes = DocidScheme.allCases
    package var representations: [[DocidRecipe.Representation]] = [[.passage], [.sentences]]
    /// The query generators whose queries are entries, where those are represented.
    package var queryGenerators: [String] = []
    package var layers = 2
    package var threads = Parallel.cores
    /// Hears each line when it is known.
    package var onRow: (Row) -> Void = { _ in }
    package var monitor = WorkMonitor.silent

    package init(_ index: IndexReader, plan: TrainingPlan) {
        self.index = index
        self.plan = plan
    }

    /// Runs everything in a folder, where trainings that are done are not done again.
    ///
    /// - Parameters:
    ///   - pairs: what is trained on, and held out for what must be estimated.
    ///   - test: the queries that are measured, of which `qrels` judges the answers.
    /// - Throws: as ``DocidTraining/run(_:output:_:)``, and
    ///   ``TrainingError`` where no test query is judged.
    package func run(
        _ pairs: QueryPairs, test: [Corpora.Query], qrels: Qrels, folder: URL
    ) throws -> [Row] {
        let queries = try encoded(test, qrels)
        var rows: [Row] = []
        func add(_ row: Row) {
            rows.append(row)
            onRow(row)
        }
        for row in try references(queries, qrels) { add(row) }
        let terms = try index.components(SparseIndex.self)
        var made: [URL] = []
        for scheme in schemes {
            for (choice, entryRate) in variants(of: scheme) {
                let name = choice.map(\.rawValue).joined(separator: "+")
                let prefix = entryRate == nil ? "" : "entries "
                var training = DocidTraining(index, plan: plan)
                training.threads = threads
                training.recipe = DocidRecipe(scheme: scheme)
                training.recipe.representations = choice
                training.recipe.queryGenerators = choice.contains(.queries) ? queryGenerators : []
                training.recipe.seed = plan.seed
                training.recipe.entryRate = entryRate
                training.options = options
                training.layers = layers
                training.entriesFrom = made
                let output = folder.appending(path: "\(scheme.rawValue)-\(name)\(entryRate == nil ? "" : "-trained")")
                let report = try training.run(pairs, output: output, monitor)
                made.append(output)
                guard let docids = report.details.docids else { continue }
                let bytes = try size(docids, output)
                func row(_ state: String, usesNetwork: Bool = true, lookAhead: Float = 0, seconds: Double?) throws
                    -> Row
                {
                    try measured(queries, qrels, scheme.rawValue, name, prefix + state, seconds, bytes) { query in
                        let ahead = lookAhead > 0 ? LookAhead(of: query.text, in: terms, weight: lookAhead) : nil
                        return try docids.search(
                            query, lookAhead: ahead, usesNetwork: usesNetwork, k: 10,
                            beams: DocidRetriever.Options().beams
                        ).passages
                    }
                }
                if scheme.isAnchored, entryRate == nil { add(try row("untrained", usesNetwork: false, seconds: nil)) }
                let seconds = report.result?.seconds
                if seconds != nil {
                    add(try row(docids.isTrained ? "trained" : "training not accepted", seconds: seconds))
                }
                if let weight = docids.recipe.lookAhead, weight > 0 {
                    let words = "look-ahead at \(String(format: "%.1f", weight))"
                    add(try row(words, lookAhead: weight, seconds: seconds))
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
        var query: Search.Query
    }

    private func encoded(_ test: [Corpora.Query], _ qrels: Qrels) throws -> [TestQuery] {
        let judged = test.filter { qrels.judgements[$0.id] != nil }
        let index = index
        _ = try index.value(IndexQueryEncoder.self)
        let queries = Parallel.map(count: judged.count, threads: threads) { place in
            (try? index.query(judged[place].text)).map { TestQuery(id: judged[place].id, query: $0) }
        }.compactMap(\.self)
        guard !queries.isEmpty else { throw TrainingError.noneJudged }
        return queries
    }

    /// The exact dense scan and BM25.
    private func references(_ queries: [TestQuery], _ qrels: Qrels) throws -> [Row] {
        let sizes = try SpaceReport(index.snapshot).items.filter { $0.depth == 0 }
        return try [(DenseRetriever.id, DenseIndex.fileName), (BM25Retriever.id, SparseIndex.fileName)].map {
            id, file in
            var options = SearchOptions()
            options.retrievers = [id]
            options.depth = 10
            let search = try Engine(index).prepared(options)
            let bytes = sizes.first { $0.name == file }?.bytes ?? 0
            return try measured(queries, qrels, id.name, "passage", "reference", nil, bytes) { query in
                try search.pipeline.lists(for: query).first?.passages ?? []
            }
        }
    }

    private func measured(
        _ queries: [TestQuery], _ qrels: Qrels, _ scheme: String, _ representations: String, _ state: String,
        _ seconds: Double?, _ bytes: Int, _ search: (Search.Query) throws -> [ScoredPassage]
    ) throws -> Row {
        var run = TRECRun()
        var time = Duration.zero
        for item in queries {
            let start = ContinuousClock.now
            let found = try search(item.query)
            time += ContinuousClock.now - start
            run.set(
                try found.prefix(10).map {
                    .init(passage: Identifier(try index.id(of: $0.passage)), score: Double($0.score))
                },
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
            try StoredSequences(search: retriever, fingerprint: "").write(to: file.path)
        }
        return try [file, folder.appending(path: "model.safetensors")].reduce(0) { sum, file in
            let size = try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int
            return sum + (size ?? 0)
        }
    }
}
