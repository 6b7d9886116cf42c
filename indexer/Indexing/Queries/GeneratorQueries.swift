import Corpora
import Decoding
import Foundation
import Memory
import Text
import Transformers

/// Questions that a trained generator writes of passages: its task "question".
public struct GeneratorQueries: QueryGenerator {
    /// How questions are chosen.
    public struct Options: Sendable {
        /// Whether they are the best that beam search finds, else they are drawn.
        public var usesBeams = false
        /// Draws among so many best tokens; 0: all.
        public var topK = 10
        public var temperature: Float = 1
        /// The most tokens of a question, its end included.
        public var maximumLength = 32
        /// The most tokens of a passage that are read, special ones included.
        public var passageTokens = 256

        public init() {}
    }

    public let name = "generator"
    public let batchSize = 64
    private let model: GeneratorModel
    private let task: Int
    private let end: Int32
    private let options: Options

    /// - Throws: ``IndexingError/writesNoQuestions(path:)`` when the model writes no questions.
    package init(_ model: GeneratorModel, options: Options = Options()) throws {
        guard let task = model.task("question"), let end = model.end else {
            throw IndexingError.writesNoQuestions(path: model.directory.path)
        }
        self.model = model
        self.task = task
        self.end = end
        self.options = options
    }

    /// Passages that one thread has under way: enough for products of some rows.
    private static let together = 4

    public func make(
        _ passages: [QueryPassage], count: Int, seed: UInt64, threads: Int
    ) throws -> [[String]] {
        let groups = stride(from: 0, to: passages.count, by: Self.together).map {
            Array(passages[$0..<min(passages.count, $0 + Self.together)])
        }
        return Parallel.map(count: groups.count, threads: threads) { group in
            questions(of: groups[group], count: count, seed: seed)
        }.flatMap { $0 }
    }

    private func questions(of passages: [QueryPassage], count: Int, seed: UInt64) -> [[String]] {
        let tokenizer = model.encoder.tokenizer
        let sources = passages.map { passage in
            let text = passage.title.isEmpty ? passage.text : passage.title + " " + passage.text
            return model.source(
                tokens: tokenizer.encode(text, maxTokens: min(options.passageTokens, model.encoder.maxTokens)).ids)
        }
        let session = model.session(sources, tasks: [task])
        // Of the special tokens only the end may be written.
        let special = (0..<Int32(model.configuration.vocabularySize)).filter { tokenizer.isSpecial($0) && $0 != end }
        let rule = StopSet(
            vocabularySize: model.configuration.vocabularySize, never: Set(special), ends: [end])
        let length = min(options.maximumLength, model.configuration.maximumLength)
        let starts = passages.indices.map { session.initialState(ofSource: $0) }
        let found: [[[Int32]]]
        if options.usesBeams {
            let search = SequenceSearch(.init(beams: count, maximumLength: length, ends: [end]))
            found = search.run(session, starts.map { ($0, rule) }).map { $0.map(\.tokens) }
        } else {
            var sampling = Sampling.Options(samples: count, maximumLength: length, ends: [end])
            sampling.topK = options.topK
            sampling.temperature = options.temperature
            found = zip(starts, passages).map { start, passage in
                sampling.seed = seed ^ QueryText.stream(passage.document, name)
                return Sampling(sampling).run(session, [(start, rule)])[0].map(\.tokens)
            }
        }
        return found.map { sequences in
            sequences.map { WhiteSpace.collapsed(tokenizer.decode($0)) }.filter { !$0.isEmpty }
        }
    }
}
