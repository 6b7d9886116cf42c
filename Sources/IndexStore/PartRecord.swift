import Search

/// What stands beside the segments of an index, as the manifest names it: the tokenizer, a generator, a query
/// encoder, docids, synthetic queries.
public struct PartRecord: Codable, Sendable, Equatable {
    /// Such as "generator", or "queries/labelled" for one of several of a kind.
    public var kind: ComponentID
    public var files: FolderRecord
    /// What the part says of itself; of a shape that ``IndexPart/Description`` knows.
    public var description: JSONTree

    package init(kind: ComponentID, files: FolderRecord, description: JSONTree) {
        (self.kind, self.files, self.description) = (kind, files, description)
    }

    /// What tells this part from every other.
    public var sha256: String { files.sha256 }
}

/// The passages of one segment, as the manifest names them.
public struct SegmentRecord: Codable, Sendable, Equatable {
    public var files: FolderRecord
    public var passages: Int
    /// Tokens of the n-gram index, passage ends included.
    public var tokens: Int

    package init(files: FolderRecord, passages: Int, tokens: Int) {
        (self.files, self.passages, self.tokens) = (files, passages, tokens)
    }
}
