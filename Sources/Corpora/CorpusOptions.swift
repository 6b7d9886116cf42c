/// How a corpus is read.
public struct CorpusOptions: Sendable, Hashable, Codable {
    /// Makes the first bad line an error instead of a counted line.
    public var strict = false
    /// Accepts passages that have a title but no text, as some BEIR collections do.
    public var allowTitleOnly = false
    /// The most words in a passage cut from a text file.
    public var passageWords = 120
    /// The words repeated from one passage to the next where a paragraph had to be cut.
    public var overlapWords = 20

    public init(
        strict: Bool = false, allowTitleOnly: Bool = false, passageWords: Int = 120,
        overlapWords: Int = 20
    ) {
        self.strict = strict
        self.allowTitleOnly = allowTitleOnly
        self.passageWords = passageWords
        self.overlapWords = overlapWords
    }

    func validate() throws(CorpusError) {
        guard passageWords >= 1 else {
            throw .option("the length of a passage is \(passageWords) words, expected 1 or more")
        }
        guard overlapWords >= 0, overlapWords < passageWords else {
            throw .option(
                "the overlap is \(overlapWords) words, expected 0 to \(passageWords - 1), "
                    + "less than the length of a passage")
        }
    }
}
