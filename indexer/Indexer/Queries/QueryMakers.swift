import Corpora
import Engine
import Foundation
import Tensors
import Transformers

/// The makers by name, with what each needs.
public enum QueryMakers {
    public enum Name: String, Sendable, CaseIterable {
        case sentences, spans, terms, title, generator, model, labelled
    }

    public struct Options: Sendable {
        public var generator = GeneratorMaker.Options()
        /// The language model's folder or file.
        public var model: URL?
        public var modelPrecision = Precision.int8
        /// Files of the user's queries and judgements.
        public var labelled: (queries: String, qrels: String)?

        public init() {}
    }

    /// A maker for an index.
    ///
    /// - Throws: ``IndexingError`` when what it needs is missing or cannot be read.
    public static func maker(
        _ name: Name, for engine: Engine, _ options: Options = Options()
    ) throws(IndexingError) -> any QueryMaker {
        switch name {
        case .sentences: return SentenceMaker()
        case .title: return TitleMaker()
        case .spans: return SpanMaker(tokenCount: engine.manifest.tokens, count: counter(engine))
        case .terms: return TermMaker(tokenCount: engine.manifest.tokens, count: counter(engine))
        case .generator: return try GeneratorMaker(generator(of: engine), options: options.generator)
        case .model:
            guard let url = options.model else { throw .generator("no language model is named") }
            do {
                return LanguageModelMaker(
                    try LanguageModel(contentsOf: url, precision: options.modelPrecision))
            } catch {
                throw .generator("\(error)")
            }
        case .labelled: return try labelled(options)
        }
    }

    /// How often a word occurs in the corpus.
    private static func counter(_ engine: Engine) -> @Sendable (String) -> Int {
        let (ngram, tokenizer) = (engine.segments.ngram, engine.queries.ngrams)
        return { ngram.count(of: tokenizer.tokens($0)) }
    }

    private static func generator(of engine: Engine) throws(IndexingError) -> GeneratorModel {
        guard engine.manifest.generator != nil else {
            throw .generator(
                "\(engine.path): the index has no trained generator; \"genret generator set\" puts one into it")
        }
        guard let stored = engine.generator else {
            throw .generator("\(engine.path): the generator needs the encoder: \(engine.encoderProblem ?? "")")
        }
        do { return try stored.model() } catch { throw .index(error) }
    }

    /// The queries that judgements find relevant to a passage, in the order of the judgements.
    private static func labelled(_ options: Options) throws(IndexingError) -> LabelledMaker {
        guard let files = options.labelled else { throw .generator("no queries and judgements are named") }
        do throws(CorpusError) {
            let texts = Dictionary(
                uniqueKeysWithValues: try Queries.read(path: files.queries).map { ($0.id, $0.text) })
            let qrels = try Qrels.read(path: files.qrels)
            var byPassage: [Identifier: [String]] = [:]
            for query in qrels.queryIDs {
                guard let text = texts[query] else { continue }
                for item in qrels.judgements(of: query) where item.grade > 0 {
                    byPassage[item.passage, default: []].append(text)
                }
            }
            return LabelledMaker(byPassage: byPassage)
        } catch {
            throw .corpus(error)
        }
    }
}
