import Corpora
import Engine
import Foundation
import Indexing
import Memory
import Search
import Transformers

/// An index of some passages of the corpus, and what it and its queries took.
struct CalibrationSample {
    /// How a query is asked in a cell: for the lists that are judged, or for what a person waits for.
    enum Purpose: Int, CaseIterable {
        case lists, answers

        var hits: Int { self == .lists ? StudyPlan.depth : QueryTimes.hits }
    }

    struct Search: Hashable {
        /// The question's name.
        let name: String
        let purpose: Purpose
    }

    let size: Int
    let record: BuildRecord
    /// UTF-8 bytes of titles and texts.
    let textBytes: Int
    /// Of a query on one thread.
    let seconds: [Search: Double]
    /// Of a passage that a query encodes.
    let secondsToEncodeAtQuery: Double

    private static let queries = 50

    /// - Parameter place: a folder that is made anew.
    init(
        _ count: Int, _ options: IndexOptions, _ questions: [CalibrationQuestion], _ census: CorpusCensus,
        _ models: ModelCache, _ place: String, _ monitor: WorkMonitor
    ) throws {
        try? FileManager.default.removeItem(atPath: place)
        try ReportFolder.make(place)
        let (corpus, index) = (place + "/corpus.jsonl", place + "/index.genret")
        textBytes = try Self.write(count, of: census, to: corpus)
        (record, size) = try StudyBuilder.build(corpus, at: index, options, models, monitor)
        let engine = try Engine.open(index, models: models, threads: 1, waitsForChecks: true)
        var seconds: [Search: Double] = [:]
        for question in questions {
            for purpose in question.purposes {
                seconds[Search(name: question.name, purpose: purpose)] = try Self.seconds(
                    question.search, purpose.hits, engine, census, monitor)
            }
        }
        self.seconds = seconds
        let encoding = seconds[Search(name: CalibrationQuestion.encoding.name, purpose: .answers)] ?? 0
        let more = encoding - (seconds[Search(name: "dense", purpose: .answers)] ?? encoding)
        secondsToEncodeAtQuery = max(0, more) / Double(min(SearchOptions.usuallyEncoded, max(1, size)))
    }

    /// About so many passages from all over the corpus.
    ///
    /// - Returns: the bytes of their titles and texts.
    static func write(_ count: Int, of census: CorpusCensus, to path: String) throws -> Int {
        var reader = try CorpusReader(path: census.input.corpus)
        var writer = try CorpusWriter(path: path)
        var (seen, bytes) = (0, 0)
        while let passage = try reader.next() {
            // The k-th of them is where k/count of the corpus is passed.
            if seen * count / census.passages != (seen + 1) * count / census.passages {
                try writer.write(passage)
                bytes += passage.title.utf8.count + passage.text.utf8.count
            }
            seen += 1
        }
        try writer.finish()
        return bytes
    }

    /// The mean of some queries.
    private static func seconds(
        _ options: SearchOptions, _ hits: Int, _ engine: Engine, _ census: CorpusCensus, _ monitor: WorkMonitor
    ) throws -> Double {
        let queries = census.input.queries
        let step = max(1, queries.count / Self.queries)
        let asked = Array(stride(from: 0, to: queries.count, by: step).prefix(Self.queries))
        for index in asked.prefix(5) { _ = try? engine.rank(queries[index].text, hits: hits, options: options) }
        let start = ContinuousClock.now
        for index in asked {
            do {
                _ = try engine.rank(queries[index].text, hits: hits, options: options)
            } catch EngineError.emptyQuery {
                continue
            }
            try monitor.cancellation.throwIfRaised()
        }
        return (ContinuousClock.now - start) / .seconds(1) / Double(max(1, asked.count))
    }
}
