/// Where the files of a published collection come from, and on what terms.
public struct CorpusOrigin: Sendable, Hashable {
    /// Where the files are described or had.
    public var address: String
    /// The licence or terms, in a line.
    public var terms: String

    public init(address: String, terms: String) { (self.address, self.terms) = (address, terms) }
}

/// What is published of a collection, to be held against what was read; what nobody published is nil or absent.
struct PublishedFigures: Sendable {
    struct Split: Sendable {
        /// Questions in the file, those with a judgement, and lines of judgements.
        var questions, judged, judgements: Int?

        init(_ questions: Int? = nil, judged: Int? = nil, judgements: Int? = nil) {
            (self.questions, self.judged, self.judgements) = (questions, judged, judgements)
        }
    }

    var passages: Int?
    /// By the name of the split.
    var splits: [String: Split] = [:]
    /// MD5 of files as they are published, by name.
    var checksums: [String: String] = [:]
}

/// A figure that is not what was published.
public struct CorpusDifference: Sendable, Hashable, CustomStringConvertible {
    /// What was counted, such as `passages`, or whose checksum it is.
    public var what: String
    public var published: String
    public var found: String

    public init(_ what: String, published: String, found: String) {
        (self.what, self.published, self.found) = (what, published, found)
    }

    public var description: String { "\(what): \(found) here, \(published) as published" }

    /// Nil where the two are equal or nothing was published.
    init?(_ what: String, published: Int?, found: Int) {
        guard let published, published != found else { return nil }
        self.init(what, published: "\(published)", found: "\(found)")
    }
}
