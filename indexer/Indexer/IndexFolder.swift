import Engine
import Foundation

/// What of a folder is an index: genret replaces no folder that is none, and removes no file that it did
/// not write.
enum IndexFolder {
    /// The members of a manifest that only an index has, of any format.
    private struct Marker: Decodable {
        var format: Int
        var genret: String
        var passages: Int
    }

    /// Whether a folder holds an index, whole or damaged.
    static func isIndex(_ folder: URL) -> Bool {
        guard let data = try? Data(contentsOf: folder.appending(path: IndexLayout.manifest)) else { return false }
        return (try? JSONDecoder().decode(Marker.self, from: data)) != nil
    }

    /// The folders of an index with what is in each; segments have a pattern of their own.
    private static let folders: [String: Set<String>] = [
        IndexLayout.generator: Set(IndexLayout.generatorFiles),
        IndexLayout.queryEncoder: Set(IndexLayout.queryEncoderFiles),
        IndexLayout.trainedDocids: Set(
            IndexLayout.docidFiles + [IndexLayout.entries, IndexLayout.trainedEntries, IndexLayout.sequences]),
    ]

    private static let segmentFiles: Set<String> = [
        IndexLayout.passages, IndexLayout.ngrams, IndexLayout.terms, IndexLayout.vectors, IndexLayout.docids,
    ]

    private static func isSegment(_ name: String) -> Bool {
        let digits = name.dropFirst("segment-".count)
        return name.hasPrefix("segment-") && digits.count >= 4 && digits.allSatisfy { $0.isASCII && $0.isNumber }
    }

    private static func isFolder(_ name: String) -> Bool {
        isSegment(name) || name == IndexLayout.queries || folders[name] != nil
    }

    /// What a killed change of an index leaves in it.
    private static func isStaging(_ name: String) -> Bool { name.hasPrefix(".") && name.contains(".partial-") }

    private static func isOwn(_ name: String, in folder: String) -> Bool {
        if isSegment(folder) { return segmentFiles.contains(name) }
        if folder == IndexLayout.queries { return name.hasSuffix(".gnr") || isStaging(name) }
        return folders[folder]?.contains(name) ?? false
    }

    private static func contents(_ folder: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    /// A real folder: what is behind a link is not the index's.
    private static func isRealFolder(_ url: URL) -> Bool {
        (try? FileManager.default.attributesOfItem(atPath: url.path)[.type] as? FileAttributeType) == .typeDirectory
    }

    /// Files in an index's folders that no index has, by their paths in it.
    static func strangers(in index: URL) -> [String] {
        contents(index).filter { isFolder($0) && isRealFolder(index.appending(path: $0)) }.flatMap { folder in
            contents(index.appending(path: folder)).filter { !isOwn($0, in: folder) }.map { "\(folder)/\($0)" }
        }
    }

    /// Moves what is not an index's beside its files into the folder of another.
    static func carryOver(from old: URL, to new: URL) {
        for name in contents(old)
        where name != IndexLayout.manifest && name != IndexLayout.tokenizer && !isFolder(name) && !isStaging(name) {
            // A rename, which never replaces: names of an index are not among these.
            try? FileManager.default.moveItem(at: old.appending(path: name), to: new.appending(path: name))
        }
    }

    /// Removes the files of an index, and folders that are empty then; all else stays.
    static func removeFiles(of index: URL) {
        let manager = FileManager.default
        for name in contents(index) {
            let url = index.appending(path: name)
            if name == IndexLayout.manifest || name == IndexLayout.tokenizer || isStaging(name) {
                try? manager.removeItem(at: url)
            } else if isFolder(name), isRealFolder(url) {
                for file in contents(url) where isOwn(file, in: name) {
                    try? manager.removeItem(at: url.appending(path: file))
                }
                rmdir(url.path)
            }
        }
        rmdir(index.path)
    }
}
