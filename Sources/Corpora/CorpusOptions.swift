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
    /// Patterns of files of a folder that are read beside those that are read anyway, as text where
    /// their names do not say otherwise.
    public var include: [String] = []
    /// Patterns of files and folders that are left out.
    public var exclude: [String] = []
    /// Follows links that lead out of a folder.
    public var followLinks = false
    /// Leaves out what the `.gitignore` files of a folder leave out, and git's own folders.
    public var obeysIgnoreFiles = false

    public init(
        strict: Bool = false, allowTitleOnly: Bool = false, passageWords: Int = 120,
        overlapWords: Int = 20, include: [String] = [], exclude: [String] = [], followLinks: Bool = false
    ) {
        self.strict = strict
        self.allowTitleOnly = allowTitleOnly
        self.passageWords = passageWords
        self.overlapWords = overlapWords
        self.include = include
        self.exclude = exclude
        self.followLinks = followLinks
    }

    /// Reads options that were stored before some of them were there, too.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        strict = try values.decode(Bool.self, forKey: .strict)
        allowTitleOnly = try values.decode(Bool.self, forKey: .allowTitleOnly)
        passageWords = try values.decode(Int.self, forKey: .passageWords)
        overlapWords = try values.decode(Int.self, forKey: .overlapWords)
        include = try values.decodeIfPresent([String].self, forKey: .include) ?? []
        exclude = try values.decodeIfPresent([String].self, forKey: .exclude) ?? []
        followLinks = try values.decodeIfPresent(Bool.self, forKey: .followLinks) ?? false
        obeysIgnoreFiles = try values.decodeIfPresent(Bool.self, forKey: .obeysIgnoreFiles) ?? false
    }

    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(strict, forKey: .strict)
        try values.encode(allowTitleOnly, forKey: .allowTitleOnly)
        try values.encode(passageWords, forKey: .passageWords)
        try values.encode(overlapWords, forKey: .overlapWords)
        try values.encode(include, forKey: .include)
        try values.encode(exclude, forKey: .exclude)
        try values.encode(followLinks, forKey: .followLinks)
        // Only where it says something, so that what was written before it was there stays the same.
        if obeysIgnoreFiles { try values.encode(true, forKey: .obeysIgnoreFiles) }
    }

    private enum CodingKeys: String, CodingKey {
        case strict, allowTitleOnly, passageWords, overlapWords, include, exclude, followLinks, obeysIgnoreFiles
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
