import Corpora
import Engine
import Foundation
import Indexing
import Memory
import Ranking
import Search
import Serving
import Transformers

/// What is built, and how.
struct BuildRequest: Decodable {
    /// A file or folder.
    var corpus: String
    /// The folder that the index becomes.
    var index: String
    /// Whether it may take the place of an index.
    var replace: Bool?
    /// Members of ``IndexOptions``; those that are absent have the defaults of the command line.
    var options: JSONTree?
    var models: ModelPlaces?

    /// A builder, and what a person should know of its options.
    func builder() throws -> (IndexBuilder, notes: [String]) {
        guard !corpus.isEmpty, !index.isEmpty, !corpus.contains("\0"), !index.contains("\0") else {
            throw Problem(.invalidOption, "corpus and index are paths")
        }
        let models = models?.cache() ?? .standard
        let given: [String: JSONTree] = if case .object(let members)? = options { members } else { [:] }
        var options = try IndexOptions(strictly: options ?? .object([:]))
        try check(options)
        var builder = IndexBuilder(corpus: corpus, destination: index, options: options, models: models)
        builder.replacesExisting = replace ?? false
        try builder.checkDestination()
        var notes: [String] = []
        if given["analyzer"] == nil {
            let language = try builder.language().terms
            options.analyzer.language = language
            if language != .english, given["encoder"] == nil {
                let name = KnownModel.multilingualEncoder
                if models.directory(of: name) != nil {
                    options.encoder = name
                } else {
                    notes.append(
                        "the texts are not English, and the encoder of other languages, \(name), is not installed")
                }
            }
        }
        if let name = options.encoder, models.directory(of: name) == nil {
            guard given["encoder"] == nil else {
                throw Problem(.retrieverUnavailable, "the encoder \(name) is not installed", member: "encoder")
            }
            notes.append("the encoder \(name) is not installed, so only n-grams and BM25 are indexed")
            options.encoder = nil
        }
        builder.options = options
        try builder.checkMemory()
        // Named generators are looked at before any work is done.
        _ = try options.generatorFolder(in: models)
        return (builder, notes)
    }

    /// The ranges that the command line keeps to.
    private func check(_ options: IndexOptions) throws(OptionFault) {
        func require(_ holds: Bool, _ name: String, _ expected: String) throws(OptionFault) {
            if !holds { throw OptionFault(name, expected) }
        }
        let corpus = options.corpus
        try require((1...1_000_000).contains(corpus.passageWords), "corpus.passageWords", "1 to 1000000")
        try require(
            (0..<corpus.passageWords).contains(corpus.overlapWords), "corpus.overlapWords", "less than passageWords")
        try require(options.fanout.map((2...4096).contains) ?? true, "fanout", "2 to 4096")
        try require(options.leafSize.map((1...4096).contains) ?? true, "leafSize", "1 to 4096")
        try require((0...100_000).contains(options.pseudoQueries), "pseudoQueries", "0 to 100000")
        try require((0...1_000_000).contains(options.trainSteps), "trainSteps", "0 to 1000000")
        try require(options.trainMinutes.map { $0 > 0 && $0.isFinite } ?? true, "trainMinutes", "above 0")
        try require((1...32).contains(options.quantiserLevels), "quantiserLevels", "1 to 32")
        try require((2...256).contains(options.quantiserCodewords), "quantiserCodewords", "2 to 256")
        try require(options.maxMemory.map { $0 > 0 } ?? true, "maxMemory", "above 0")
    }
}
