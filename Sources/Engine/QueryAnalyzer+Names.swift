import Text

/// Names of several words in a query.
extension QueryAnalyzer {
    /// The runs of several words with no white space between, without the punctuation around them, that are
    /// names: with a digit, or joined by more than apostrophes and dashes, which words of a language are too.
    func runs(_ encoding: Encoding, of text: String) -> [[Int32]] {
        var runs: [[Int32]] = []
        var position = 0
        var run: Range<Int>?
        // A character that tells a name, and one that does if another follows.
        var (isName, mayBeName) = (false, false)
        func close() {
            defer { (run, isName, mayBeName) = (nil, false, false) }
            // Of a query that is a document the first will do.
            guard let run, isName, runs.count < Self.mostRuns else { return }
            let places = encoding.offsets.indices.filter {
                encoding.offsets[$0].lowerBound >= run.lowerBound && encoding.offsets[$0].upperBound <= run.upperBound
            }
            let tokens = places.map { encoding.ids[$0] }
            // What is longer is no name but data, in which its parts would be looked for everywhere.
            if tokens.count <= 128, tokens.count(where: tokenizer.ngrams.startsWord) > 1 { runs.append(tokens) }
        }
        for scalar in text.unicodeScalars {
            let end = position + UTF8.width(scalar)
            if scalar.properties.isWhitespace {
                close()
            } else if Self.isTelling(scalar) || scalar == "#" {
                run = (run?.lowerBound ?? position)..<end
                isName = isName || mayBeName || scalar.properties.numericType != nil || scalar == "#" || scalar == "+"
            } else if run != nil, !Self.joinsWords(scalar) {
                mayBeName = true
            }
            position = end
        }
        close()
        return runs
    }

    private static let mostRuns = 64

    /// Whether a character stands inside words of a language: apostrophes and dashes.
    private static func joinsWords(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "'" || scalar == "\u{2019}" || scalar.properties.generalCategory == .dashPunctuation
            || scalar.properties.generalCategory == .nonspacingMark
    }
}
