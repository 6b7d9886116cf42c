import Corpora
import Foundation
import IndexStore
import Search
import Storage

/// Which files of a folder an index holds, and what they held when they were read: what "genret sync" compares the folder
/// with.
public struct FolderPart: IndexPart {
    public static let kind: ComponentID = "folder"
    public static let fileName = "files.gnr"
    package static let fileKind = "folder-files"

    public struct Description: Codable, Sendable, Equatable {
        public var files: Int
        /// The passages that came from them.
        public var passages: Int
        /// How the folder was read.
        public var options: CorpusOptions
        /// What the index held besides: `IndexManifest/contentDigest`; another digest means that somebody else changed
        /// its passages.
        public var content: String

        package init(files: [FolderFile], options: CorpusOptions, content: String) {
            self.files = files.count
            passages = files.reduce(0) { $0 + $1.passages.count }
            (self.options, self.content) = (options, content)
        }
    }

    /// In the order of the bytes of their names.
    package let files: [FolderFile]
    public let description: Description

    /// - Throws: `StorageError` where the file is damaged or is not what the manifest says.
    public init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        let container = try Container(path: folder.path(Self.fileName), kind: Self.fileKind)
        files = try FolderFile.read(container)
        description = try folder.record.description.decoded(as: Description.self)
        let passages = files.reduce(0) { $0 + $1.passages.count }
        guard files.count == description.files, passages == description.passages else {
            throw StorageError.damaged(
                path: container.path,
                what: "it has \(files.count) files with \(passages) passages, the manifest says otherwise")
        }
    }
}

extension IndexManifest {
    /// What tells which passages the index holds: a digest over the names of its segments, and of what is deleted of them.
    package var contentDigest: String {
        var hash = SHA256()
        for segment in segments { hash.update("\(segment.files.folder)\t\(segment.deleted?.files.folder ?? "")\n") }
        return hash.hex()
    }

    /// The same of an index whose passages changed since it was built: what it was built of does not tell any more which
    /// they are. Nil where they did not.
    package var changeDigest: String? {
        hasMoved ? contentDigest : nil
    }
}

extension IndexReader {
    /// What the index remembers of a folder; nil where it was never made to follow one.
    package func folder() throws -> FolderPart? { try snapshot.part(FolderPart.self, in: environment()) }
}
