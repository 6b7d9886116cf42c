import Evaluation
import Foundation
import Memory
import Studies

/// Cells of a study that never ran: distractors arrive above relevant passages at a rate of each query's own, so that
/// samples are nested and everything is known. The same seed gives the same cells.
struct SyntheticStudy {
    var queries = 300
    var sizes = [10_000, 30_000, 100_000, 300_000, 1_000_000]
    var seed: UInt64 = 7

    /// A retriever's rate of distractors: `scale · u^power` of a uniform u.
    private struct Law {
        var scale: Double
        var power: Int
        /// Milliseconds: a + b·ln N + c·N.
        var latency: (Double, Double, Double)
        /// By component, bytes a passage.
        var bytes: [(String, Double)]
        var stages: [(String, Double)]
    }

    private var laws: [(name: String, options: [String: String], law: Law)] {
        let passages = ("passages", 190.0)
        return [
            (
                "dense", [:],
                Law(
                    scale: 6e-4, power: 14, latency: (0.3, 0, 4e-5), bytes: [passages, ("codes", 52)],
                    stages: [("read", 0.012), ("encode", 0.21), ("cluster", 0.06)])
            ),
            (
                "bm25", [:],
                Law(
                    scale: 4e-3, power: 28, latency: (0.2, 0, 1.1e-5), bytes: [passages, ("terms", 88)],
                    stages: [("read", 0.012), ("terms", 0.05)])
            ),
            (
                "ngram", [:],
                Law(
                    scale: 5e-3, power: 22, latency: (2, 1.1, 0), bytes: [passages, ("ngrams", 310)],
                    stages: [("read", 0.012), ("tokens", 0.04), ("sort", 0.12)])
            ),
            (
                "docid", ["beam": "100", "docids": "tree"],
                Law(
                    scale: 7.5e-4, power: 13, latency: (0.5, 0.22, 0), bytes: [passages, ("codes", 52), ("docids", 9)],
                    stages: [("read", 0.012), ("encode", 0.21), ("cluster", 0.06), ("tree", 0.03)])
            ),
            (
                "merge", [:],
                Law(
                    scale: 1.4e-3, power: 30, latency: (2.5, 1.3, 1.2e-5),
                    bytes: [passages, ("terms", 88), ("ngrams", 310), ("codes", 52), ("docids", 9)],
                    stages: [
                        ("read", 0.012), ("terms", 0.05), ("tokens", 0.04), ("sort", 0.12), ("encode", 0.21),
                        ("cluster", 0.09),
                    ])
            ),
        ]
    }

    func cells() -> [StudyCell] {
        let judged = min(queries, (sizes.first ?? 1) / 2)
        var cells: [StudyCell] = []
        for (index, entry) in laws.enumerated() {
            let arrivals = arrivals(entry.law, stream: UInt64(index) + 1)
            for size in sizes {
                cells.append(cell(entry.name, entry.options, entry.law, arrivals, size: size, judged: judged))
            }
            // Variants at one size: a narrow beam, other docids, typing errors.
            let size = sizes[min(2, sizes.count - 1)]
            var typing = entry.options
            typing["typos"] = "0.1"
            let worse = arrivals.map { $0.map { $0 * (entry.name == "bm25" || entry.name == "ngram" ? 0.12 : 0.45) } }
            cells.append(cell(entry.name, typing, entry.law, worse, size: size, judged: judged))
            guard entry.name == "docid" else { continue }
            for (scheme, factor) in [("rq", 0.8), ("atomic", 1.02), ("semantic", 0.55), ("position", 0.06)] {
                cells.append(
                    cell(
                        "docid", ["beam": "100", "docids": scheme], entry.law, arrivals.map { $0.map { $0 * factor } },
                        size: size, judged: judged))
            }
            for size in sizes {
                cells.append(
                    cell(
                        "docid", ["beam": "10", "docids": "tree"], entry.law, arrivals.map { $0.map { $0 * 0.75 } },
                        size: size, judged: judged))
            }
        }
        return cells
    }

    /// For each query the places among distractors, rising, at which one is above its relevant passage.
    private func arrivals(_ law: Law, stream: UInt64) -> [[Double]] {
        var generator = SeededGenerator(seed: seed, stream: stream)
        let most = Double(sizes.last ?? 1)
        return (0..<queries).map { query in
            // Half of what makes a query hard is the same for all retrievers.
            var shared = SeededGenerator(seed: seed &+ 1000, stream: UInt64(query) + 1)
            let hard = 0.5 * shared.unit() + 0.5 * generator.unit()
            let rate = (0..<law.power).reduce(law.scale * 40) { value, _ in value * (0.15 + hard) }
            var places: [Double] = []
            var place = 0.0
            while places.count < 1100 {
                place -= Foundation.log(1 - generator.unit()) / max(rate, 1e-12)
                guard place < most * 20 else { break }
                places.append(place)
            }
            return places
        }
    }

    private func cell(
        _ name: String, _ options: [String: String], _ law: Law, _ arrivals: [[Double]], size: Int, judged: Int
    ) -> StudyCell {
        let key = ([name, "\(size)"] + options.sorted { $0.key < $1.key }.map { "\($0.key)-\($0.value)" })
            .joined(separator: "-")
        var cell = StudyCell(
            key: key, sample: .init(size: size, judged: judged, seed: seed), options: .init(name, options))
        cell.queries = (0..<queries).map { "q\($0)" }
        let distractors = Double(size - judged)
        let ranks = arrivals.map { places in 1 + places.count { $0 < distractors } }
        cell.ranks = StudyCell.Ranks(
            best: ranks.map { $0 <= 1000 ? $0 : nil }, censoredAt: 1000,
            judgedAbove: [Int](repeating: 0, count: queries), relevant: [Int](repeating: 1, count: queries))
        for measure in [Measure.ndcgCut(10), .recipRankCut(10), .hits(1), .hits(10), .recall(100)] {
            guard let gain = RankGain(measure) else { continue }
            cell.quality[measure.description] = StudyCell.Quality(values: ranks.map { $0 <= 1000 ? gain.value($0) : 0 })
        }
        var generator = SeededGenerator(
            seed: seed, stream: UInt64(size) &+ UInt64(key.utf8.reduce(0) { $0 &* 31 &+ Int($1) }.magnitude))
        let n = Double(size)
        let base = law.latency.0 + law.latency.1 * Foundation.log(n) + law.latency.2 * n
        let beam = options["beam"] == "10" ? 0.35 : 1
        for (threads, factor) in [("1", 1.0), ("all", 0.62)] {
            cell.latency[threads] = StudyCell.Latency(
                milliseconds: (0..<200).map { _ in
                    let u = generator.unit()
                    return base * beam * factor * (0.8 + 0.5 * u + 2 * u * u * u * u * u * u * u * u)
                })
        }
        if name == "docid" {
            let part = (options["beam"] == "10" ? 0.97 : 0.995) - 0.012 * Foundation.log(n / 10_000)
            for (depth, loss) in [("10", 0.0), ("100", 0.05)] {
                cell.recallOfExact[depth] = StudyCell.Quality(
                    values: (0..<queries).map { _ in min(1, max(0, part - loss + 0.2 * (generator.unit() - 0.5))) })
            }
        }
        cell.machine = StudyCell.Machine(
            cpu: "A processor of two cores", cores: 2, memory: 24_000_000_000, kernels: "avx512",
            loadBefore: name == "ngram" && size == 300_000 ? 0.4 : 0.02, loadAfter: 0.03)
        cell.build = StudyCell.Build(
            stages: law.stages.map { stage in
                let noise = 0.95 + 0.1 * generator.unit()
                let wall = (0.2 + n * stage.1 / 1000) * noise
                return .init(stage.0, wall: wall, cpu: wall * 1.8, peakRSS: 200_000_000 + 150 * size)
            },
            bytes: Dictionary(uniqueKeysWithValues: law.bytes.map { ($0.0, Int($0.1 * n) + 4096) }),
            vectors: .init(real: name == "dense" ? size : 0, cosine: nil))
        let seconds = cell.build.stages.reduce(0) { $0 + $1.wall }
        cell.estimate = .init(seconds: seconds * (0.75 + 0.4 * generator.unit()), bytes: Int(n * 400))
        cell.outcome = .init(
            seconds: seconds, bytes: cell.build.bytes.values.reduce(0, +), memory: 200_000_000 + 150 * size)
        return cell
    }
}
