import Corpora
import Engine
import Evaluation
import Search

extension SearchOptions {
    /// Those of a search by some retrievers alone.
    public init(_ retrievers: ComponentID...) { self.init(retrievers) }

    public init(_ retrievers: [ComponentID]) {
        self.init()
        self.retrievers = retrievers
    }
}

extension RankedResult {
    /// The retrievers that ran.
    public var retrievers: [ComponentID] { lists.map(\.retriever) }

    /// What retrievers counted, such as "keys".
    public func count(_ counter: String) -> Int { lists.reduce(0) { $0 + Int($1.counters[counter] ?? 0) } }
}

extension Engine {
    /// Passages with all that can be said of them.
    public func explained(_ text: String, hits: Int = 10, _ options: SearchOptions = .init()) throws -> SearchResponse {
        var request = SearchRequest(text, hits: hits, options: options)
        request.explain = .full
        return try search(request)
    }

    /// The run of all sample questions.
    public func run(_ options: SearchOptions) throws -> TRECRun {
        var run = TRECRun()
        for query in try Sample.queries() {
            let hits = try rank(query.text, options: options).hits
            run.set(hits.map { .init(passage: Identifier($0.id), score: Double($0.score)) }, query: query.id)
        }
        return run
    }

    public func measure(_ measure: Measure, _ options: SearchOptions) throws -> Double {
        let evaluator = Evaluator(qrels: try Sample.qrels(), options: .init(measures: [measure]))
        return evaluator.evaluate(try run(options)).mean(of: measure)
    }
}
