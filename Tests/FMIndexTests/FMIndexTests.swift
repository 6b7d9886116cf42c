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
        documents: Int, alphabet: Int32, seed: UInt64, factor: Int32 = 3
    ) -> (builder: FMIndexBuilder, naive: NaiveTextIndex) {
        var random = SeededGenerator(seed: seed)
        var builder = FMIndexBuilder(documentEnd: Self.end, titleEnd: Self.titleEnd)
        var plain: [[Int32]] = []
        for _ in 0..<documents {
            let draw = { (count: Int) in
                (0..<count).map { _ in Int32.random(in: 5..<(5 + alphabet), using: &random) * factor }
            }
            let title = draw(Int.random(in: 0...2, using: &random))
            let body = draw(Int.random(in: 0...12, using: &random))
            builder.add(title: title, body: body)
            plain.append((title.isEmpty ? [] : title + [Self.titleEnd]) + body + [Self.end])
        }
        return (builder, NaiveTextIndex(documents: plain, documentEnd: Self.end))
    }

    @Test(arguments: FMIndex.Profile.allCases, [0, 1, 2, 7, 40])
    func matchesNaive(profile: FMIndex.Profile, documents: Int) throws {
        for alphabet: Int32 in [1, 3, 20] {
            // A factor of 70,000 takes tokens out of sixteen bits.
            for factor: Int32 in [3, 70_000] {
                var (builder, naive) = makeCorpus(
                    documents: documents, alphabet: alphabet,
                    seed: UInt64(documents) * 100 + UInt64(alphabet), factor: factor)
                let index = try builder.build(.init(profile: profile))
                #expect(index.profile == profile)
                try compare(index, naive, seed: 5)
            }
        }
    }

    @Test(arguments: FMIndex.Profile.allCases)
    func wideAlphabet(profile: FMIndex.Profile) throws {
        // More tokens than sixteen bits can number: every symbol takes four bytes.
        var builder = FMIndexBuilder(documentEnd: Self.end, titleEnd: Self.titleEnd)
        let body = Array(Int32(10)..<Int32(70_010))
        builder.add(title: [], body: body)
        builder.add(title: [11], body: [12, 13])
        let index = try builder.build(.init(profile: profile))
        #expect(index.count(of: [12, 13]) == 2)
        #expect(index.extract(0) == body + [Self.end])
        #expect(index.extract(1) == [11, Self.titleEnd, 12, 13, Self.end])
        let row = index.rows(of: [65_000, 65_001])
        let place = index.locate(row: row.low, length: 2)
        #expect(place?.document == 0 && place?.offset == 64_990)
    }

    @Test(arguments: FMIndex.Profile.allCases)
    func storedIndexAnswersAlike(profile: FMIndex.Profile) throws {
        var (builder, naive) = makeCorpus(documents: 30, alphabet: 4, seed: 9)
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "ngrams.gnr")
        let writer = try ContainerWriter(path: file.path, kind: FMIndex.fileKind)
        try builder.write(to: writer, .init(profile: profile))
        try writer.finish()
        #expect(builder.documentCount == 0)
        let mapped = try FMIndex(Container(path: file.path, kind: FMIndex.fileKind))
        try compare(mapped, naive, seed: 6)
    }

    @Test func storedListsOfFrequentSequences() throws {
        // Long enough for sequences of more rows than the threshold; a compact index has no lists,
        // and both must agree.
        var builder = makeCorpus(documents: 9000, alphabet: 2, seed: 21).builder
        var copy = builder
        let fast = try builder.build(.init(profile: .fast))
        let compact = try copy.build(.init(profile: .compact))
        var frequent = 0
        for first: Int32 in [15, 18, 21] {
            for second: Int32 in [15, 18, 21] {
                let rows = fast.rows(of: [first, second])
                if rows.count > 8192 { frequent += 1 }
                #expect(rows == compact.rows(of: [first, second]))
                for k in [1, 2, 5, 63, 64] {
                    #expect(fast.topContinuations(of: rows, k) == compact.topContinuations(of: rows, k))
                }
            }
        }
        #expect(frequent > 0)
    }

    @Test func sameBytesForAnyNumberOfThreads() throws {
        var sections: [[UInt8]] = []
        for threads in [1, 2, 5] {
            var builder = makeCorpus(documents: 60, alphabet: 9, seed: 2).builder
            let memory = MemorySections()
            var options = FMIndexBuilder.Options(profile: .fast)
            options.threads = threads
            try builder.write(to: memory, options)
            sections.append(
                try ["fm.symbols", "fm.row.documents", "fm.occurrences.low", "fm.occurrences.directory"]
                    .flatMap { try memory.bytes($0).toArray() })
        }
        #expect(sections[0] == sections[1] && sections[0] == sections[2])
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
            var together = Array(repeating: rows, count: found.count + 1)
            index.extend(&together, by: found.map(\.token) + [4])
            #expect(together.dropLast() == found.map(\.rows)[...] && together[found.count].isEmpty)
            let ranked = found.sorted { ($0.count, $1.token) > ($1.count, $0.token) }
            #expect(index.topContinuations(of: rows, 2) == Array(ranked.prefix(2)))

            var places: [[Int]] = []
            for row in rows.low..<rows.high {
                if let place = index.locate(row: row, length: sequence.count) {
                    places.append([place.document, place.offset])
                }
            }
            let truth = naive.occurrences(of: sequence).filter { $0.document < documents.count }
            #expect(
                places.sorted { $0.lexicographicallyPrecedes($1) }
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
