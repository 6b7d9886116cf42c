import Foundation
import Ranking
import Testing

@Suite struct TermLanguageTests {
    @Test(
        "Stems, which are folded only when they are cut",
        arguments: [
            (.german, "Die Häuser des Hauses", ["die", "haus", "des", "haus"]),
            (.french, "les chevaux étaient continués", ["le", "cheval", "etaient", "continu"]),
            (.spanish, "las canciones cantadas", ["las", "cancion", "cant"]),
            (.russian, "красивые города", ["красив", "город"]),
            (.swedish, "flickorna springer", ["flick", "spring"]),
            // Ideographs give pairs in every language.
            (.german, "東京都 Katzen", ["東京", "京都", "katz"]),
        ] as [(TermLanguage, String, [String])])
    func stems(language: TermLanguage, text: String, expected: [String]) {
        #expect(TermAnalyzer(language: language).terms(of: text) == expected)
        #expect(TermAnalyzer(language: language).terms(of: text.decomposedStringWithCanonicalMapping) == expected)
    }

    @Test("Plain words are what they are, and Hangul gives pairs") func plain() {
        let analyzer = TermAnalyzer(language: .plain)
        #expect(analyzer.terms(of: "The cats of Ángel") == ["the", "cats", "of", "angel"])
        #expect(analyzer.terms(of: "서울은 수도") == ["서울", "울은", "수도"])
        #expect(TermAnalyzer().terms(of: "서울은 수도") == ["서울은", "수도"])
        #expect(analyzer.terms(of: "战国无双3") == ["战国", "国无", "无双", "3"])
    }

    @Test("Without folding words stay whole") func unfolded() {
        var analyzer = TermAnalyzer(language: .german)
        analyzer.foldsPlurals = false
        #expect(analyzer.terms(of: "Häuser") == ["hauser"])
    }

    @Test("Numbers in files are each language's own, and lead back") func numbers() {
        #expect(Set(TermLanguage.allCases.map(\.number)).count == TermLanguage.allCases.count)
        for language in TermLanguage.allCases { #expect(TermLanguage(number: UInt64(language.number)) == language) }
        #expect(TermLanguage.english.number == 0 && TermLanguage(number: 200) == nil)
    }

    @Test("Words that hold a term are found in the text") func places() {
        let analyzer = TermAnalyzer(language: .german)
        #expect(analyzer.places(of: ["haus"], in: "alte Häuser") == [5..<12])
        #expect(TermAnalyzer(language: .plain).places(of: ["서울"], in: "서울은") == [0..<6])
    }
}
