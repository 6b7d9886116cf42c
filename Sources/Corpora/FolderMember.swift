import Foundation

/// Finds the file that is meant where a BEIR folder or standard input is given.
enum FolderMember {
    static func resolve(_ path: String, member: String) throws(CorpusError) -> String {
        if let input = standardInput(for: path) { return input }
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

    /// What to open for `-`, by which programs mean standard input; nil for every other path.
    static func standardInput(for path: String) -> String? { path == "-" ? "/dev/stdin" : nil }
}
