import Engine
import Foundation
import Indexing
import Memory
import Transformers

/// What stages and queries take on this machine, measured on small samples: the base of a forecast.
struct Calibration {
    /// Passages of the larger sample: few where each must be encoded, else a tenth, as what a small sample takes is mostly
    /// the start.
    static func passages(of corpus: Int, withEncoder: Bool) -> Int {
        min(corpus, withEncoder ? 500 : min(100_000, max(2000, corpus / 10)))
    }

    /// Passages that static vectors are fitted to.
    private static let fitted = 100

    /// How long a query takes, as the sum of what it is made of. Retrievers grow by laws of their own, and a fusion of them
    /// by none.
    private struct SearchCurve {
        var parts: [CalibrationCurve]
        /// What it took, over the sum of its parts.
        var factor = 1.0

        func at(_ size: Int) -> Double { factor * parts.reduce(0) { $0 + $1.at(size) } }
    }

    /// Seconds by stage; of the fusion's weights, seconds a pseudo-query.
    let stages: [String: CalibrationCurve]
    /// Bytes by component.
    let bytes: [String: CalibrationCurve]
    /// Tokens a byte of titles and texts; nil where no index tells.
    let tokensAByte: Double?
    /// What a query takes to encode one of its best passages, on one thread; 0 where that was not asked.
    let secondsToEncodeAtQuery: Double
    private let searches: [CalibrationSample.Search: SearchCurve]

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
        func pair(_ options: IndexOptions, _ most: Int) throws -> Pair {
            func sample(_ count: Int) throws -> CalibrationSample {
                try CalibrationSample(count, options, questions, census, models, place, monitor)
            }
            return Pair(small: try sample(max(1, most / 5)), large: try sample(most), asks: options.pseudoQueries)
        }
        let (few, many) = (
            Self.passages(of: census.passages, withEncoder: options.encoder != nil),
            Self.passages(of: census.passages, withEncoder: false)
        )
        let own = try pair(options, few)
        var (stages, bytes, curves, largest) = (own.stages, own.bytes, own.searches, own.large)
        if many > few {
            // What follows from the number of passages is measured on more of them, with vectors that are cheap.
            options.encoderBudget = .passages(Self.fitted)
            options.pseudoQueries = 0
            let more = try pair(options, many)
            stages.merge(more.stages.filter { $0.key != Self.encoding && $0.key != Self.asking }) { _, more in more }
            bytes.merge(more.bytes) { _, more in more }
            curves.merge(more.searches) { _, more in more }
            largest = more.large
        }
        (self.stages, self.bytes) = (stages, bytes)
        tokensAByte = largest.record.tokens.map { Double($0) / Double(max(1, largest.textBytes)) }
        secondsToEncodeAtQuery = largest.secondsToEncodeAtQuery
        searches = Self.searches(questions, curves, largest)
    }

    private static func searches(
        _ questions: [CalibrationQuestion], _ curves: [CalibrationSample.Search: CalibrationCurve],
        _ largest: CalibrationSample
    ) -> [CalibrationSample.Search: SearchCurve] {
        var searches: [CalibrationSample.Search: SearchCurve] = [:]
        for question in questions {
            for purpose in CalibrationSample.Purpose.allCases {
                let search = CalibrationSample.Search(name: question.name, purpose: purpose)
                guard !question.parts.isEmpty else {
                    searches[search] = SearchCurve(parts: curves[search].map { [$0] } ?? [])
                    continue
                }
                let parts = question.parts.map { CalibrationSample.Search(name: $0, purpose: purpose) }
                let sum = parts.reduce(0) { $0 + (largest.seconds[$1] ?? 0) }
                searches[search] = SearchCurve(
                    parts: parts.compactMap { curves[$0] },
                    factor: (largest.seconds[search] ?? sum) / max(sum, 1e-9))
            }
        }
        return searches
    }

    /// A query on one thread.
    ///
    /// - Parameter name: the question's.
    func seconds(_ name: String, _ purpose: CalibrationSample.Purpose, _ size: Int) -> Double {
        searches[.init(name: name, purpose: purpose)]?.at(size) ?? 0
    }

    private struct Pair {
        let small: CalibrationSample
        let large: CalibrationSample
        let asks: Int

        var stages: [String: CalibrationCurve] {
            let smallWalls = Dictionary(small.record.stages.map { ($0.name, $0.wall) }) { first, _ in first }
            let curves = large.record.stages.map { stage -> (String, CalibrationCurve) in
                let wall = smallWalls[stage.name] ?? 0
                switch stage.name {
                case Calibration.asking:
                    func asked(_ size: Int) -> Double { Double(max(1, min(asks, size))) }
                    let (few, many) = (wall / asked(small.size), stage.wall / asked(large.size))
                    return (stage.name, CalibrationCurve((small.size, few), (large.size, many), .logarithmic))
                case Calibration.fitting:
                    // The fit, which takes longest, reads a sample.
                    return (stage.name, CalibrationCurve((small.size, wall), (large.size, stage.wall), .power))
                default: return (stage.name, CalibrationCurve((small.size, wall), (large.size, stage.wall)))
                }
            }
            return Dictionary(curves) { first, _ in first }
        }

        var bytes: [String: CalibrationCurve] {
            let curves = large.record.bytes.map { name, bytes in
                let few = Double(small.record.bytes[name] ?? 0)
                return (name, CalibrationCurve((small.size, few), (large.size, Double(bytes))))
            }
            return Dictionary(curves) { first, _ in first }
        }

        var searches: [CalibrationSample.Search: CalibrationCurve] {
            let curves = large.seconds.map { search, seconds in
                let few = small.seconds[search] ?? seconds
                let law = CalibrationQuestion.law(of: search.name)
                return (search, CalibrationCurve((small.size, few), (large.size, seconds), law))
            }
            return Dictionary(curves) { first, _ in first }
        }
    }
}
