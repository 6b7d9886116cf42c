import Foundation
import Rerankers
import TestSupport
import Testing

@Suite("Summaries of long passages by the query") struct QuerySummaryTests {
    private static func words(_ text: String) -> Int { text.split(separator: " ").count }

    private static func summary(_ query: String, _ text: String, limit: Int, among others: [String] = []) -> String {
        QuerySummary(query, among: [text] + others).summary(of: text, limit: limit, length: words)
    }

    @Test("The sentences about the query are kept, in their order") func order() {
        let text = "Bread is old. Ovens are hot. Yeast makes bread rise. Salt is white. The yeast needs sugar."
        #expect(
            Self.summary("what does yeast need", text, limit: 8) == "Yeast makes bread rise. The yeast needs sugar.")
        // What has room is not changed, nor is a text of one sentence.
        #expect(Self.summary("yeast", text, limit: 17) == text)
        let one = "yeast makes bread rise and rise"
        #expect(Self.summary("yeast", one, limit: 2) == one)
        #expect(Self.summary("yeast", "", limit: 2) == "")
    }

    @Test("A word that was had counts half: another word's sentence comes next") func decay() {
        let text = "Salt salt here. Salt again. Sugar there."
        // Salt stands in more of the candidates than sugar, so that the first is by sugar.
        let others = ["salt", "salt", "nothing"]
        #expect(Self.summary("salt and sugar", text, limit: 2, among: others) == "Sugar there.")
        #expect(Self.summary("salt and sugar", text, limit: 5, among: others) == "Salt salt here. Sugar there.")
        #expect(Self.summary("salt and sugar", text, limit: 4, among: []) == "Salt salt here. Sugar there.")
    }

    @Test("Without a word of the query the beginning stays") func blind() {
        #expect(Self.summary("zebra", "One two. Three four. Five six.", limit: 3) == "One two. Three four.")
    }

    @Test("Chinese words are characters") func chinese() {
        let text = "天空是蓝色的。面包需要面粉。玻璃是沙子。"
        let summary = QuerySummary("面包", among: [text]).summary(of: text, limit: 7) { $0.count }
        #expect(summary == "面包需要面粉。")
    }

    @Test("Against a naive choice, over random sentences", arguments: 0..<20) func naive(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let vocabulary = ["aa", "bb", "cc", "dd", "ee", "ff"]
        func sentence() -> String {
            (0..<Int.random(in: 1...5, using: &random)).map { _ in vocabulary.randomElement(using: &random) ?? "" }
                .joined(separator: " ") + "."
        }
        let texts = (0..<4).map { _ in (0..<8).map { _ in sentence() } }
        let asked = ["aa", "cc"]
        let joined = texts.map { $0.joined(separator: " ") }
        var weights: [String: Double] = [:]
        for word in asked {
            let count = Double(texts.count { $0.contains { Self.has($0, word) } })
            if count > 0 { weights[word] = log(1 + (4 - count + 0.5) / (count + 0.5)) }
        }
        let limit = 10
        let own = texts[0]
        var (taken, room) = (Set<Int>(), limit)
        if Self.words(joined[0]) > limit {
            while room > 0, taken.count < own.count {
                var (best, highest) = (-1, -1.0)
                for place in own.indices where !taken.contains(place) {
                    let weight = asked.reduce(0.0) { $0 + (Self.has(own[place], $1) ? weights[$1] ?? 0 : 0) }
                    if weight > highest { (best, highest) = (place, weight) }
                }
                taken.insert(best)
                room -= Self.words(own[best])
                for word in asked where Self.has(own[best], word) { weights[word]? /= 2 }
            }
        } else {
            taken = Set(own.indices)
        }
        let summary = QuerySummary("aa or cc", among: joined).summary(
            of: joined[0], limit: limit, length: Self.words)
        #expect(summary == taken.sorted().map { own[$0] }.joined(separator: " "))
    }

    private static func has(_ sentence: String, _ word: String) -> Bool {
        sentence.dropLast().split(separator: " ").contains(Substring(word))
    }
}
