/// The other forms that an English word may have: plural and singular, and the regular forms of verbs.
///
/// A stemmer maps forms to one term when it indexes. An index of tokens as they stand does the same when
/// it is asked: a form that the corpus has is a key as well. So rules may be generous; what they make up
/// occurs nowhere.
package enum EnglishInflections {
    /// The forms of a lower-case word, without itself, each once; none for what is no plain word of four
    /// letters or more, and for function words.
    package static func forms(of word: String) -> [String] {
        let letters = Array(word.utf8)
        guard letters.count > 3, letters.allSatisfy({ (0x61...0x7A).contains($0) }) else { return [] }
        var copy = letters
        guard !copy.withUnsafeMutableBufferPointer({ EnglishStopwords.contains($0) }) else { return [] }
        var forms: [String] = []
        var seen: Set<String> = [word]
        for stem in stems(of: word) where stem.utf8.count > 2 {
            for form in inflected(stem) where seen.insert(form).inserted { forms.append(form) }
        }
        return forms
    }

    /// What a word may be a form of; itself first.
    private static func stems(of word: String) -> [String] {
        var stems = [word]
        func cut(_ ending: String, _ replacements: String...) {
            guard word.hasSuffix(ending) else { return }
            stems += replacements.map { word.dropLast(ending.count) + $0 }
        }
        if !word.hasSuffix("ss"), !word.hasSuffix("us") { cut("s", "") }
        cut("es", "")
        cut("ies", "y")
        cut("ied", "y")
        for ending in ["ed", "ing"] {
            cut(ending, "", "e")
            if word.hasSuffix(ending) {
                let stem = word.dropLast(ending.count)
                if let last = stem.last, stem.dropLast().last == last { stems.append(String(stem.dropLast())) }
            }
        }
        return stems
    }

    private static func inflected(_ stem: String) -> [String] {
        var forms = [stem, stem + "s", stem + "es", stem + "ed", stem + "ing"]
        let body = String(stem.dropLast())
        if stem.hasSuffix("e") { forms += [stem + "d", body + "ing"] }
        if stem.hasSuffix("y") { forms += [body + "ies", body + "ied"] }
        if let last = stem.last, !"aeiouwxy".contains(last), let before = body.last, "aeiou".contains(before) {
            forms += [stem + String(last) + "ed", stem + String(last) + "ing"]
        }
        return forms
    }
}
