import Foundation

/// Finds the file that is meant where a BEIR folder is given.
enum FolderMember {
    static func resolve(_ path: String, member: String) throws(CorpusError) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw .notFound(path: path)
        }
        guard isFolder.boolValue else { return path }
        for suffix in CorpusLayout.compressedSuffixes {
            let candidate = "\(path)/\(member)\(suffix)"
            if FileManager.default.fileExists(atPath: candidate) { return candidate }
        }
        throw .unrecognised(path: path, reason: "the folder has no \(member)")
    }
}
