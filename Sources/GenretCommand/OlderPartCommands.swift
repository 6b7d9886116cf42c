import ArgumentParser
import Engine
import Foundation
import IndexStore
import Indexing
import Search

/// The commands that `genret part` has replaced. They are understood until the next release and no longer shown.
enum OlderPartCommands {
    struct Generator: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "generator", abstract: "See genret part.", shouldDisplay: false,
            subcommands: [
                Set<GeneratorName>.self, Remove<GeneratorName>.self, Tune<KeyConstantsName>.self,
                Weights.self, Rerank.self,
            ])
    }

    struct Docid: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "docid", abstract: "See genret part.", shouldDisplay: false,
            subcommands: [
                Set<DocidsName>.self, Remove<DocidsName>.self, Tune<LookAheadName>.self, LabelledWeights.self,
            ])
    }

    struct Dense: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "dense", abstract: "See genret part.", shouldDisplay: false,
            subcommands: [Set<QueryEncoderName>.self, Remove<QueryEncoderName>.self])
    }

    struct Set<Name: PartName>: ParsableCommand {
        static var configuration: CommandConfiguration { .init(commandName: "set", abstract: "See genret part set.") }

        @Argument(help: "The index.") var index: String
        @Argument(help: "The folder that a training wrote.") var folder: String
        @OptionGroup var showing: ProgressFlags

        func run() throws { try PartCommand.set(Name.part, folder, in: index, showing.monitor) }
    }

    struct Remove<Name: PartName>: ParsableCommand {
        static var configuration: CommandConfiguration {
            .init(commandName: "remove", abstract: "See genret part remove.")
        }

        @Argument(help: "The index.") var index: String

        func run() throws { try PartCommand.remove(Name.part.kind, from: index) }
    }

    struct Tune<Name: EstimateName>: ParsableCommand {
        static var configuration: CommandConfiguration {
            .init(commandName: "tune", abstract: "See genret part estimate.")
        }

        @Argument(help: "The index.") var index: String
        @OptionGroup var options: EstimationOptions

        func run() throws {
            try PartCommand.estimate(Name.estimate, options.queries, index, options.showing.monitor)
        }
    }

    struct Weights: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "weights", abstract: "See genret part estimate.")

        @Argument(help: "The index.") var index: String
        @OptionGroup var options: EstimationOptions

        func run() throws {
            try PartCommand.estimate(FusionEstimation.self, options.queries, index, options.showing.monitor)
        }
    }

    struct LabelledWeights: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "weights", abstract: "See genret part estimate.")

        @Argument(help: "The index.") var index: String
        @OptionGroup var options: EstimationOptions

        func run() throws {
            var queries = options.queries
            queries.source = queries.source ?? EstimationQueries.labelled
            try PartCommand.estimate(FusionEstimation.self, queries, index, options.showing.monitor)
        }
    }

    struct Rerank: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "rerank", abstract: "See genret part estimate.")

        @Argument(help: "The index.") var index: String
        @OptionGroup var options: EstimationOptions

        func run() throws {
            try PartCommand.estimate(RerankEstimation.self, options.queries, index, options.showing.monitor)
        }
    }

    protocol PartName {
        static var part: any InstallablePart.Type { get }
    }

    enum GeneratorName: PartName {
        static var part: any InstallablePart.Type { GeneratorPart.self }
    }

    enum DocidsName: PartName {
        static var part: any InstallablePart.Type { DocidsPart.self }
    }

    enum QueryEncoderName: PartName {
        static var part: any InstallablePart.Type { QueryEncoderPart.self }
    }

    protocol EstimateName {
        static var estimate: any IndexEstimation.Type { get }
    }

    enum KeyConstantsName: EstimateName {
        static var estimate: any IndexEstimation.Type { KeyConstantsEstimation.self }
    }

    enum LookAheadName: EstimateName {
        static var estimate: any IndexEstimation.Type { LookAheadEstimation.self }
    }
}
