import Foundation
import Storage

extension Engine {
    /// The bytes of one part of an index.
    public struct SpaceItem: Sendable, Codable, Equatable {
        /// The file, or the file and a section: "ngrams.gnr", "ngrams.gnr/fm.bwt".
        public var name: String
        public var bytes: Int
        /// 0 for files, 1 for their sections.
        public var depth: Int
    }

    /// Reads every file of the index and checks every section's checksum, also of those files that are
    /// too large to be checked at every opening.
    public func verify() throws(EngineError) {
        do throws(StorageError) {
            for container in stored.flatMap(\.containers) { try container.verify() }
        } catch {
            throw .storage(error)
        }
        try generator?.verify()
        try queries.trained?.verify()
        if let docids = manifest.docids {
            try StoredTrainedDocids.verified(
                URL(filePath: path).appending(path: IndexLayout.trainedDocids), docids,
                passages: manifest.passages)
        }
        for queries in manifest.queries ?? [] { _ = try passageQueries(queries.maker) }
    }

    /// The bytes of every file of the index and of its sections, summed over the segments.
    public func spaceReport() -> [SpaceItem] {
        var items: [SpaceItem] = []
        // All segments have the same files in the same order.
        for file in stored[0].containers.indices {
            let containers = stored.map { $0.containers[file] }
            let name = URL(filePath: containers[0].path).lastPathComponent
            var lengths: [String: Int] = [:]
            for section in containers.flatMap(\.sections) { lengths[section.name, default: 0] += section.length }
            items.append(SpaceItem(name: name, bytes: containers.reduce(0) { $0 + Self.size($1.path) }, depth: 0))
            for (section, length) in lengths.sorted(by: { ($0.value, $1.key) > ($1.value, $0.key) }) {
                items.append(SpaceItem(name: "\(name)/\(section)", bytes: length, depth: 1))
            }
        }
        func files(_ isThere: Bool, _ folder: String, _ names: [String]) -> [String] {
            isThere ? names.map { "\(folder)/\($0)" } : []
        }
        let models =
            files(manifest.generator != nil, IndexLayout.generator, IndexLayout.generatorFiles)
            + files(manifest.queryEncoder != nil, IndexLayout.queryEncoder, IndexLayout.queryEncoderFiles)
            + files(
                manifest.docids != nil, IndexLayout.trainedDocids,
                IndexLayout.docidFiles + (manifest.docids.map { [IndexLayout.docidFile($0.scheme)] } ?? []))
        for queries in manifest.queries ?? [] {
            let name = IndexLayout.queries(queries.maker)
            items.append(SpaceItem(name: name, bytes: Self.size(queryFile(queries.maker)), depth: 0))
        }
        for name in models + [IndexLayout.tokenizer, IndexLayout.manifest] {
            let file = URL(filePath: path).appending(path: name).path
            items.append(SpaceItem(name: name, bytes: Self.size(file), depth: 0))
        }
        return items
    }

    private static func size(_ file: String) -> Int {
        let size = try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        return size ?? 0
    }
}
