import Foundation
import IndexStore
import Memory
import Ranking
import Rerankers
import Search
import Tensors
import Transformers

/// What rerankers say of a text that need not be in the index.
public struct TextScore: Sendable, Equatable, Codable {
    /// The weighted sum of the scores; larger is better.
    public var score: Float
    /// By reranker, or "cosine".
    public var scores: [ComponentID: Float]
}

extension Engine {
    /// Scores texts, which need not be in the index, for a query: by the generator's likelihood of the query and
    /// its late interaction where the index has a generator, else by the cosine of the encoder's vectors.
    ///
    /// - Returns: a score for each text, in their order.
    /// - Throws: ``EngineError/cannotRerank(because:)`` where there is no encoder; ``EngineError/emptyQuery``.
    public func rerank(
        _ text: String, texts: [String], cancellation: Cancellation = .never
    ) throws(EngineError) -> [TextScore] {
        do {
            return try TextReranker(reader).scores(of: texts, for: text, cancellation)
        } catch let error as EngineError {
            guard case .noEncoder = error else { throw error }
            throw .cannotRerank(because: error)
        } catch {
            throw EngineError(error)
        }
    }
}

extension Engine {
    /// Scores texts, which need not be in the index, for a query by a method of reranking and its model.
    ///
    /// - Parameter method: METHOD or METHOD:MODEL with options, as ``SearchOptions/rerankWith``.
    /// - Returns: a score for each text, in their order; where the method orders and does not score, its place from the end, 0 or less.
    /// - Throws: ``EngineError/option(_:)`` where there is no such method or model, or they do not fit; ``EngineError/cancelled``.
    public func rerank(
        _ text: String, texts: [String], with method: String, cancellation: Cancellation = .never
    ) throws(EngineError) -> [TextScore] {
        do {
            let (spec, method) = try reader.value(TextModels.self).method(method)
            let candidates = texts.enumerated().map { RerankCandidate(id: "\($0)", text: $1) }
            return try method.scores(of: candidates, for: text, cancellation).map {
                TextScore(score: $0, scores: [ComponentID(spec.method): $0])
            }
        } catch {
            throw EngineError(error)
        }
    }

    /// Reads what a method of reranking asks, so that the first query need not.
    public func warm(rerankingWith method: String) throws(EngineError) {
        do { _ = try reader.value(TextModels.self).method(method) } catch { throw EngineError(error) }
    }
}

/// Scores texts by the models of an index.
private struct TextReranker {
    private let encoder: SentenceEncoder
    private let reader: IndexReader
    private let model: GeneratorModel?

    init(_ reader: IndexReader) throws {
        self.reader = reader
        encoder = try reader.value(IndexEncoder.self).encoder
        model = reader.manifest.part(GeneratorPart.kind) == nil ? nil : try reader.value(IndexGenerator.self).model
    }

    /// Texts whose states are in memory at a time.
    private static let batch = 16

    func scores(of texts: [String], for text: String, _ cancellation: Cancellation) throws -> [TextScore] {
        let query = try reader.query(text, cancellation: cancellation)
        var scores: [TextScore] = []
        for first in stride(from: 0, to: texts.count, by: Self.batch) {
            try cancellation.throwIfRaised()
            let tokens = texts[first..<min(texts.count, first + Self.batch)].map {
                encoder.tokens(of: $0, as: .passage)
            }
            scores += try batch(tokens, query)
        }
        return scores
    }

    private func batch(_ tokens: [[Int32]], _ query: Query) throws -> [TextScore] {
        guard let model, let source = query[GeneratorModel.Source.self] else { return cosines(tokens, query) }
        let sources = zip(tokens, encoder.states(tokens: tokens)).map { GeneratorModel.Source(tokens: $0, states: $1) }
        let known = try reader.value(IndexTokenizer.self).ngrams.known(query[NgramQuery.self]?.tokens ?? [])
        let likelihoods = QueryLikelihood(model)?.meanLogProbs(of: known, given: sources)
        let interactions = model.interaction?.scores(of: source.states, among: sources.map(\.states))
        guard likelihoods != nil || interactions != nil else { return cosines(tokens, query) }
        return tokens.indices.map { place in
            var scores: [ComponentID: Float] = [:]
            scores[LikelihoodReranker.id] = likelihoods?[place]
            scores[InteractionReranker.id] = interactions?[place]
            let sum =
                LikelihoodReranker.usualWeight * (likelihoods?[place] ?? 0)
                + InteractionReranker.usualWeight * (interactions?[place] ?? 0)
            return TextScore(score: sum, scores: scores)
        }
    }

    private func cosines(_ tokens: [[Int32]], _ query: Query) -> [TextScore] {
        let vectors = encoder.encodeAll(tokens: tokens)
        return tokens.indices.map { row in
            let score = zip(query.vector ?? [], vectors.row(row)).reduce(Float(0)) { $0 + $1.0 * $1.1 }
            return TextScore(score: score, scores: ["cosine": score])
        }
    }
}
