import Ranking
import Testing

@Suite struct EnglishInflectionsTests {
    @Test(
        "Regular forms lead to each other",
        arguments: [
            ["war", "wars"], ["city", "cities"], ["church", "churches"], ["move", "moves", "moved", "moving"],
            ["stop", "stops", "stopped", "stopping"], ["carry", "carries", "carried", "carrying"],
            ["found", "founded", "founding"],
        ])
    func regular(_ forms: [String]) {
        for word in forms where word.count > 3 {
            let found = EnglishInflections.forms(of: word)
            for other in forms where other != word { #expect(found.contains(other), "\(word) to \(other)") }
        }
    }

    @Test("A word is no form of itself, and none comes twice") func once() {
        for word in ["moves", "stopped", "carrying", "princess", "houses"] {
            let forms = EnglishInflections.forms(of: word)
            #expect(!forms.contains(word) && Set(forms).count == forms.count)
        }
    }

    @Test(
        "Numbers, short words, function words and other scripts have none",
        arguments: ["1066s", "was", "their", "über", "Word", "", "戦争戦争"])
    func none(_ word: String) {
        #expect(EnglishInflections.forms(of: word).isEmpty)
    }
}
