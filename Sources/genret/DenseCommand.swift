import ArgumentParser
import Indexer

struct DenseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dense", abstract: "The trained query encoder of an index.",
        subcommands: [Set.self, Remove.self])

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a trained query encoder into an index, in the place of one that it has.",
            discussion: """
                Dense search and docids then use its vectors of queries. Passages keep their vectors, and the \
                trained generator of n-grams reads what it was trained on.
                """)

        @Argument(help: "The index.") var index: String
        @Argument(help: "The query encoder's folder: config.json and model.safetensors.") var folder: String

        func run() throws {
            let encoder = try QueryEncoderInstall.install(folder, into: index)
            print("\(index): queries by a trained encoder, sha256 \(encoder.sha256.prefix(16))")
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take the trained query encoder out of an index.")

        @Argument(help: "The index.") var index: String

        func run() throws {
            let had = try QueryEncoderInstall.remove(from: index)
            print("\(index): \(had ? "the query encoder is gone" : "there was no query encoder")")
        }
    }
}
