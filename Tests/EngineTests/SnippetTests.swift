import Corpora
import Engine
import Foundation
import Memory
import SampleIndexes
import Search
import TestSupport
import Testing

@Suite struct SnippetTests {
    /// Matches lie inside, rise, stand apart and start and end between characters.
    private func check(_ snippet: Snippet, _ comment: Comment) {
        let bytes = Array(snippet.text.utf8)
        func isBoundary(_ position: Int) -> Bool { position == bytes.count || bytes[position] & 0xC0 != 0x80 }
        var end = -1
        for match in snippet.matches {
            #expect(match.lowerBound > end && match.upperBound <= bytes.count && !match.isEmpty, comment)
            guard match.upperBound <= bytes.count else { return }
            #expect(isBoundary(match.lowerBound) && isBoundary(match.upperBound), comment)
            end = match.upperBound
        }
        let marked = snippet.marked(before: "\u{1}", after: "\u{2}")
        #expect(marked.filter { $0 != "\u{1}" && $0 != "\u{2}" } == snippet.text, comment)
        #expect(!snippet.text.utf8.contains(0x0A), comment)
        #expect(!snippet.text.unicodeScalars.contains("\u{FFFD}"), comment)
    }

    @Test("Random texts and matches", arguments: 0..<200 as Range<UInt64>) func random(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = ["a", "wood", " ", "\n", "é", "東", "🍕", "  ", "long-word-without-end", "\t", "ß", "."]
        let text = (0..<Int.random(in: 0...300, using: &random))
            .map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
        let places = Array(text.indices) + [text.endIndex]
        let offsets = places.map { text.utf8.distance(from: text.startIndex, to: $0) }
        let matches = (0..<Int.random(in: 0...10, using: &random)).map { _ -> Highlight in
            let low = Int.random(in: offsets.indices, using: &random)
            let high = Int.random(in: low...min(low + 8, offsets.count - 1), using: &random)
            return Highlight(offsets[low]..<offsets[high], weight: Float.random(in: 0...1, using: &random))
        }
        let length = [20, 40, 240].randomElement(using: &random) ?? 240
        let snippet = Snippet(of: text, matches: matches, length: length)
        check(snippet, "seed \(seed)")
        // What is shown is a piece of the text.
        let shown = snippet.text.replacing("… ", with: "").replacing(" …", with: "")
        let flat = text.map { $0 == "\n" || $0 == "\t" ? " " : String($0) }.joined()
        #expect(flat.contains(shown), "seed \(seed): \(shown.debugDescription)")
        #expect(snippet.text.utf8.count <= length + 60 || text.utf8.count <= length, "seed \(seed)")
        if text.utf8.count <= length { #expect(snippet.text == flat) }
    }

    @Test("The window holds the heaviest matches") func window() {
        let filler = String(repeating: "filler ", count: 100)
        let text = filler + "gold silver " + filler + "tin"
        let gold = filler.utf8.count
        let snippet = Snippet(
            of: text,
            matches: [
                Highlight(gold..<gold + 4, weight: 2), Highlight(gold + 5..<gold + 11, weight: 1),
                Highlight(text.utf8.count - 3..<text.utf8.count, weight: 1),
            ])
        #expect(snippet.text.contains("gold silver") && !snippet.text.contains("tin"))
        #expect(snippet.text.hasPrefix("… ") && snippet.text.hasSuffix(" …"))
        #expect(snippet.marked(before: "<", after: ">").contains("<gold> <silver>"))
        let edge = Snippet(of: text, matches: [Highlight(text.utf8.count - 3..<text.utf8.count, weight: 1)])
        #expect(edge.marked(before: "<", after: ">").hasSuffix("<tin>"))
    }

    /// A candidate's snippet with its matches in bytes.
    private func snippet(_ candidate: SearchResponse.Candidate) throws -> Snippet {
        let snippet = try #require(candidate.snippet)
        #expect(candidate.offsets == .utf8)
        let matches = try #require(candidate.matches).map { $0[0]..<$0[1] }
        #expect(snippet.runs.map(\.text).joined() == snippet.text)
        let marked = snippet.runs.filter { $0.isMatch == true }.map(\.text)
        let bytes = Array(snippet.text.utf8)
        #expect(marked == matches.map { String(decoding: bytes[$0], as: UTF8.self) })
        return Snippet(text: snippet.text, matches: matches)
    }

    @Test("Every question's snippets") func questions() throws {
        let engine = try Sample.lexical.get().engine
        var marked = 0
        for query in try Sample.queries() {
            for hit in try engine.search(query.text).candidates {
                let snippet = try snippet(hit)
                check(snippet, "\(query.id) \(hit.docid)")
                if !snippet.matches.isEmpty { marked += 1 }
            }
        }
        #expect(marked > 500)
    }

    @Test("Places in characters of three kinds are the same places", arguments: SearchRequest.Offsets.allCases)
    func offsets(unit: SearchRequest.Offsets) throws {
        let folder = try TemporaryFolder()
        let text = "Пицца 🍕 and pizza 🍕 are déjà vu; 東京 pizza."
        let index = try BuiltIndex(corpus: try folder.corpus([("a", "", text)]), encoder: nil)
        var request = SearchRequest("pizza")
        request.offsets = unit
        let candidate = try #require(try index.engine.search(request).candidates.first)
        let snippet = try #require(candidate.snippet)
        #expect(snippet.text == text && candidate.offsets == unit)
        let matches = try #require(candidate.matches)
        #expect(!matches.isEmpty)
        for match in matches {
            let found =
                switch unit {
                case .utf8: String(decoding: Array(text.utf8)[match[0]..<match[1]], as: UTF8.self)
                case .utf16: String(decoding: Array(text.utf16)[match[0]..<match[1]], as: UTF16.self)
                case .codepoints: String(String.UnicodeScalarView(Array(text.unicodeScalars)[match[0]..<match[1]]))
                }
            #expect(found == "pizza")
        }
    }

    @Test("Snippets of texts in many scripts") func scripts() throws {
        let folder = try TemporaryFolder()
        let texts = [
            "Ångström measured the naïve façade of the café in Zürich; déjà vu, coöperation and crème brûlée.",
            "東京都は日本の首都です。人口は約1400万人で、世界最大の都市圏の一つ。ガムとパン。",
            "Париж — столица Франции. Эйфелева башня видна отовсюду.",
            "Pizza 🍕 and pasta 🍝 are loved 👩‍👩‍👧 by families everywhere ❤️.",
            "e\u{301}tude de\u{301}compose\u{301}e avec des accents combinants",
        ]
        let passages = texts.enumerated().flatMap { index, text in
            [1, 8].map {
                (id: "p\(index)-\($0)", title: "", text: Array(repeating: text, count: $0).joined(separator: " "))
            }
        }
        let index = try BuiltIndex(corpus: try folder.corpus(passages), encoder: nil)
        var found = 0
        for query in [
            "cafe naive façade", "東京都 首都", "столица", "pizza 🍕 families", "étude accents", "ガム", "decomposee",
        ] {
            for hit in try index.engine.search(query).candidates {
                let snippet = try snippet(hit)
                check(snippet, "\(query): \(snippet.text)")
                found += snippet.matches.count
            }
        }
        #expect(found > 10)
    }
}
