import ArgumentParser
import Corpora
import Foundation

struct CorpusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "corpus", abstract: "Corpora that can be made on this machine.",
        subcommands: [List.self, Make.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the corpora that can be made.")

        func run() throws {
            for recipe in CorpusRecipes.all {
                let label = recipe.name + (recipe.takesFiles ? " FILES" : "")
                print(label.padding(toLength: 23, withPad: " ", startingAt: 0) + recipe.summary)
            }
        }
    }

    struct Make: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a corpus: a BEIR folder with passages, questions and judgements.")

        @Argument(help: "Which: \(CorpusRecipes.all.map { $0.name }.joined(separator: ", ")).") var name: String
        @Argument(
            help:
                "Files that it is made of, where it takes some; of published ones folders and archives (zip, tar, tar.gz), too."
        )
        var files: [String] = []
        @Option(name: .shortAndLong, help: "The folder (default: the corpus' name).") var output: String?
        @Option(help: "The most passages.") var limit: Int?
        @Option(help: "The most questions (default: 200, or all that are published).") var questions: Int?
        @Option(help: "The seed that chooses questions and passages.") var seed: UInt64 = 1
        @Option(help: "Which published questions to evaluate with (default: test, else dev).") var split: String?
        @Flag(help: "Make nothing where a count or checksum is not the published one.") var strict = false

        func validate() throws {
            guard let recipe = CorpusRecipes.named(name) else {
                throw ValidationError("no corpus is called \"\(name)\"; \"genret corpus list\" names them")
            }
            guard recipe.takesFiles != files.isEmpty else {
                throw ValidationError("\(name) is made of \(recipe.takesFiles ? "files: name some" : "no files")")
            }
            guard recipe.origin != nil || (split == nil && !strict) else {
                throw ValidationError("\(name) is no published collection; --split and --strict are for those")
            }
        }

        func run() throws {
            guard let recipe = CorpusRecipes.named(name) else { return }
            let folder = URL(filePath: output ?? name)
            let report = try recipe.make(
                .init(
                    folder: folder, files: files, limit: limit, questions: questions, seed: seed, split: split,
                    isStrict: strict))
            print(
                """
                \(folder.path): \(report.passages.grouped) passages, \(report.questions.grouped) questions, \
                \(report.judgements.grouped) judgements
                """)
            if let origin = recipe.origin {
                ErrorMessage.note("the files come from \(origin.address)")
                ErrorMessage.note("licence and terms: \(origin.terms)")
            }
            for note in report.notes { ErrorMessage.note(note) }
            for difference in report.differences { ErrorMessage.note("warning: not as published: \(difference)") }
        }
    }
}
