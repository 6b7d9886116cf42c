import Foundation
import Search
import Storage

/// The file that makes a folder an index: the one that is replaced to publish a change.
enum ManifestFile {
    static let name = "manifest.json"
    /// The name under which a new one is written first.
    static let temporary = ".manifest.json.partial"

    /// The manifest of the index in a folder, and its bytes.
    ///
    /// - Throws: ``StorageError`` when there is none, or one of another format, or it is damaged.
    static func read(_ index: URL) throws(StorageError) -> (manifest: IndexManifest, bytes: Data) {
        let file = index.appending(path: name)
        let bytes: Data
        do {
            bytes = try Data(contentsOf: file)
        } catch {
            guard access(file.path, F_OK) != 0 else { throw .io(path: file.path, reason: error.systemReason) }
            throw .noIndex(path: index.path, reason: "no readable \(name)")
        }
        return (try decode(bytes, at: index), bytes)
    }

    /// Whether a folder has a manifest, of whatever format: with members that only an index has.
    static func isThere(_ index: URL) -> Bool {
        struct Marker: Decodable {
            var format: Int
            var genret: String
            var passages: Int
        }
        guard let bytes = try? Data(contentsOf: index.appending(path: name)) else { return false }
        return (try? JSONDecoder().decode(Marker.self, from: bytes)) != nil
    }

    private static func decode(_ bytes: Data, at index: URL) throws(StorageError) -> IndexManifest {
        struct Version: Decodable { var format: Int }
        let path = index.appending(path: name).path
        guard let format = (try? JSONDecoder().decode(Version.self, from: bytes))?.format else {
            throw .damaged(path: path, what: "it is not the JSON that genret writes")
        }
        guard IndexManifest.supportedFormats.contains(format) else {
            throw .unsupportedFormat(path: index.path, found: format, supported: IndexManifest.supportedFormats)
        }
        do {
            let manifest =
                format == 2
                ? try ManifestFormat2(JSONDecoder().decode(JSONTree.self, from: bytes), root: index).converted()
                : try JSONDecoder().decode(IndexManifest.self, from: bytes)
            if let fault = fault(of: manifest) { throw StorageError.damaged(path: path, what: fault) }
            return manifest
        } catch let error as StorageError {
            throw error
        } catch {
            throw .damaged(path: path, what: "it is not the JSON that genret writes")
        }
    }

    /// What a manifest may not say, whoever wrote it: paths must stay in the index's folder.
    private static func fault(of manifest: IndexManifest) -> String? {
        guard !manifest.segments.isEmpty else { return "it names no segment" }
        let segments = manifest.segments.map(\.files.folder)
        guard Set(segments).count == segments.count else { return "it names a segment twice" }
        for folder in manifest.folders {
            for name in [folder.folder] + folder.files.map(\.name)
            where name.isEmpty || name.contains("/") || name.contains("\0") || name == ".."
                || (name == "." && name != folder.folder)
            {
                return "\"\(name)\" is no name of a file of an index"
            }
        }
        return hasPossibleCounts(manifest) ? nil : "its counts are impossible"
    }

    private static func hasPossibleCounts(_ manifest: IndexManifest) -> Bool {
        let (most, mostTokens) = (Int(Int32.max), 1 << 48)
        var passages = 0
        for segment in manifest.segments {
            guard (0...most).contains(segment.passages), (0...mostTokens).contains(segment.tokens) else { return false }
            passages += segment.passages
            guard passages <= most else { return false }
            guard (segment.ages ?? []).allSatisfy({ (0...segment.passages).contains($0.passages) }) else {
                return false
            }
            guard let deleted = segment.deleted else { continue }
            guard (0...segment.passages).contains(deleted.passages), (0...mostTokens).contains(deleted.tokens) else {
                return false
            }
        }
        for segments in manifest.parts.compactMap(\.segments) {
            var counted = 0
            for segment in segments {
                guard (0...most).contains(segment.passages) else { return false }
                counted += segment.passages
                guard counted <= most else { return false }
            }
        }
        return true
    }
}
