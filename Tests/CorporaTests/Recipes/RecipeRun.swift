import Corpora
import Foundation
import TestSupport
import Testing

/// A recipe at work in a folder of its own.
struct RecipeRun {
    let folder: TemporaryFolder
    let name: String

    init(_ name: String) throws { (folder, self.name) = (try TemporaryFolder(), name) }

    /// Makes a corpus of files of the folder, in `out`.
    @discardableResult
    func make(
        _ files: [String], limit: Int? = nil, questions: Int? = nil, split: String? = nil, isStrict: Bool = false
    ) throws -> CorpusRecipeReport {
        let recipe = try #require(CorpusRecipes.named(name))
        return try recipe.make(
            CorpusRequest(
                folder: URL(filePath: folder.path("out")), files: files.map(folder.path), limit: limit,
                questions: questions,
                split: split, isStrict: isStrict))
    }

    /// What a sentence of an error says; empty where there is none.
    func complaint(_ files: [String], limit: Int? = nil, split: String? = nil, isStrict: Bool = false) -> String {
        do {
            try make(files, limit: limit, split: split, isStrict: isStrict)
            return ""
        } catch {
            return "\(error)".replacing(folder.path + "/", with: "")
        }
    }

    func passages(_ place: String = "out") throws -> [Passage] {
        try readAll(folder.path(place), CorpusOptions(allowTitleOnly: true)).passages
    }

    func text(_ file: String) throws -> String {
        try String(contentsOfFile: folder.path("out/\(file)"), encoding: .utf8)
    }

    /// The lines of a file of judgements, without its header.
    func judgements(_ split: String = "test") throws -> [String] {
        try text("qrels/\(split).tsv").split(separator: "\n").dropFirst().map { String($0.replacing("\t", with: " ")) }
    }

    func questions(_ file: String = "queries.jsonl") throws -> [String] {
        try Queries.read(path: folder.path("out/\(file)")).map { "\($0.id) \($0.text)" }
    }

    /// Runs a command of the system in the folder.
    func shell(_ command: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", command]
        process.currentDirectoryURL = URL(filePath: folder.path)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command) failed")
    }
}
