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
            print("debian  the packages of this machine's apt lists, with questions from their debtags")
        }
    }

    struct Make: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a corpus: a BEIR folder with passages, questions and judgements.")

        @Argument(help: "Which: debian.") var name: String
        @Option(name: .shortAndLong, help: "The folder (default: the corpus' name).") var output: String?
        @Option(help: "The most passages.") var limit: Int?
        @Option(help: "The most questions.") var questions = 200
        @Option(help: "The seed that chooses questions and passages.") var seed: UInt64 = 1

        func validate() throws {
            guard name == "debian" else {
                throw ValidationError("no corpus is called \"\(name)\"; \"genret corpus list\" names them")
            }
        }

        func run() throws {
            let folder = URL(filePath: output ?? name)
            let report = try DebianCorpus.make(
                into: folder, limit: limit, questionCount: questions, seed: seed)
            print(
                """
                \(folder.path): \(report.passages.grouped) of \(report.packages.grouped) packages \
                (\(report.longDescriptions.grouped) with a long description), \
                \(report.questions) questions, \(report.judgements.grouped) judgements
                """)
        }
    }
}
