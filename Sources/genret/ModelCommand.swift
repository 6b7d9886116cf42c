import ArgumentParser
import Foundation
import Transformers

struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Fetch, check and list the models on this machine.",
        subcommands: [List.self, Fetch.self, Verify.self, Add.self, Remove.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the known models and those that are installed.")

        func run() throws {
            let cache = ModelCache.standard
            let installed = cache.list()
            print("cache: \(cache.directory.path)")
            for model in KnownModel.all where !installed.contains(where: { $0.name == model.name }) {
                print("  \(model.name)  not installed, \(model.byteCount.asBytes)  \(model.summary) (\(model.licence))")
            }
            for entry in installed {
                let note = entry.known.map { "\($0.summary) (\($0.licence))" } ?? "added by hand"
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

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check an installed model against its pinned digests.")

        @Argument(help: "The model.") var name = KnownModel.defaultEncoder

        func run() throws {
            try ModelCache.standard.verify(name)
            print("\(name): every file is as it should be")
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

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a Hugging Face folder with a BERT encoder into the cache.")

        @Argument(help: "The folder.") var path: String
        @Option(help: "Its name in the cache (default: the folder's).") var name: String?
        @Flag(help: "Refer to the folder instead of copying it.") var link = false

        func run() throws {
            let folder = try ModelCache.standard.add(URL(filePath: path), name: name, linking: link)
            print("\(folder.lastPathComponent): \(folder.path)")
        }
    }
}
