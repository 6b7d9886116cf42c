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
                print(label.padding(toLength: 14, withPad: " ", startingAt: 0) + recipe.summary)
            }
        }
    }

    struct Make: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a corpus: a BEIR folder with passages, questions and judgements.")

        @Argument(help: "Which: \(CorpusRecipes.all.map { $0.name }.joined(separator: ", ")).") var name: String
        @Argument(help: "Files that it is made of, where it takes some.") var files: [String] = []
        @Option(name: .shortAndLong, help: "The folder (default: the corpus' name).") var output: String?
        @Option(help: "The most passages.") var limit: Int?
        @Option(help: "The most questions.") var questions = 200
        @Option(help: "The seed that chooses questions and passages.") var seed: UInt64 = 1

        func validate() throws {
            guard let recipe = CorpusRecipes.named(name) else {
                throw ValidationError("no corpus is called \"\(name)\"; \"genret corpus list\" names them")
            }
            guard recipe.takesFiles != files.isEmpty else {
                throw ValidationError("\(name) is made of \(recipe.takesFiles ? "files: name some" : "no files")")
            }
        }

        func run() throws {
            guard let recipe = CorpusRecipes.named(name) else { return }
            let folder = URL(filePath: output ?? name)
            let report = try recipe.make(
                .init(folder: folder, files: files, limit: limit, questions: questions, seed: seed))
            print(
                """
                \(folder.path): \(report.passages.grouped) passages, \(report.questions.grouped) questions, \
                \(report.judgements.grouped) judgements
                """)
            for note in report.notes { ErrorMessage.note(note) }
        }
    }
}
