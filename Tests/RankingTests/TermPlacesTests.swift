import Memory
import Ranking
import Testing

/// Marks of query terms in texts of many scripts: words by Unicode's borders, pairs where there are no spaces.
@Suite struct TermPlacesTests {
    private let analyzer = TermAnalyzer()

    private func marked(_ query: String, _ text: String) -> String {
        let bytes = Array(text.utf8)
        var result = ""
        var position = 0
        for range in analyzer.places(of: Set(analyzer.terms(of: query)), in: text) {
            result += String(decoding: bytes[position..<range.lowerBound], as: UTF8.self)
            result += "<" + String(decoding: bytes[range], as: UTF8.self) + ">"
            position = range.upperBound
        }
        return result + String(decoding: bytes[position...], as: UTF8.self)
    }

    @Test(
        "Eight scripts and more",
        arguments: [
            ("glass", "Glass, glasses; fibreglass (glass).", "<Glass>, glasses; fibreglass (<glass>)."),
            ("学习", "我们在学校学习，天天学习。", "我们在学校<学习>，天天<学习>。"),
            ("人", "人，工人。", "<人>，工人。"),
            ("カメラ", "ｶﾒﾗとカメラ。", "<ｶﾒﾗ>と<カメラ>。"),
            ("привет", "«Привет», сказал он: приветствую!", "«<Привет>», сказал он: приветствую!"),
            ("ΑΘΗΝΑ", "η Αθήνα—και η Αθήνα.", "η <Αθήνα>—και η <Αθήνα>."),
            ("שלום", "שָׁלוֹם, עולם; שלום־עולם", "<שָׁלוֹם>, עולם; <שלום>־עולם"),
            ("سلام", "سَلام، يا عالم", "<سَلام>، يا عالم"),
            ("हिन्दी", "यह हिन्दी है। हिन्दी।", "यह <हिन्दी> है। <हिन्दी>।"),
            ("안녕", "안녕, 세계! 안녕하세요", "<안녕>, 세계! 안녕하세요"),
            ("café", "Cafe\u{301}s; CAFÉ! cafeteria", "<Cafe\u{301}s>; <CAFÉ>! cafeteria"),
            ("ශ්‍රී", "ශ්‍රී ලංකා", "<ශ්‍රී> ලංකා"),
            ("grüße", "Viele Grüße… und „Grüße“.", "Viele <Grüße>… und „<Grüße>“."),
            ("bread", "no\u{2028}bread\u{2019}s\u{a0}bread", "no\u{2028}<bread>\u{2019}s\u{a0}<bread>"),
        ])
    func scripts(query: String, text: String, expected: String) {
        #expect(Array(marked(query, text).utf8) == Array(expected.utf8), "\(marked(query, text))")
    }

    @Test("Thai is marked by pairs") func pairs() {
        let places = analyzer.places(of: Set(analyzer.terms(of: "แมว")), in: "รักแมว มาก")
        let text = Array("รักแมว มาก".utf8)
        #expect(places.map { String(decoding: text[$0], as: UTF8.self) } == ["แมว"])
    }

    @Test("What is marked gives a term, and every term of a text is marked", arguments: 0..<60 as Range<UInt64>)
    func consistent(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "a", "Bread", "s", "7", " ", "\n", ",", "é", "e\u{301}", "\u{200D}", "学", "习", "カ", "ﾊﾟ", "ก", "ำ", "я", "Ё",
            "ש", "\u{5B8}", "ب", "\u{64E}", "क", "्", "ि", "안", "🍞", "—", "，", "\u{FF21}", "ﬁ",
        ]
        let text = (0..<Int.random(in: 0...40, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
            .joined()
        let terms = Set(analyzer.terms(of: text))
        let places = analyzer.places(of: terms, in: text)
        let bytes = Array(text.utf8)
        var found: Set<String> = []
        var end = 0
        for place in places {
            #expect(place.lowerBound >= end && !place.isEmpty)
            end = place.upperBound
            let terms = analyzer.terms(of: String(decoding: bytes[place], as: UTF8.self))
            #expect(!terms.isEmpty)
            found.formUnion(terms)
        }
        #expect(found.isSuperset(of: terms))
        #expect(analyzer.places(of: ["zzz"], in: text).isEmpty)
    }
}
