import Corpora
import Engine
import Foundation
import Transformers

/// What a build will take, judged from the first passages.
public struct IndexEstimate: Sendable {
    public var format: CorpusFormat
    public var passages: Int
    public var tokens: Int
    public var seconds: Double
    public var memoryBytes: Int
    public var diskBytes: Int
}

extension IndexBuilder {
    /// Reads the first passages and encodes a few, to say what the build will take.
    ///
    /// - Throws: ``IndexingError`` when the corpus cannot be read.
    public func estimate() throws(IndexingError) -> IndexEstimate {
        // Readers work in pieces of a MiB; the share that has been read is only telling after some.
        let (sampleSize, sampleBytes) = (500, 8 << 20)
        var texts: [String] = []
        var characters = 0
        let format: CorpusFormat
        var fraction = 1.0
        do {
            // A bad line is the build's to report, not the estimate's.
            var lenient = options.corpus
            lenient.strict = false
            var reader = try source.reader(options: lenient, isCancelled: isCancelled)
            format = reader.format
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
        } catch {
            throw IndexingError(error)
        }
        let passages = Int(Double(texts.count) / fraction)
        let bytes = Int(Double(characters) / fraction)
        // English averages some 4.7 bytes a word piece; other scripts have fewer tokens a byte.
        let tokens = Int(Double(bytes) / 4.7)
        var seconds = Double(bytes) / 8e6 + Double(tokens) * 0.7e-6 + 2
        var disk = Int(Double(bytes) * 0.45) + tokens * 9
        var memory = tokens * 24 + bytes / 2
        if let name = options.encoder, let folder = models.directory(of: name),
            let encoder = try? SentenceEncoder(
                directory: folder, precision: options.encoderPrecision ?? .float32) {
            let sample = texts.prefix(48).map(encoder.tokens)
            let start = ContinuousClock.now
            _ = encoder.encodeAll(tokens: sample)
            let spent = Engine.seconds(since: start)
            seconds += spent / Double(max(1, sample.count)) * Double(passages + options.pseudoQueries)
            seconds += Double(passages) * 1.5e-3
            disk += passages * (encoder.dimension * 4 + 160)
            memory += passages * encoder.dimension * 8 + 200 << 20
        }
        if let limit = options.maxMemory { memory = min(memory, limit) }
        return IndexEstimate(
            format: format, passages: passages, tokens: tokens, seconds: seconds, memoryBytes: memory,
            diskBytes: disk)
    }
}
