import ArgumentParser
import Docids
import Engine

extension DocidScheme: ExpressibleByArgument {}

func schemeNames(_ schemes: [DocidScheme]) -> String { schemes.map(\.rawValue).joined(separator: ", ") }

/// The sizes of those who proposed a scheme.
private func proposed(_ size: KeyPath<(fanout: Int, leafSize: Int), Int>) -> String {
    DocidScheme.allCases.compactMap { scheme in
        scheme.proposedSizes.map { "; \(scheme.rawValue) \($0[keyPath: size])" }
    }.joined()
}

/// How docids are made of a corpus.
struct DocidFlags: ParsableArguments {
    @Option(
        help:
            "How docids are made: \(schemeNames(DocidScheme.anchored)); or autoregressive: \(schemeNames(DocidScheme.sequential))."
    )
    var scheme = DocidScheme.tree
    @Option(help: "What docids lead to, with commas: passage, sentences (default), queries.")
    var representations: String?
    @Option(
        name: [.customLong("interpolation"), .customLong("share")],
        help: "The interpolation weight of a sentence or query in the mixture with its passage's vector.")
    var interpolation: Float = 0.7
    @Option(help: "The most sentences, and the most queries of a query generator, of a passage.") var parts = 16
    @Option(help: "Query generators whose queries in the index are represented, with commas.") var entryQueries: String?
    @Option(help: "Children of a node of a tree at most (default: 256\(proposed(\.fanout))).") var fanout: Int?
    @Option(help: "Entries below a prefix that is not continued (default: 8\(proposed(\.leafSize))).")
    var leafSize: Int?
    @Option(help: "Codewords of a level of rq and pq.") var codewords = 256
    @Option(help: "Levels of rq and pq at most.") var levels = 8
    @Flag(help: "Train the entries' vectors of atomic docids too, at a tenth of the learning rate.")
    var trainEntries = false
    @Option(
        name: [.customLong("inverse-temperature"), .customLong("sharpness")],
        help: "The inverse temperature of the softmax over prefixes.") var inverseTemperature: Float = 20

    func recipe(seed: UInt64) throws -> DocidRecipe {
        var recipe = DocidRecipe(scheme: scheme)
        guard scheme.isAnchored || representations == nil || representations == "passage" else {
            throw ValidationError("autoregressive docids stand for passages alone")
        }
        if let representations { recipe.representations = try parse(representations) }
        recipe.interpolation = interpolation
        recipe.partsPerPassage = parts
        recipe.queryGenerators = (entryQueries ?? "").split(separator: ",").map(String.init)
        recipe.fanout = fanout ?? recipe.fanout
        recipe.leafSize = leafSize ?? recipe.leafSize
        recipe.codewords = codewords
        recipe.levels = levels
        recipe.inverseTemperature = inverseTemperature
        guard !trainEntries || scheme == .atomic else {
            throw ValidationError("--train-entries goes with --scheme atomic")
        }
        recipe.entryRate = trainEntries ? DocidRecipe.overDenseRate : nil
        recipe.seed = seed
        guard !recipe.representations.contains(.queries) || !recipe.queryGenerators.isEmpty else {
            throw ValidationError("the representation \"queries\" needs --entry-queries")
        }
        guard recipe.isSound else {
            throw ValidationError(
                "--interpolation is 0 to 1, --fanout at least 2, --codewords at most 65536, --levels at most 256, the others positive"
            )
        }
        return recipe
    }

    private func parse(_ names: String) throws -> [DocidRecipe.Representation] {
        try names.split(separator: ",").map { name in
            guard let known = DocidRecipe.Representation(rawValue: String(name.trimmingPrefix(" "))) else {
                throw ValidationError(
                    "no representation is called \"\(name)\"; there are passage, sentences and queries")
            }
            return known
        }
    }
}
