import Foundation
import IndexStore
import Search
import Storage

/// Where the bytes of an index are.
public struct SpaceReport: Sendable {
    public struct Item: Sendable, Codable, Equatable {
        /// The file, or the file and a section: "ngrams.gnr", "ngrams.gnr/fm.bwt", "generator/model.safetensors".
        public var name: String
        public var bytes: Int
        /// 0 for files, 1 for their sections.
        public var depth: Int
    }

    /// Files of segments with their sections, summed over the segments; then parts; then the manifest.
    public let items: [Item]

    public var total: Int { items.filter { $0.depth == 0 }.reduce(0) { $0 + $1.bytes } }

    /// - Throws: `StorageError` where a file of a segment is no container.
    public init(_ snapshot: IndexSnapshot) throws {
        var items: [Item] = []
        let segments = snapshot.segments
        for name in Set(segments.flatMap(\.record.filesInUse).map(\.name)).sorted() {
            var lengths: [String: Int] = [:]
            for segment in segments where segment.record.filesInUse.contains(where: { $0.name == name }) {
                for section in try segment.sections(of: name) {
                    lengths[section.name, default: 0] += section.length
                }
            }
            let bytes = segments.flatMap(\.record.filesInUse).filter { $0.name == name }
            items.append(Item(name: name, bytes: bytes.reduce(0) { $0 + $1.bytes }, depth: 0))
            for (section, length) in lengths.sorted(by: { ($0.value, $1.key) > ($1.value, $0.key) }) {
                items.append(Item(name: "\(name)/\(section)", bytes: length, depth: 1))
            }
        }
        let replaced = segments.flatMap(\.record.replacedFiles)
        if !replaced.isEmpty {
            items.append(Item(name: "replaced files", bytes: replaced.reduce(0) { $0 + $1.bytes }, depth: 0))
        }
        let deleted = snapshot.manifest.segments.compactMap(\.deleted).flatMap(\.files.files)
        if !deleted.isEmpty {
            items.append(Item(name: "deleted passages", bytes: deleted.reduce(0) { $0 + $1.bytes }, depth: 0))
        }
        for part in snapshot.manifest.parts {
            for file in part.files.files {
                items.append(Item(name: "\(part.kind)/\(file.name)", bytes: file.bytes, depth: 0))
            }
        }
        let manifest = try FileRecord(of: snapshot.root.appending(path: "manifest.json").path)
        self.items = items + [Item(name: manifest.name, bytes: manifest.bytes, depth: 0)]
    }
}

extension IndexReader {
    /// Reads every file of the index and checks every byte.
    ///
    /// - Parameter isDeep: also opens every structure and looks whether they belong together: ids, counts, marks, and what
    ///   is deleted.
    /// - Throws: what is wrong with the first that is.
    public func verify(isDeep: Bool = false) throws {
        for segment in snapshot.segments { try segment.verify() }
        for part in manifest.parts { try snapshot.folder(of: part.kind)?.verify() }
        _ = try value(IndexTokenizer.self)
        if isDeep { try IndexVerification(self).run() }
    }
}
