import FMIndex
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct FMIndexTests {
    static let end: Int32 = 2
    static let titleEnd: Int32 = 3

    /// A seeded corpus of short passages over few tokens, so that sequences repeat.
    private func makeCorpus(
        documents: Int, alphabet: Int32, seed: UInt64
    ) throws -> (index: FMIndex, naive: NaiveTextIndex) {
        var random = SeededGenerator(seed: seed)
        var builder = FMIndexBuilder(documentEnd: Self.end, titleEnd: Self.titleEnd)
        var plain: [[Int32]] = []
        for _ in 0..<documents {
            let draw = { (count: Int) in
                (0..<count).map { _ in Int32.random(in: 5..<(5 + alphabet), using: &random) * 3 }
            }
            let title = draw(Int.random(in: 0...2, using: &random))
            let body = draw(Int.random(in: 0...12, using: &random))
            builder.add(title: title, body: body)
            plain.append((title.isEmpty ? [] : title + [Self.titleEnd]) + body + [Self.end])
        }
        return (try builder.build(), NaiveTextIndex(documents: plain, documentEnd: Self.end))
    }

    @Test(arguments: [0, 1, 2, 7, 40], [1, 3, 20] as [Int32])
    func matchesNaive(documents: Int, alphabet: Int32) throws {
        let (index, naive) = try makeCorpus(
            documents: documents, alphabet: alphabet, seed: UInt64(documents) * 100 + UInt64(alphabet))
        try compare(index, naive, seed: 5)
    }

    @Test func storedIndexAnswersAlike() throws {
        let (index, naive) = try makeCorpus(documents: 30, alphabet: 4, seed: 9)
        let file = FileManager.default.temporaryDirectory.appending(path: "fm-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try index.write(to: file.path)
        let mapped = try FMIndex(Container(path: file.path, kind: FMIndex.fileKind))
        try compare(mapped, naive, seed: 6)
    }

    private func compare(_ index: FMIndex, _ naive: NaiveTextIndex, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let documents = naive.documents
        #expect(index.documentCount == documents.count)
        #expect(index.tokenCount == documents.joined().count)
        for document in documents.indices {
            #expect(index.extract(document) == documents[document])
            #expect(index.length(of: document) == documents[document].count)
        }
        // Sequences: the empty one, pieces of passages (some led by a document end), random ones.
        var sequences: [[Int32]] = [[], [Self.end], [Self.titleEnd], [999], [-1]]
        for _ in 0..<60 where !documents.isEmpty {
            let passage = [Self.end] + documents[Int.random(in: documents.indices, using: &random)]
            let low = Int.random(in: passage.indices, using: &random)
            let high = Int.random(in: low...min(passage.count, low + 5), using: &random)
            sequences.append(Array(passage[low..<high]))
            sequences.append((0..<3).map { _ in Int32.random(in: 0..<60, using: &random) })
        }
        for sequence in sequences {
            let rows = index.rows(of: sequence)
            #expect(rows.count == naive.count(of: sequence), "\(sequence)")
            guard !sequence.isEmpty, rows.count > 0 else { continue }
            let expected = naive.continuations(of: sequence)
            let found = index.continuations(of: rows)
            #expect(Dictionary(uniqueKeysWithValues: found.map { ($0.token, $0.count) }) == expected)
            for item in found { #expect(item.rows == index.extend(rows, by: item.token)) }
            let ranked = found.sorted { ($0.count, $1.token) > ($1.count, $0.token) }
            #expect(index.topContinuations(of: rows, 2) == Array(ranked.prefix(2)))

            var places: [[Int]] = []
            for row in rows.low..<rows.high {
                if let place = index.locate(row: row, length: sequence.count) {
                    places.append([place.document, place.offset])
                }
            }
            let truth = naive.occurrences(of: sequence).filter { $0.document < documents.count }
            #expect(places.sorted { $0.lexicographicallyPrecedes($1) }
                == truth.map { [$0.document, $0.offset] }.sorted { $0.lexicographicallyPrecedes($1) })
            let perDocument = Dictionary(grouping: truth, by: \.document).mapValues(\.count)
            let listed = index.documents(of: rows)
            #expect(Dictionary(uniqueKeysWithValues: listed.map { ($0.document, $0.count) }) == perDocument)
        }
    }

    @Test func everyPassageStartIsReachable() throws {
        var builder = FMIndexBuilder(documentEnd: Self.end, titleEnd: Self.titleEnd)
        builder.add(title: [10], body: [20])
        builder.add(title: [11], body: [21])
        let index = try builder.build()
        #expect(index.count(of: [Self.end, 10, Self.titleEnd, 20]) == 1)
        #expect(index.count(of: [Self.end, 11, Self.titleEnd, 21]) == 1)
        #expect(index.documentStarts.count == 3)
        #expect(index.count(ofToken: 10) == 1)
        #expect(index.count(ofToken: Self.end) == 3)
        #expect(index.count(ofToken: 4) == 0)
        #expect(index.count(ofToken: 4000) == 0)
    }
}
