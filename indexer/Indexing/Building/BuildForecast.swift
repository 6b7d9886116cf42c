import Corpora
import Engine
import Foundation
import Text
import Transformers

/// What a build will take, judged from the first passages.
public struct BuildForecast: Sendable {
    public var format: CorpusFormat
    public var passages: Int
    public var tokens: Int
    public var seconds: Double
    public var memoryBytes: Int
    public var diskBytes: Int

    /// Bytes of memory that a token takes while its segment is built.
    package static let memoryAToken = 24

    /// The program itself, with and without a model.
    package static func programMemory(withEncoder: Bool) -> Int { withEncoder ? 280 << 20 : 32 << 20 }
}

extension IndexBuilder {
    /// Reads the first passages and encodes a few, to say what the build will take.
    ///
    /// - Throws: `CorpusError` when the corpus cannot be read; `EngineError` when the encoder cannot be loaded.
    public func forecast() throws -> BuildForecast {
        // Readers work in pieces of a MiB; the share that has been read is only telling after some.
        let (sampleSize, sampleBytes) = (500, 8 << 20)
        var texts: [String] = []
        var characters = 0
        var fraction = 1.0
        // A bad line is the build's to report.
        var reader = try openCorpus(isStrict: false)
        var isWhole = false
        while texts.count < sampleSize || reader.report.bytesRead < sampleBytes {
            guard let passage = try reader.next() else {
                isWhole = true
                break
            }
            texts.append(passage.title + " " + passage.text)
            characters += passage.title.utf8.count + passage.text.utf8.count
        }
        if !isWhole { fraction = max(reader.report.fraction, 1e-6) }
        let passages = Int(Double(texts.count) / fraction)
        let bytes = Int(Double(characters) / fraction)
        // English averages some 4.7 bytes a word piece; other scripts have fewer tokens a byte.
        let tokens = Int(Double(bytes) / 4.7)
        // Pseudo-queries are asked of as many passages, those of small corpora of all.
        let asked = min(options.pseudoQueries, passages)
        var seconds = 0.1 + Double(bytes) / 8e6 + Double(tokens) * 1e-6 + Double(asked) * 3e-3
        var disk = 192 << 10 + Int(Double(bytes) * 0.45) + tokens * 9
        var memory =
            BuildForecast.programMemory(withEncoder: options.encoder != nil) + tokens * BuildForecast.memoryAToken
            + bytes / 2
        if let encoder = try encoder.load(options, models)?.passages {
            let spent = Self.secondsToEncode(texts, encoder)
            let encoded = options.encoderBudget.encoded(of: passages, secondsEach: spent)
            seconds += 0.5 + spent * Double(encoded + 2 * asked) + Double(passages) * 30e-6
            // The tokens' own vectors, and the best of every pseudo-query.
            if encoded < passages { seconds += 5 + spent * Double(FusionEstimation.encoded * asked) }
            let perPassage =
                switch options.vectorProfile {
                case .float32: encoder.dimension * 4 + 160
                case .int8: encoder.dimension * 9 / 8 + 24
                case .int4: encoder.dimension * 5 / 8 + 24
                }
            disk += passages * perPassage
            memory +=
                passages * encoder.dimension * 8
                + VocabularyMemory.beyondUsual(
                    vocabularySize: encoder.tokenizer.vocabularySize, dimension: encoder.dimension)
            if try options.generatorFolder(in: models) != nil {
                // Questions are asked and asked back, validate each generator, and the fusion is estimated
                // anew; then there is the training itself, a step of which is some hundred queries.
                let questions = min(Double(passages), Double(GeneratorRefinement.passageCount(options)))
                let training = Double(options.trainSteps) * 60 * spent
                seconds += min(training, 60 * (options.trainMinutes ?? .infinity))
                seconds += spent * (4 * questions + 2 * Double(asked)) + 10
                disk += 24 << 20
                memory += options.trainSteps > 0 ? 750 << 20 : 300 << 20
            }
        }
        if let limit = options.maxMemory { memory = min(memory, limit) }
        return BuildForecast(
            format: reader.format, passages: passages, tokens: tokens, seconds: seconds, memoryBytes: memory,
            diskBytes: disk)
    }

    /// The seconds that one of the texts takes; those that are encoded lie all over the sample, and a first
    /// pass, which is slow, does not count.
    private static func secondsToEncode(_ texts: [String], _ encoder: SentenceEncoder) -> Double {
        let step = max(1, texts.count / 64)
        let sample = stride(from: 0, to: texts.count, by: step).prefix(64).map {
            encoder.tokens(of: texts[$0], as: .passage)
        }
        _ = encoder.encodeAll(tokens: Array(sample.prefix(4)))
        let start = ContinuousClock.now
        _ = encoder.encodeAll(tokens: sample)
        return (ContinuousClock.now - start) / .seconds(1) / Double(max(1, sample.count))
    }
}
