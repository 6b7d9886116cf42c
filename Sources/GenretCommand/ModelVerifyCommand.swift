import ArgumentParser
import Corpora
import Foundation
import Memory
import Tensors
import Text
import Transformers

struct ModelVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check a model, or how much a lower precision changes what it computes.",
        discussion: """
            A fetched model is checked against its pinned digests; of any other model everything is \
            read: each tensor must be there, of its family's shape, and consist of numbers. With \
            --precision the model is run in it and in single precision, and the two are compared.
            """)

    @Argument(help: ArgumentHelp("A model of the cache, a folder or a file.", valueName: "model"))
    var place = KnownModel.defaultEncoder
    @Option(help: "Compare this precision with float32.") var precision: Precision?
    @Option(
        help: ArgumentHelp("Compare on the lines of a file, not on sentences of genret's own.", valueName: "file"))
    var text: String?

    func validate() throws {
        guard text == nil || precision != nil else { throw ValidationError("--text needs --precision") }
    }

    func run() throws {
        let model = try ModelPlace(place)
        guard let precision else { return try check(model) }
        let checkpoint = try Checkpoint(contentsOf: model.url)
        let reference = try TransformerModel(checkpoint)
        let texts = try texts(checkpoint, reference.configuration)
        let report = try PrecisionReport(
            reference, TransformerModel(checkpoint, precision: precision), texts: texts)
        let tokens = texts.reduce(0) { $0 + $1.count }
        let instructions = precision == .int8 ? "; int8 products by \(Precision.int8Instructions)" : ""
        print("\(precision) against float32 on \(texts.count.grouped) texts of \(tokens.grouped) tokens\(instructions)")
        print(String(repeating: " ", count: 43) + "mean    largest")
        if let distance = report.pooledDistance { row("1 - cosine of the texts' mean states", distance) }
        if let difference = report.logProbDifference { row("difference of log-probabilities", difference) }
        if let same = report.sameBest, same.of > 0 {
            let share = String(format: "%.1f%%", 100 * Double(same.count) / Double(same.of))
            print("the best next token is the same in \(share) of \(same.of.grouped) places")
        }
    }

    private func row(_ name: String, _ values: (mean: Double, largest: Double)) {
        let name = name.padding(toLength: 37, withPad: " ", startingAt: 0) as NSString
        print(String(format: "%@%10.2e %10.2e", name, values.mean, values.largest))
    }

    private func check(_ model: ModelPlace) throws {
        if let name = model.name, KnownModel.all.contains(where: { $0.name == name }) {
            try ModelCache.standard.verify(name)
            print("\(name): every file is as it should be")
        } else {
            let checkpoint = try Checkpoint(contentsOf: model.url)
            let use = try checkpoint.verify()
            print("\(place): \(checkpoint.tensors.count.grouped) tensors are as they should be; a \(use.rawValue)")
        }
    }

    /// Token sequences that the model can read, whole texts where it has a tokenizer.
    private func texts(_ checkpoint: Checkpoint, _ configuration: ModelConfiguration) throws -> [[Int32]] {
        let stacks = [configuration.encoder, configuration.decoder]
        let longest = stacks.compactMap { $0?.maximumLength }.min() ?? 512
        guard let text else {
            if let tokenizer = try? checkpoint.tokenizer(for: configuration) {
                return SampleSentences.all.map { tokenizer.encode($0, maxTokens: longest).ids }
            }
            var generator = SeededGenerator(seed: 1)
            return (0..<16).map { _ in
                (0..<min(longest, Int.random(in: 8...32, using: &generator))).map { _ in
                    Int32.random(in: 0..<Int32(configuration.vocabularySize), using: &generator)
                }
            }
        }
        let tokenizer = try checkpoint.tokenizer(for: configuration)
        let texts = try TextLines.read(text).map { tokenizer.encode($0, maxTokens: longest).ids }
            .filter { !$0.isEmpty }
        guard !texts.isEmpty else { throw ErrorMessage.Failure(sentence: "\(text): there is no text in it") }
        return texts
    }
}

/// What precisions are compared on when no text is given.
enum SampleSentences {
    static let all = [
        "The law of gravity was found by watching an apple fall.",
        "A sourdough starter needs flour, water and a few days of patience.",
        "What is the capital of France?",
        "In 1969 two people walked on the moon for the first time.",
        "The river rose after three nights of rain and took the bridge with it.",
        "def mean(values): return sum(values) / len(values)",
        "Photosynthesis turns light, water and carbon dioxide into sugar and oxygen.",
        "Der Zug nach Wien fährt um 7:45 Uhr von Gleis 12 ab.",
        "She asked whether the shop would still be open at eight, and nobody knew.",
        "Prices rose by 3.2% in March, less than half of what had been expected.",
        "To reset the router, hold the small button for ten seconds until the light blinks.",
        "Glass is made by melting sand with soda and lime.",
    ]
}

/// The lines of a text file.
enum TextLines {
    /// Without those that are empty; a line's spaces stay.
    static func read(_ path: String) throws -> [String] {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw ErrorMessage.Failure(
                sentence: "\(path): \(FileManager.default.fileExists(atPath: path) ? "cannot be read" : "no such file")"
            )
        }
        return String(decoding: data, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
            .filter { WhiteSpace.wordCount($0) > 0 }
    }
}
