import FMIndex
import Memory
import TestSupport
import Testing

/// The step of a constrained decoder against an enumeration of all that may follow.
@Suite struct ExtensionSearchTests {
    static let end: Int32 = 2

    private func makeIndex(
        documents: Int, alphabet: Int32, profile: FMIndex.Profile, random: inout SeededGenerator
    ) throws -> FMIndex {
        var builder = FMIndexBuilder(documentEnd: Self.end, titleEnd: 3)
        for _ in 0..<documents {
            let length = Int.random(in: 1...30, using: &random)
            builder.add(
                title: [],
                body: (0..<length).map { _ in
                    // The product of two draws gives the skewed counts of text.
                    5 + Int32.random(in: 0..<alphabet, using: &random) * Int32.random(in: 0...1, using: &random)
                })
        }
        return try builder.build(.init(profile: profile))
    }

    @Test(arguments: FMIndex.Profile.allCases, [1, 40, 3000])
    func matchesEnumeration(profile: FMIndex.Profile, documents: Int) throws {
        var random = SeededGenerator(seed: UInt64(documents))
        for alphabet: Int32 in [2, 30, 2000] {
            let index = try makeIndex(
                documents: documents, alphabet: alphabet, profile: profile, random: &random)
            let excluded: Set<Int32> = [Self.end, 6, 9]
            // Of all passages, of none, of a few, of nearly all; with, for each row, how many before it are of the set.
            let sets = [nil, nil, 0, 0.03, 0.5, 0.97].map { share in
                share.map { share in
                    PlaceSet(capacity: documents) { _ in Double.random(in: 0..<1, using: &random) < share }
                }
            }
            let sums = sets.map { passing in
                passing.map { passing in
                    (index.all.low..<index.all.high).reduce(into: [0]) { sums, row in
                        let isIn = index.document(row: row).map(passing.contains) ?? false
                        sums.append(sums[sums.count - 1] + (isIn ? 1 : 0))
                    }
                }
            }
            for round in 0..<30 {
                let (passing, before) = (sets[round % 6], sums[round % 6])
                var search = ExtensionSearch(
                    index, allowed: AllowedTokens(index, excluding: excluded),
                    passing: passing.map { PassingRows($0, in: index, areFew: round / 6 % 2 == 0) })
                // Few distinct scores on every other round, so that ties are many.
                let scores = (0..<12).map { _ in
                    (0..<index.vocabularyBound + 3).map { _ in
                        round % 2 == 0
                            ? -Float.random(in: 0..<9, using: &random)
                            : -Float(Int.random(in: 0..<4, using: &random))
                    }
                }
                let rows = (0..<12).map { place -> FMIndex.Rows in
                    if place == 0 { return index.all }
                    let passage = index.extract(Int.random(in: 0..<index.documentCount, using: &random))
                    let start = Int.random(in: passage.indices, using: &random)
                    let length = Int.random(in: 1...3, using: &random)
                    return index.rows(of: passage[start..<min(passage.count, start + length)])
                }
                let weights = (0..<12).map { _ in -Float.random(in: 0..<6, using: &random) }
                let k = [1, 2, 30, 500][round % 4]
                let minimum: Float = round % 5 == 0 ? -6 : -.infinity

                var expected: [ExtensionSearch.Extension] = []
                for place in 0..<12 {
                    for item in index.continuations(of: rows[place]) where !excluded.contains(item.token) {
                        let score = weights[place] + scores[place][Int(item.token)]
                        guard score > minimum else { continue }
                        if let before, before[item.rows.low] == before[item.rows.high] { continue }
                        expected.append(
                            .init(beam: place, token: item.token, score: score, rows: item.rows))
                    }
                }
                expected.sort { a, b in
                    if a.score != b.score { return a.score > b.score }
                    return (a.beam, a.token) < (b.beam, b.token)
                }
                if let passing, let before {
                    let few = PassingRows(passing, in: index, areFew: true)
                    for rows in rows { #expect(few.count(in: rows) == before[rows.high] - before[rows.low]) }
                }
                let flat = scores.flatMap { $0 }
                let width = index.vocabularyBound + 3
                let found = flat.withUnsafeBufferPointer { flat in
                    search.best(
                        k,
                        of: (0..<12).map {
                            .init(
                                rows: rows[$0], logProb: weights[$0],
                                scores: UnsafeBufferPointer(rebasing: flat[$0 * width..<($0 + 1) * width]))
                        }, minimum: minimum)
                }
                #expect(found == Array(expected.prefix(k)))
            }
        }
    }
}
