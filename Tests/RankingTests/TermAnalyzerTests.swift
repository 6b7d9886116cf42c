import Foundation
import Ranking
import Testing

@Suite struct TermAnalyzerTests {
    @Test(
        "Terms of a text",
        arguments: [
            ("", []),
            (" \t\n.,;—", []),
            ("Hello, World", ["hello", "world"]),
            ("state-of-the-art C3PO", ["state", "art", "c3po"]),
            // Accents, also as combining marks, and letters that fold.
            ("Café Ångström naïve", ["cafe", "angstrom", "naive"]),
            ("cafe\u{301} re\u{301}sume\u{301}", ["cafe", "resume"]),
            ("ﬁne ½ x²", ["fine", "1", "2", "x2"]),
            ("Привет, МИР", ["привет", "мир"]),
            // Scripts without spaces give pairs; a character alone stands for itself.
            ("東京都", ["東京", "京都"]),
            ("猫", ["猫"]),
            ("猫。犬", ["猫", "犬"]),
            ("カタカナ", ["カタ", "タカ", "カナ"]),
            ("AI東京2024年", ["ai", "東京", "2024", "年"]),
            // A voiced kana is one character, composed or not.
            ("ガム", ["ガム"]),
            ("カ\u{3099}ム", ["ガム"]),
            // Plurals after Harman.
            ("cats dogs", ["cat", "dog"]),
            ("berries queries", ["berry", "query"]),
            ("bus gas as", ["bus", "gas"]),
            ("glass virus class", ["glass", "virus", "class"]),
            ("shoes trees", ["shoes", "trees"]),
            ("houses axes", ["house", "axe"]),
            ("ties", ["ty"]),
            // Function words.
            ("the and of in", []),
            ("The history of THE rainbow", ["history", "rainbow"]),
            // Symbols end words.
            ("pizza🍕time 👩‍👩‍👧 ❤️", ["pizza", "time"]),
            ("naïve 東京 cats", ["naive", "東京", "cat"]),
        ] as [(String, [String])])
    func terms(text: String, expected: [String]) {
        #expect(TermAnalyzer().terms(of: text) == expected)
    }

    @Test("Both rules can be switched off") func switches() {
        var analyzer = TermAnalyzer()
        analyzer.removesStopwords = false
        #expect(analyzer.terms(of: "the cats") == ["the", "cat"])
        analyzer.foldsPlurals = false
        #expect(analyzer.terms(of: "the cats") == ["the", "cats"])
        analyzer.removesStopwords = true
        #expect(analyzer.terms(of: "the cats") == ["cats"])
    }

    @Test("The fast way of plain ASCII gives the same terms") func asciiIsUnicode() {
        let texts = [
            "The quick brown foxes' dens; 42 berries", "A B C", "x", "it's o'clock", "UPPER_lower-mixed99",
            String(repeating: "word ", count: 50), "tab\tnew\nline\0zero",
        ]
        for text in texts {
            // A trailing symbol, which gives no term, forces the other way.
            #expect(TermAnalyzer().terms(of: text + " ☃") == TermAnalyzer().terms(of: text), "\(text)")
        }
    }

    @Test("Composed and decomposed texts have the same terms") func normalForms() {
        for text in ["Übergrößenträger", "Ελληνικά", "한국어 문장", "điện thoại", "ガギグゲゴ"] {
            let terms = TermAnalyzer().terms(of: text)
            #expect(!terms.isEmpty)
            #expect(TermAnalyzer().terms(of: text.decomposedStringWithCanonicalMapping) == terms)
        }
    }
}
