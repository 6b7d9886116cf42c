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
            for container in containers { try container.verify() }
        } catch {
            throw .storage(error)
        }
    }

    /// The bytes of every file of the index and of its sections.
    public func spaceReport() -> [SpaceItem] {
        var items: [SpaceItem] = []
        for container in containers {
            let name = URL(filePath: container.path).lastPathComponent
            let sections = container.sections.sorted { $0.length > $1.length }
            let size = (try? FileManager.default.attributesOfItem(atPath: container.path)[.size] as? Int) ?? nil
            items.append(SpaceItem(name: name, bytes: size ?? 0, depth: 0))
            for section in sections {
                items.append(SpaceItem(name: "\(name)/\(section.name)", bytes: section.length, depth: 1))
            }
        }
        for name in [IndexLayout.tokenizer, IndexLayout.manifest] {
            let file = URL(filePath: path).appending(path: name).path
            let size = (try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int) ?? nil
            items.append(SpaceItem(name: name, bytes: size ?? 0, depth: 0))
        }
        return items
    }
}
