import ArgumentParser
import Corpora
import Docids
import Engine
import Foundation
import Memory
import Ranking
import Search
import Storage
import Transformers
import Workloads

/// Dense search and docid trees over the vectors of an index, enlarged to any number.
@main
struct DenseBench: ParsableCommand {
    @Argument(help: "An index with exact vectors.") var index: String
    @Argument(help: "Questions, one JSON object a line.") var questions: String
    @Option(help: "Vectors.") var vectors = 1_000_000
    @Option(help: "Questions that are asked.") var queries = 200
    @Option(help: "Threads of one question, and of building.") var threads = 1
    @Option(help: "A folder for the vectors, as single-precision numbers one behind the other, for other programs.")
    var raw: String?
    @Option var seed: UInt64 = 1

    mutating func run() throws {
        let reader = try IndexReader.open(index)
        let real = try reader.components(DenseIndex.self)[0]
        let d = real.dimension
        let encoder = try reader.value(IndexQueryEncoder.self).encoder
        let topics = try Queries.read(path: questions).prefix(queries)
        let asked = topics.map { encoder.encodeQuery($0.text).vector }
        let all = EnlargedVectors(real: real.floats(), dimension: d, seed: seed).vectors(vectors)
        if let raw {
            let folder = URL(filePath: raw)
            try Data(bytes: all.unsafeBase, count: vectors * d * 4).write(to: folder.appending(path: "vectors.f32"))
            let flat = Array(asked.joined())
            try Data(bytes: flat, count: flat.count * 4).write(to: folder.appending(path: "queries.f32"))
        }
        let exact = DenseIndex(vectors: all, dimension: d)
        var wanted: [[Int32]] = []
        let scan = measure(asked) { wanted.append(exact.query($0).best(100).map { $0.id }) }
        print("float32 scan", scan)

        let clock = ContinuousClock()
        let start = clock.now
        let codes = LeafCodesBuilder(threads: threads).build(vectors: all, dimension: d)
        Figure("build", (clock.now - start) / .seconds(1), unit: "s").print()
        let bytes = codes.sections().map { $0.bytes.count }.reduce(0, +)
        Figure("size", Double(bytes) / Double(vectors), unit: "bytes a vector").print()
        let dense = DenseIndex(codes: codes)
        for k in [10, 100, 1_000] {
            var found: [[Int32]] = []
            let times = measure(asked) { found.append(dense.query($0).best(k, threads: threads).map { $0.id }) }
            print(
                "codes, best \(k):", times, "recall of the exact best 10", recall(found, wanted, 10), "100",
                recall(found, wanted, 100))
        }
        let tree = DocidSearch(codes: codes)
        for beams in [16, 32, 64, 128, 256] {
            var found: [[Int32]] = []
            var compared = 0
            let times = measure(asked) {
                let result = tree.search($0, k: 100, options: .init(beams: beams))
                found.append(result.passages.map { $0.id })
                compared += result.docidCount
            }
            let share = String(format: "%.2f %%", 100 * Double(compared) / Double(asked.count * vectors))
            print("docid tree, beam \(beams):", times, "\(share) compared, best 10 reached", recall(found, wanted, 10))
        }
    }

    /// Milliseconds of each question: p50 and p95, after all were asked once.
    private func measure(_ queries: [[Float]], _ body: ([Float]) -> Void) -> String {
        var times: [Double] = []
        for query in queries { times.append(timed { body(query) } / .milliseconds(1)) }
        times.sort()
        return String(format: "p50 %.2f ms, p95 %.2f ms", times[times.count / 2], times[times.count * 95 / 100])
    }

    private func timed(_ body: () -> Void) -> Duration {
        let start = ContinuousClock.now
        body()
        return ContinuousClock.now - start
    }

    private func recall(_ found: [[Int32]], _ wanted: [[Int32]], _ k: Int) -> String {
        let shares = zip(found, wanted).map {
            Double(Set($0).intersection($1.prefix(k)).count) / Double(min(k, $1.count))
        }
        return String(format: "%.4f", shares.reduce(0, +) / Double(shares.count))
    }
}
