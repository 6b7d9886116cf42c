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

        @OptionGroup var reporting: ReportFlags

        func run() throws {
            let cache = ModelCache.standard
            let installed = cache.list()
            let absent = KnownModel.all.filter { model in !installed.contains { $0.name == model.name } }
            try reporting.say(json(cache, installed, absent)) { say(cache, installed, absent) }
        }

        private func json(
            _ cache: ModelCache, _ installed: [ModelCache.Entry], _ absent: [KnownModel]
        ) -> ReportJSON.Models {
            typealias Model = ReportJSON.Models.Model
            return ReportJSON.Models(
                cache: cache.directory.path,
                models: absent.map {
                    Model(
                        name: $0.name, isInstalled: false, bytes: $0.byteCount, summary: $0.summary,
                        licence: $0.licence)
                }
                    + installed.map {
                        Model(
                            name: $0.name, isInstalled: true, bytes: $0.byteCount, summary: $0.known?.summary,
                            licence: $0.known?.licence)
                    })
        }

        private func say(_ cache: ModelCache, _ installed: [ModelCache.Entry], _ absent: [KnownModel]) {
            print("cache: \(cache.directory.path)")
            if let shipped = cache.shipped { print("with genret: \(shipped.path)") }
            for model in absent {
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
