import Corpora
import Engine
import Foundation
import IndexStore
import Memory
import Ranking
import Tensors
import Transformers

/// The query generators by name, with what each needs.
public enum QueryGenerators {
    public enum Name: String, Sendable, CaseIterable {
        case sentences, spans, terms, title, generator, model, labelled

        /// The query generator for an index.
        ///
        /// - Throws: when what it needs is missing or cannot be read.
        public func make(for index: IndexReader, _ options: Options = Options()) throws -> any QueryGenerator {
            switch self {
            case .sentences: return SentenceQueries()
            case .title: return TitleQueries()
            case .spans:
                return SpanQueries(tokenCount: index.manifest.tokens, count: try QueryGenerators.counter(index))
            case .terms:
                return TermQueries(tokenCount: index.manifest.tokens, count: try QueryGenerators.counter(index))
            case .generator:
                return try GeneratorQueries(index.value(IndexGenerator.self).model, options: options.generator)
            case .model:
                guard let url = options.model else {
                    throw IndexingError.missingInput(generator: rawValue, what: "a language model")
                }
                return LanguageModelQueries(try LanguageModel(contentsOf: url, precision: options.modelPrecision))
            case .labelled: return try QueryGenerators.labelled(options)
            }
        }
    }

    public struct Options: Sendable {
        public var generator = GeneratorQueries.Options()
        /// The language model's folder or file.
        public var model: URL?
        public var modelPrecision = Precision.int8
        /// Files of the user's queries and judgements.
        public var labelled: (queries: String, qrels: String)?

        public init() {}
    }

    /// How often a word occurs in the corpus.
    private static func counter(_ index: IndexReader) throws -> @Sendable (String) -> Int {
        let (ngrams, tokenizer) = (
            try index.value(IndexNgrams.self).index, try index.value(IndexTokenizer.self).ngrams
        )
        return { ngrams.count(of: tokenizer.tokens($0)) }
    }

    /// The queries that judgements find relevant to a passage, in the order of the judgements.
    private static func labelled(_ options: Options) throws -> LabelledQueries {
        guard let files = options.labelled else {
            throw IndexingError.missingInput(generator: Name.labelled.rawValue, what: "queries and judgements")
        }
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
        return LabelledQueries(byPassage: byPassage)
    }
}
