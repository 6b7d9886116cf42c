import FMIndex
import TestSupport

/// A seeded corpus of small token numbers, as an index and as plain lists.
struct RandomCorpus {
    static let unknown: Int32 = 0
    static let documentEnd: Int32 = 1
    static let titleEnd: Int32 = 2
    /// The first token that is no mark.
    static let firstWord: Int32 = 3

    let index: FMIndex
    /// Complete token lists: title, title end, body, document end.
    let documents: [[Int32]]
    let titles: [[Int32]]
    let alphabet: Int32

    /// - Parameter alphabet: how many distinct words there are; the unknown token occurs too.
    init(documents count: Int, alphabet: Int32, longest: Int = 12, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var builder = FMIndexBuilder(documentEnd: Self.documentEnd, titleEnd: Self.titleEnd)
        var documents: [[Int32]] = []
        var titles: [[Int32]] = []
        func draw(_ length: Int) -> [Int32] {
            (0..<length).map { _ in
                Int.random(in: 0..<20, using: &random) == 0
                    ? Self.unknown
                    : Int32.random(in: Self.firstWord..<Self.firstWord + alphabet, using: &random)
            }
        }
        for _ in 0..<count {
            let title = draw(Int.random(in: 0...3, using: &random))
            let body = draw(Int.random(in: 0...longest, using: &random))
            builder.add(title: title, body: body)
            titles.append(title)
            documents.append((title.isEmpty ? [] : title + [Self.titleEnd]) + body + [Self.documentEnd])
        }
        index = try builder.build()
        self.documents = documents
        self.titles = titles
        self.alphabet = alphabet
    }

    /// A word token.
    func word(_ random: inout SeededGenerator) -> Int32 {
        Int32.random(in: Self.firstWord..<Self.firstWord + alphabet, using: &random)
    }

    /// Word tokens that need not stand in the corpus.
    func words(_ count: Int, _ random: inout SeededGenerator) -> [Int32] {
        (0..<count).map { _ in word(&random) }
    }
}
