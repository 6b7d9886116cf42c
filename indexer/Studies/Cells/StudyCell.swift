/// One measurement of a study: one retriever with its options over one sample of a corpus. A line of `cells.jsonl`.
///
/// Whoever runs cells writes these; reports and comparisons read them and nothing else. Lists over queries
/// (`quality.*.values`, `ranks.best`, `ranks.judged_above`, `ranks.relevant`, `recall_of_exact.*.values`) are in the order
/// of ``queries``, so that cells are compared query by query. What a cell lacks is left out of its line; the report then
/// leaves out what would show it. Times are in seconds where nothing else is said, sizes in bytes. Members that are not
/// known here are passed over, so that an older genret reads the cells of a newer one.
package struct StudyCell: Sendable, Hashable, Codable {
    /// SHA-256 of all that decides the result, in hex; no two cells of a study have the same.
    package var key: String
    package var sample: Sample
    package var options: Options
    package var machine: Machine
    package var build: Build
    /// Nil where nothing was trained.
    package var train: Training?
    /// External ids of the queries; empty where the cell has no lists over queries.
    package var queries: [String]
    /// By number of threads: `1`, `all` or another number.
    package var latency: [String: Latency]
    /// By measure, in any spelling that `genret eval` reads.
    package var quality: [String: Quality]
    package var ranks: Ranks?
    /// By depth, such as `10`: which part of the exact best passages of the retriever's own scores the beam has found.
    package var recallOfExact: [String: Quality]
    package var encodedAtQuery: EncodedAtQuery?
    /// Nil where the corpus did not grow.
    package var growth: Growth?
    /// What the dry run said that the cell would take.
    package var estimate: Cost?
    /// What it took.
    package var outcome: Cost?

    package init(key: String, sample: Sample, options: Options) {
        self.key = key
        self.sample = sample
        self.options = options
        machine = Machine()
        build = Build()
        queries = []
        latency = [:]
        quality = [:]
        recallOfExact = [:]
    }

    enum CodingKeys: String, CodingKey {
        case key, sample, options, machine, build, train, queries, latency, quality, ranks, estimate, outcome, growth
        case recallOfExact = "recall_of_exact"
        case encodedAtQuery = "encoded_at_query"
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        key = try values.decode(String.self, forKey: .key)
        sample = try values.decode(Sample.self, forKey: .sample)
        options = try values.decode(Options.self, forKey: .options)
        machine = try values.optional(.machine, else: Machine())
        build = try values.optional(.build, else: Build())
        train = try values.decodeIfPresent(Training.self, forKey: .train)
        queries = try values.optional(.queries, else: [])
        latency = try values.optional(.latency, else: [:])
        quality = try values.optional(.quality, else: [:])
        ranks = try values.decodeIfPresent(Ranks.self, forKey: .ranks)
        recallOfExact = try values.optional(.recallOfExact, else: [:])
        encodedAtQuery = try values.decodeIfPresent(EncodedAtQuery.self, forKey: .encodedAtQuery)
        growth = try values.decodeIfPresent(Growth.self, forKey: .growth)
        estimate = try values.decodeIfPresent(Cost.self, forKey: .estimate)
        outcome = try values.decodeIfPresent(Cost.self, forKey: .outcome)
    }
}

extension KeyedDecodingContainer {
    /// A value, or another where it is absent or null.
    func optional<Value: Decodable>(_ key: Key, else other: Value) throws -> Value {
        try decodeIfPresent(Value.self, forKey: key) ?? other
    }
}
