import Engine
import Foundation
import IndexStore
import Search
import Storage

/// The keys of cells and builds: SHA-256 of all that decides a result, written as JSON with sorted members.
///
/// The machine is not in them, nor the folder, nor anything that only decides how fast a result comes.
enum CellKey {
    /// Raised where the same options give other results than before, or cells have other contents.
    static let version = 1

    static func hex(_ members: [String: JSONTree]) throws -> String {
        var hash = SHA256()
        let bytes = try JSONTree.bytes(of: JSONTree.object(members))
        hash.update(Array(bytes))
        return hash.hex()
    }

    /// What all cells of a study share.
    static func base(_ census: CorpusCensus, models: [String: String]) -> [String: JSONTree] {
        [
            "cell": .integer(Int64(version)), "format": .integer(Int64(IndexManifest.currentFormat)),
            "corpus": .string(census.sha256), "queries": .string(census.input.digest),
            "models": .object(models.mapValues { .string($0) }),
        ]
    }
}
