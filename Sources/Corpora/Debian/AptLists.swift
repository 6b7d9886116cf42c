import Foundation

/// The files among apt's lists that describe packages.
struct AptLists {
    /// Lists of packages, by name.
    let packages: [URL]
    /// Lists of English long descriptions, by name; often not installed.
    let translations: [URL]

    init(folder: URL) throws(CorpusError) {
        guard FileManager.default.fileExists(atPath: folder.path) else {
            throw .unrecognised(
                path: folder.path,
                reason: "there is no such folder; the Debian corpus is made from apt's package lists, "
                    + "which only Debian and its relatives have")
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
            throw .unreadable(path: folder.path, reason: "the folder cannot be listed")
        }
        func files(_ isWanted: (Substring) -> Bool) -> [URL] {
            names.filter { name in
                let stem = Self.endings.first { name.hasSuffix($0) }.map { name.dropLast($0.count) }
                return isWanted(stem ?? Substring(name))
            }.sorted().map { folder.appendingPathComponent($0) }
        }
        packages = files { $0.hasSuffix("_Packages") }
        translations = files { name in
            ["_i18n_Translation-en", "_Translation-en"].contains { name.hasSuffix($0) }
        }
        guard !packages.isEmpty else {
            throw .unrecognised(
                path: folder.path,
                reason: "no package lists (files that end in _Packages); apt-get update fetches them")
        }
    }

    private static let endings = [".lz4", ".xz", ".gz", ".zst", ".bz2"]
}
