import Search

/// What stands beside the segments of an index, as the manifest names it: the tokenizer, a generator, a query
/// encoder, docids, synthetic queries.
public struct PartRecord: Codable, Sendable, Equatable {
    /// Such as "generator", or "queries/labelled" for one of several of a kind.
    public var kind: ComponentID
    public var files: FolderRecord
    /// What the part says of itself; of a shape that ``IndexPart/Description`` knows.
    public var description: JSONTree
    /// The generation that it came with; nil where the index was not changed since.
    public var generation: Int?
    /// How many passages the index had then; nil where nobody noted it.
    public var passages: Int?
    /// The segments, in order, whose passages the part counts; nil where they are the index's.
    public var segments: [CountedSegment]?

    /// A segment as it was when a part was made.
    public struct CountedSegment: Codable, Sendable, Equatable {
        public var folder: String
        public var passages: Int
    }

    package init(kind: ComponentID, files: FolderRecord, description: JSONTree) {
        (self.kind, self.files, self.description) = (kind, files, description)
    }

    /// What tells this part from every other.
    public var sha256: String { files.sha256 }
}
