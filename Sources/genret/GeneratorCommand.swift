import ArgumentParser
import Engine
import Indexer

struct GeneratorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generator", abstract: "The trained generator of an index.",
        subcommands: [Set.self, Remove.self])

    struct Set: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a trained generator into an index, in the place of one that it has.")

        @Argument(help: "The index.") var index: String
        @Argument(help: "The generator's folder: config.json and model.safetensors.") var folder: String

        func run() throws {
            let generator = try GeneratorInstall.install(folder, into: index)
            print(
                "\(index): a generator of \(generator.layers) layers for \(generator.tasks.joined(separator: ", "))")
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Take the trained generator out of an index.")

        @Argument(help: "The index.") var index: String

        func run() throws {
            let had = try GeneratorInstall.remove(from: index)
            print("\(index): \(had ? "the generator is gone" : "there was no generator")")
        }
    }
}
