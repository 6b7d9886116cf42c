import Corpora
import Engine
import Foundation
import Indexing
import Memory
import RealModule
import Search
import Transformers

/// What stages and queries take on this machine, measured on two small samples: the base of a forecast.
struct Calibration {
    /// A quantity at two sizes, continued by a known law.
    struct Curve {
        private let constant: Double
        private let slope: Double
        private let isLogarithmic: Bool

        /// - Parameter isLogarithmic: `a + b ln N` instead of `a + bN`; neither part is negative.
        init(_ first: (size: Int, value: Double), _ second: (size: Int, value: Double), isLogarithmic: Bool = false) {
            self.isLogarithmic = isLogarithmic
            let (x, y) = (Self.place(first.size, isLogarithmic), Self.place(second.size, isLogarithmic))
            let rise = y > x ? max(0, (second.value - first.value) / (y - x)) : second.value / max(y, 1)
            slope = min(rise, second.value / max(y, 1e-9))
            constant = max(0, second.value - slope * y)
        }

        func at(_ size: Int) -> Double { constant + slope * Self.place(size, isLogarithmic) }

        private static func place(_ size: Int, _ isLogarithmic: Bool) -> Double {
            isLogarithmic ? Double.log(Double(max(size, 1))) : Double(size)
        }
    }

    /// Passages of the larger sample: few where each must be encoded, else a twentieth, as what a small sample takes is
    /// mostly the start.
    static func passages(of corpus: Int, withEncoder: Bool) -> Int {
        min(corpus, withEncoder ? 500 : min(20_000, max(2000, corpus / 20)))
    }

    static let queries = 50
    /// Passages that static vectors are fitted to.
    private static let fitted = 100

    /// How long a query takes, as the sum of what it is made of. Retrievers grow by laws of their own, and a fusion of them
    /// by none: a straight line through its two times rises too fast.
    struct SearchCurve {
        var parts: [Curve]
        /// What it took, over the sum of its parts.
        var factor = 1.0

        func at(_ size: Int) -> Double { factor * parts.reduce(0) { $0 + $1.at(size) } }
    }

    /// Seconds by stage; of the fusion's weights, seconds a pseudo-query.
    let stages: [String: Curve]
    /// Bytes by component.
    let bytes: [String: Curve]
    /// Seconds a query on one thread, by the question's name.
    let searches: [String: SearchCurve]
    /// Tokens a byte of titles and texts; nil where no index tells.
    let tokensAByte: Double?

    /// The stage that asks pseudo-queries, of which there are at most as many as passages.
    static let asking = "fusion weights"
    /// The stage in which the encoder reads passages, or some of them.
    static let encoding = "vectors"
    /// The stage in which the others get static ones.
    static let fitting = "static vectors"

    /// - Parameter place: a folder that is not there, and is not there afterwards.
    init(
        _ questions: [CalibrationQuestion], _ options: IndexOptions, _ census: CorpusCensus, models: ModelCache,
        at place: String, _ monitor: WorkMonitor
    ) throws {
        var options = options
        options.generator = nil
        // Every passage of a small sample; how many of a large one is the forecaster's to say.
        options.encoderBudget = .all
        defer { try? FileManager.default.removeItem(atPath: place) }
        func pair(_ options: IndexOptions, _ questions: [CalibrationQuestion], _ most: Int) throws -> Pair {
            let measure = { try Self.measured($0, options, questions, census, models, place, monitor) }
            return Pair(small: try measure(max(1, most / 5)), large: try measure(most), asks: options.pseudoQueries)
        }
        let own = try pair(
            options, questions, Self.passages(of: census.passages, withEncoder: options.encoder != nil))
        var (stages, bytes, curves) = (own.stages, own.bytes, own.searches)
        var largest = own.large
        if options.encoder != nil, Self.passages(of: census.passages, withEncoder: false) > own.large.size {
            // What follows from the number of passages is measured on more of them, with vectors that are cheap.
            options.encoderBudget = .passages(Self.fitted)
            options.pseudoQueries = 0
            let more = try pair(options, questions, Self.passages(of: census.passages, withEncoder: false))
            stages.merge(more.stages.filter { $0.key != Self.encoding && $0.key != Self.asking }) { _, more in more }
            bytes.merge(more.bytes) { _, more in more }
            curves.merge(more.searches) { _, more in more }
            largest = more.large
        }
        (self.stages, self.bytes) = (stages, bytes)
        tokensAByte = largest.record.tokens.map { Double($0) / Double(max(1, largest.textBytes)) }
        let times = own.large.seconds
        searches = Dictionary(
            uniqueKeysWithValues: questions.map { question in
                guard !question.parts.isEmpty else {
                    return (question.name, SearchCurve(parts: curves[question.name].map { [$0] } ?? []))
                }
                let sum = question.parts.reduce(0) { $0 + (times[$1] ?? 0) }
                return (
                    question.name,
                    SearchCurve(
                        parts: question.parts.compactMap { curves[$0] },
                        factor: (times[question.name] ?? sum) / max(sum, 1e-9))
                )
            })
    }

    /// An index of some passages, and what it took.
    private struct Measured {
        let size: Int
        let record: BuildRecord
        /// UTF-8 bytes of titles and texts.
        let textBytes: Int
        /// A query, by the question's name.
        let seconds: [String: Double]
    }

    private struct Pair {
        let small: Measured
        let large: Measured
        let asks: Int

        var stages: [String: Curve] {
            let smallWalls = Dictionary(small.record.stages.map { ($0.name, $0.wall) }) { first, _ in first }
            let curves = large.record.stages.map { stage -> (String, Curve) in
                let wall = smallWalls[stage.name] ?? 0
                guard stage.name == Calibration.asking else {
                    return (stage.name, Curve((small.size, wall), (large.size, stage.wall)))
                }
                func asked(_ size: Int) -> Double { Double(max(1, min(asks, size))) }
                return (
                    stage.name,
                    Curve(
                        (small.size, wall / asked(small.size)), (large.size, stage.wall / asked(large.size)),
                        isLogarithmic: true)
                )
            }
            return Dictionary(curves) { first, _ in first }
        }

        var bytes: [String: Curve] {
            let curves = large.record.bytes.map { name, bytes in
                (name, Curve((small.size, Double(small.record.bytes[name] ?? 0)), (large.size, Double(bytes))))
            }
            return Dictionary(curves) { first, _ in first }
        }

        var searches: [String: Curve] {
            let curves = large.seconds.map { name, seconds in
                let isTree = name.hasPrefix("ngram") || name.hasPrefix("docid")
                let other = small.seconds[name] ?? seconds
                return (name, Curve((small.size, other), (large.size, seconds), isLogarithmic: isTree))
            }
            return Dictionary(curves) { first, _ in first }
        }
    }

    private static func measured(
        _ count: Int, _ options: IndexOptions, _ questions: [CalibrationQuestion], _ census: CorpusCensus,
        _ models: ModelCache, _ place: String, _ monitor: WorkMonitor
    ) throws -> Measured {
        try? FileManager.default.removeItem(atPath: place)
        try ReportFolder.make(place)
        let (corpus, index) = (place + "/corpus.jsonl", place + "/index.genret")
        let textBytes = try write(count, of: census, to: corpus)
        let (record, passages) = try StudyBuilder.build(corpus, at: index, options, models, monitor)
        let engine = try Engine.open(index, models: models, waitsForChecks: true)
        var seconds: [String: Double] = [:]
        for question in questions {
            seconds[question.name] = try Self.seconds(question, engine, census, WorkClock(monitor))
        }
        return Measured(size: passages, record: record, textBytes: textBytes, seconds: seconds)
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

    /// The mean time of some queries.
    private static func seconds(
        _ question: CalibrationQuestion, _ engine: Engine, _ census: CorpusCensus, _ clock: WorkClock
    ) throws -> Double {
        let queries = census.input.queries
        let step = max(1, queries.count / Self.queries)
        let asked = Array(stride(from: 0, to: queries.count, by: step).prefix(Self.queries))
        var options = question.search
        options.depth = StudyPlan.depth
        for index in asked.prefix(5) { _ = try? engine.rank(queries[index].text, hits: 10, options: options) }
        let start = ContinuousClock.now
        for index in asked {
            do {
                _ = try engine.rank(queries[index].text, hits: StudyPlan.depth, options: options)
            } catch EngineError.emptyQuery {
                continue
            }
            try clock.monitor.cancellation.throwIfRaised()
        }
        return (ContinuousClock.now - start) / .seconds(1) / Double(max(1, asked.count))
    }
}
