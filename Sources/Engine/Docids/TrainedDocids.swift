import Docids
import Foundation
import Memory
import Ranking
import Search
import Tensors
import Transformers

/// Trained docids as the docid retriever uses them: over the passages of all segments.
package struct TrainedDocids: Sendable {
    package enum Kind: Sendable {
        /// Docids that are found by vectors, level by level.
        case entries(DocidModel, EntryDocidSearch)
        /// Autoregressive docids, which are written token by token.
        case sequences(DocidSequenceModel, SequenceDocidSearch)
    }

    package let kind: Kind
    package let recipe: DocidRecipe

    package init(_ kind: Kind, recipe: DocidRecipe) { (self.kind, self.recipe) = (kind, recipe) }

    /// The docids with other vectors of the same entries.
    package func replacing(_ entries: DocidEntries) -> TrainedDocids {
        guard case .entries(let model, let search) = kind else { return self }
        return TrainedDocids(
            .entries(model, EntryDocidSearch(tree: search.tree, entries: entries)), recipe: recipe)
    }

    /// Whether queries can be searched without the network: autoregressive docids are written by it alone.
    package var isAnchored: Bool {
        if case .entries = kind { true } else { false }
    }

    /// Whether the network does anything, and so needs the encoder's states of queries.
    package var isTrained: Bool {
        if case .entries(let model, _) = kind { !model.isUntrained } else { true }
    }

    /// The best passages found.
    ///
    /// - Parameters:
    ///   - usesNetwork: whether the network projects the query for each level; without, its vector serves all of them.
    ///   - passing: the passages that may be found, as the docids count them; nil for all.
    ///   - isConstrained: whether only docids that exist are generated; anchored ones always are.
    /// - Throws: ``EngineError/queryWithoutVector`` without the query's vector, or the states that the network reads.
    package func search(
        _ query: Query, lookAhead: LookAhead? = nil, usesNetwork: Bool = true, k: Int, beams: Int,
        passing: PlaceSet? = nil, isConstrained: Bool = true
    ) throws(EngineError) -> DocidResult<PassageIndex> {
        switch kind {
        case .entries(let model, let search):
            var own = try projected(query, lookAhead, usesNetwork, model)
            own.passing = passing
            return search.search(
                own, k: k, options: .init(beams: beams, inverseTemperature: recipe.inverseTemperature))
        case .sequences(let model, let search):
            return search.search(
                model.session(try source(query)), lookAhead: lookAhead, k: k, beams: beams, passing: passing,
                freely: isConstrained ? nil : model.configuration.vocabularySize, cancellation: query.cancellation)
        }
    }

    /// The paths of passages' docids; of the best entry's where a passage has several. The network reads the query
    /// once for all of them.
    ///
    /// - Throws: as ``search(_:lookAhead:usesNetwork:k:beams:)``.
    package func paths(
        of passages: [PassageIndex], _ query: Query, lookAhead: LookAhead? = nil
    ) throws(EngineError) -> [[DocidStep]] {
        switch kind {
        case .entries(let model, let search):
            let own = try projected(query, lookAhead, true, model)
            return search.paths(
                of: passages, query: own, options: .init(inverseTemperature: recipe.inverseTemperature))
        case .sequences(let model, let search):
            let session = model.session(try source(query))
            return passages.map { passage in
                let docid = search.docid(of: passage)
                return zip(docid, session.stepLogProbs(of: docid)).map { .init(token: $0, logProb: $1) }
            }
        }
    }

    private func source(_ query: Query) throws(EngineError) -> GeneratorModel.Source {
        guard let source = query[GeneratorModel.Source.self], source.states.rows > 0 else { throw .queryWithoutVector }
        return source
    }

    private func projected(
        _ query: Query, _ lookAhead: LookAhead?, _ usesNetwork: Bool, _ model: DocidModel
    ) throws(EngineError) -> EntryDocidSearch.Query {
        guard let vector = query.vector else { throw .queryWithoutVector }
        if usesNetwork, !model.isUntrained {
            return .init(vectors: model.vectors(of: vector, try source(query)), lookAhead: lookAhead)
        }
        let slots = model.configuration.slotCount
        return .init(
            vectors: Matrix(rows: slots, columns: vector.count, values: (0..<slots).flatMap { _ in vector }),
            lookAhead: lookAhead)
    }
}
