import Foundation

/// A file that a recipe was given: by itself, in a folder or in an archive.
struct RecipeInput: Sendable {
    /// The name within what was given, with slashes; without `.gz` and the like.
    let name: String
    let file: InputFile
    /// Whether it is in an archive.
    var isPacked = false

    /// The name without folders.
    var base: String { String(name.split(separator: "/").last ?? "") }

    /// The folder that it is in; empty where it is in none.
    var folder: String { name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "" }

    /// The files that arguments lead to: each itself, all of a folder, all of a zip or (compressed) tar.
    ///
    /// Hidden files, which archives of some systems are full of, are left out, and with them names that lead out of an archive. Files of a folder come in the order of their
    /// names, and what they are called begins with the folder's own name.
    static func find(_ arguments: [String], for recipe: String) throws(CorpusError) -> [RecipeInput] {
        guard !arguments.isEmpty else {
            throw .option("\(recipe) is made of files: name some, or a folder or archive with them")
        }
        var inputs: [RecipeInput] = []
        for argument in arguments {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder) else {
                throw .notFound(path: argument)
            }
            guard isFolder.boolValue else {
                try add(argument, as: URL(filePath: argument).lastPathComponent, to: &inputs)
                continue
            }
            let name = URL(filePath: argument).standardizedFileURL.lastPathComponent
            guard let walk = FileManager.default.enumerator(atPath: argument) else {
                throw .unreadable(path: argument, reason: "the folder cannot be listed")
            }
            for path in walk.compactMap({ $0 as? String }).sorted() where !isHidden(path) {
                let full = "\(argument)/\(path)"
                guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder), !isFolder.boolValue else {
                    continue
                }
                try add(full, as: "\(name)/\(path)", to: &inputs)
            }
        }
        return inputs
    }

    private static func add(_ path: String, as name: String, to inputs: inout [RecipeInput]) throws(CorpusError) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, reason: "it is no file; recipes read their files more than once")
        }
        guard let members = try ArchiveMember.list(path) else {
            inputs.append(RecipeInput(name: stripped(name), file: InputFile(path: path)))
            return
        }
        for member in members where !isHidden(member.name) {
            let own = member.name.split(separator: "/").drop { $0 == "." }.joined(separator: "/")
            inputs.append(RecipeInput(name: stripped(own), file: InputFile(member: member, of: path), isPacked: true))
        }
    }

    private static func isHidden(_ path: String) -> Bool {
        path.split(separator: "/").contains { ($0.hasPrefix(".") && $0 != ".") || $0 == "__MACOSX" }
    }

    private static func stripped(_ name: String) -> String {
        for suffix in CorpusLayout.compressedSuffixes where !suffix.isEmpty && name.hasSuffix(suffix) {
            return String(name.dropLast(suffix.count))
        }
        return name
    }
}
