import Foundation
import Ranking
import Storage
import TestSupport

/// A corpus of known terms as an index file, and BM25 over plain dictionaries to compare with.
struct SparseCorpus {
    /// The terms of each passage, with how often they occur.
    private(set) var frequencies: [[String: Int]] = []
    private(set) var lengths: [Int] = []
    private var builder = SparseIndexBuilder()

    mutating func add(title: String, text: String) {
        builder.add(title: title, text: text)
        let terms = TermAnalyzer().terms(of: title) + TermAnalyzer().terms(of: text)
        frequencies.append(Dictionary(terms.map { ($0, 1) }, uniquingKeysWith: +))
        lengths.append(terms.count)
    }

    /// Seeded passages of words that are drawn with falling probability when `isSkewed`.
    init(passages: Int, words: [String], isSkewed: Bool = false, longest: Int = 20, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func draw(_ longest: Int) -> String {
            (0..<Int.random(in: 0...longest, using: &random)).map { _ in
                let place = random.unit()
                return words[Int(Double(words.count) * (isSkewed ? pow(place, 5) : place))]
            }.joined(separator: " ")
        }
        for _ in 0..<passages { add(title: draw(3), text: draw(longest)) }
    }

    init() {}

    var terms: Set<String> { frequencies.reduce(into: []) { $0.formUnion($1.keys) } }

    /// Writes the index and calls `body` with its path.
    func withFile<R>(_ body: (String) throws -> R) throws -> R {
        let folder = try TemporaryFolder()
        let file = folder.path("terms.gnr")
        try builder.write(to: ContainerWriter(path: file, kind: SparseIndex.fileKind))
        return try body(file)
    }

    func index() throws -> SparseIndex {
        // The mapping outlives the name.
        try withFile { try SparseIndex(Container(path: $0, kind: SparseIndex.fileKind)) }
    }

    /// BM25 with Lucene's idf of every passage.
    func naive(_ query: String, k1: Double, b: Double) -> [Double] {
        let n = Double(lengths.count)
        let average = Double(lengths.reduce(0, +)) / max(1, n)
        var scores = [Double](repeating: 0, count: lengths.count)
        for term in TermAnalyzer().terms(of: query) {
            let df = Double(frequencies.count { $0[term] != nil })
            let idf: Double = log(1 + (n - df + 0.5) / (df + 0.5))
            for (passage, frequency) in frequencies.enumerated() {
                guard let tf = frequency[term].map(Double.init) else { continue }
                let norm: Double = k1 * (1 - b + b * Double(lengths[passage]) / average)
                scores[passage] += idf * tf / (tf + norm)
            }
        }
        return scores
    }
}
