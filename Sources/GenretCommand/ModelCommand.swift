import ArgumentParser
import Foundation
import Transformers

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Fetch, look into, check and run the models on this machine.",
        subcommands: [
            List.self, Fetch.self, ModelInspectCommand.self, ModelVerifyCommand.self, ModelRunCommand.self,
            ModelAddCommand.self, Remove.self,
        ])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the known models and those that are installed.")

        func run() throws {
            let cache = ModelCache.standard
            let installed = cache.list()
            print("cache: \(cache.directory.path)")
            if let shipped = cache.shipped { print("with genret: \(shipped.path)") }
            for model in KnownModel.all where !installed.contains(where: { $0.name == model.name }) {
                print("  \(model.name)  not installed, \(model.byteCount.asBytes)  \(model.summary) (\(model.licence))")
            }
            for entry in installed {
                let note =
                    entry.known.map { "\($0.summary) (\($0.licence))" }
                    ?? (entry.name == GeneratorConfiguration.general
                        ? "genret's own generator and reranking head (CC BY-SA 4.0)" : "added by hand")
                print("  \(entry.name)  \(entry.byteCount.asBytes)  \(note)")
            }
        }
    }

    struct Fetch: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring a model to this machine; every file is checked against its pinned digest.")

        @Argument(help: "The model.") var name = KnownModel.defaultEncoder

        func run() throws {
            let folder = try ModelCache.standard.fetch(name) { ErrorMessage.note("\($0)") }
            print("\(name): \(folder.path)")
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a model out of the cache; a folder that was linked stays.")

        @Argument(help: "The model.") var name: String

        func run() throws {
            try ModelCache.standard.remove(name)
            print("\(name): removed")
        }
    }
}
