import Docids
import Foundation
import Ranking
import Tensors
import Transformers

/// Trained docids as the docid retriever uses them: over the passages of all segments.
package struct TrainedDocids: Sendable {
    package enum Kind: Sendable {
        /// Docids that are found by vectors, level by level.
        case entries(DocidModel, EntryDocidRetriever)
        /// Docids that are written token by token.
        case sequences(DocidSequenceModel, SequenceDocidRetriever)
    }

    package let kind: Kind
    package let recipe: DocidRecipe
    /// The weight of BM25 in planning ahead where a search names none.
    package let planAhead: Float

    package init(_ kind: Kind, recipe: DocidRecipe, planAhead: Float? = nil) {
        self.kind = kind
        self.recipe = recipe
        self.planAhead = planAhead ?? 0
    }

    /// The docids with other vectors of the same entries.
    package func replacing(_ entries: DocidEntries) -> TrainedDocids {
        guard case .entries(let model, let retriever) = kind else { return self }
        return TrainedDocids(
            .entries(model, EntryDocidRetriever(tree: retriever.tree, entries: entries)), recipe: recipe,
            planAhead: planAhead)
    }

    /// Whether queries can be searched without the network: token by token it is the network that writes.
    package var isAnchored: Bool {
        if case .entries = kind { true } else { false }
    }

    /// Whether the network does anything, and so needs the encoder's states of queries.
    package var isTrained: Bool {
        if case .entries(let model, _) = kind { !model.isUntrained } else { true }
    }

    /// The best passages found; nil without the query's vector, or the states that the network reads.
    ///
    /// - Parameter bends: whether the network bends queries; without, they are searched as they are.
    package func search(
        _ query: EncodedQuery, plan: DocidPlan? = nil, bends: Bool = true, k: Int, beams: Int
    ) -> DocidRetriever.Result? {
        switch kind {
        case .entries(let model, let retriever):
            guard let own = self.query(query, plan, bends, model) else { return nil }
            return retriever.search(own, k: k, options: .init(beams: beams, sharpness: recipe.sharpness))
        case .sequences(let model, let retriever):
            guard let source = query.source, source.states.rows > 0 else { return nil }
            return retriever.search(model.session(source), plan: plan, k: k, beams: beams)
        }
    }

    /// The path of a passage's docid; of its best entry's, where it has several.
    package func path(of passage: Int32, _ query: EncodedQuery) -> [DocidRetriever.Step] {
        switch kind {
        case .entries(let model, let retriever):
            guard let own = self.query(query, nil, true, model) else { return [] }
            return retriever.path(of: passage, query: own, options: .init(sharpness: recipe.sharpness))
        case .sequences(let model, let retriever):
            guard let source = query.source, source.states.rows > 0 else { return [] }
            let docid = retriever.docid(of: passage)
            return zip(docid, model.session(source).stepLogProbs(of: docid)).map { .init(token: $0, logProb: $1) }
        }
    }

    private func query(
        _ query: EncodedQuery, _ plan: DocidPlan?, _ bends: Bool, _ model: DocidModel
    ) -> EntryDocidRetriever.Query? {
        guard let vector = query.vector else { return nil }
        if bends, !model.isUntrained {
            guard let source = query.source, source.states.rows > 0 else { return nil }
            return .init(vectors: model.vectors(of: vector, source), plan: plan)
        }
        let slots = model.configuration.slotCount
        return .init(
            vectors: Matrix(rows: slots, columns: vector.count, values: (0..<slots).flatMap { _ in vector }),
            plan: plan)
    }
}
