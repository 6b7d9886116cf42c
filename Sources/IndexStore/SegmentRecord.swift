/// The passages of one segment, as the manifest names them.
public struct SegmentRecord: Codable, Sendable, Equatable {
    public var files: FolderRecord
    /// The passages in its files, also those that are deleted.
    public var passages: Int
    /// Tokens of the n-gram index, passage ends included; also those of deleted passages.
    public var tokens: Int
    /// Components that were made anew and stand in for the files of the same names, which stay until the segment is written anew; nil
    /// where there are none.
    public var renewed: FolderRecord?
    /// The passages that are in its files and not in the index any more; nil where there are none.
    public var deleted: DeletedRecord?
    /// When its passages came, where that was not all with the index's first generation.
    public var ages: [Age]?

    /// How many of a segment's passages came with one generation of the index.
    public struct Age: Codable, Sendable, Equatable {
        public var generation: Int
        public var passages: Int

        package init(generation: Int, passages: Int) { (self.generation, self.passages) = (generation, passages) }
    }

    package init(files: FolderRecord, passages: Int, tokens: Int) {
        (self.files, self.passages, self.tokens) = (files, passages, tokens)
    }

    /// The files that are read: renewed ones, and those of its own that none stands in for.
    public var filesInUse: [FileRecord] {
        guard let renewed else { return files.files }
        return renewed.files + files.files.filter { !renewed.contains($0.name) }
    }

    /// The files of its own that renewed ones stand in for.
    public var replacedFiles: [FileRecord] { files.files.filter { renewed?.contains($0.name) ?? false } }

    /// Its folders.
    var folders: [FolderRecord] { [files] + [renewed, deleted?.files].compactMap(\.self) }

    var counted: PartRecord.CountedSegment { .init(folder: files.folder, passages: passages) }

    /// How many of its passages came after a generation and are still there; where some of them are deleted, no one
    /// remembers which, and these are taken to be the older ones.
    func living(after generation: Int) -> Int {
        min(living, (ages ?? []).reduce(0) { $0 + ($1.generation > generation ? $1.passages : 0) })
    }

    /// Passages that a search may find.
    public var living: Int { passages - (deleted?.passages ?? 0) }
}

/// The deleted passages of a segment: which they are, and what they take away from its statistics.
public struct DeletedRecord: Codable, Sendable, Equatable {
    public var files: FolderRecord
    public var passages: Int
    public var tokens: Int

    package init(files: FolderRecord, passages: Int, tokens: Int) {
        (self.files, self.passages, self.tokens) = (files, passages, tokens)
    }
}
