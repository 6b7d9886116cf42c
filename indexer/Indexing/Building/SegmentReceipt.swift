import Foundation
import IndexStore
import Storage

/// What a build by a plan says of itself when it is done: a line of JSON that its caller keeps.
public struct SegmentReceipt: Codable, Sendable, Equatable {
    /// The name that the caller gave it; several attempts at a segment have the same.
    public var segment: String
    /// Where its index is.
    public var path: String
    /// SHA-256 of its manifest, which has the digests of everything else.
    public var sha256: String
    public var passages: Int
    public var tokens: Int
    /// Lines of the corpus that gave no passage.
    public var badLines: Int
    public var bytes: Int

    /// The receipt of an index that stands somewhere.
    ///
    /// - Parameter segment: its name; nil: the folder's.
    public init(_ index: URL, segment: String? = nil) throws {
        let manifest = try IndexSnapshot.open(index).manifest
        self.segment = segment ?? index.lastPathComponent
        path = index.path
        sha256 = try Self.digest(path)
        (passages, tokens, badLines) = (manifest.passages, manifest.tokens, manifest.corpus.badLines)
        bytes = manifest.folders.flatMap(\.files).reduce(0) { $0 + $1.bytes }
    }

    private static func digest(_ index: String) throws -> String {
        let file = URL(filePath: index).appending(path: "manifest.json")
        do {
            return try Data(contentsOf: file).withUnsafeBytes { SHA256.hex(of: $0) }
        } catch {
            throw StorageError.io(path: file.path, reason: error.systemReason)
        }
    }

    /// - Throws: ``IndexingError/otherSegment(path:segment:)`` where another index stands where it was.
    public func check() throws {
        guard try Self.digest(path) == sha256 else { throw IndexingError.otherSegment(path: path, segment: segment) }
    }

    /// The receipts of folders, or those in a file of lines, in the order of the segments' names, one for each.
    ///
    /// Of several attempts the first is taken that is there; paths are as they stand, or beside the file.
    ///
    /// - Throws: ``IndexingError/badReceipt(path:line:)``; ``IndexingError/unlikeAttempts(segment:first:second:)`` where two
    ///   attempts at a segment were read from different passages.
    public static func read(_ names: [String]) throws -> [SegmentReceipt] {
        var receipts: [SegmentReceipt] = []
        for name in names {
            if IndexTransaction.isIndex(URL(filePath: name)) {
                receipts.append(try SegmentReceipt(URL(filePath: name)))
            } else {
                receipts += try lines(of: name)
            }
        }
        var chosen: [String: SegmentReceipt] = [:]
        for receipt in receipts {
            if let first = chosen[receipt.segment] {
                guard first.sha256 == receipt.sha256 else {
                    throw IndexingError.unlikeAttempts(
                        segment: receipt.segment, first: first.path, second: receipt.path)
                }
                if !FileManager.default.fileExists(atPath: first.path) { chosen[receipt.segment] = receipt }
            } else {
                chosen[receipt.segment] = receipt
            }
        }
        return chosen.values.sorted { $0.segment.utf8.lexicographicallyPrecedes($1.segment.utf8) }
    }

    private static func lines(of name: String) throws -> [SegmentReceipt] {
        let file = URL(filePath: name)
        let text: String
        do {
            text = try String(contentsOf: file, encoding: .utf8)
        } catch {
            throw StorageError.io(path: name, reason: error.systemReason)
        }
        return try text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
            number, line in
            guard !line.allSatisfy(\.isWhitespace) else { return nil }
            guard var receipt = try? JSONDecoder().decode(SegmentReceipt.self, from: Data(line.utf8)) else {
                throw IndexingError.badReceipt(path: name, line: number + 1)
            }
            if !receipt.path.hasPrefix("/") {
                receipt.path = file.deletingLastPathComponent().appending(path: receipt.path).path
            }
            return receipt
        }
    }
}
