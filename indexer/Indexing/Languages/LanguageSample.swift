import Corpora
import Engine
import Memory

extension IndexBuilder {
    /// The language of the corpus, judged from passages that are drawn from its beginning.
    ///
    /// - Throws: `CorpusError` when the corpus cannot be read.
    public func language() throws -> TextLanguage {
        var random = SeededGenerator(seed: options.seed)
        var sample: [String] = []
        var count = 0
        // A bad line is the build's to report.
        var reader = try openCorpus(isStrict: false)
        while reader.report.bytesRead < Self.languageBytes || count < Self.languageSample,
            let passage = try reader.next()
        {
            count += 1
            // A reservoir: every passage is in the sample with the same probability.
            let place = count <= Self.languageSample ? count - 1 : Int.random(in: 0..<count, using: &random)
            let text = passage.title + " " + passage.text
            if place == sample.count {
                sample.append(text)
            } else if place < sample.count {
                sample[place] = text
            }
        }
        return TextLanguage(of: sample)
    }

    /// Passages that are looked at, and bytes that they are drawn from.
    private static let languageSample = 200
    private static let languageBytes = 8 << 20
}
