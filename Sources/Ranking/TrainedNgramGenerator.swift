import Decoding

/// The generator of one query behind a trained model: a sequence's score depends on the query and the
/// task alone, not on the index.
///
/// The model starts from one state for each view that it was trained for.
package struct TrainedNgramGenerator<Base: StepModel>: NgramGenerator {
    private let base: Base
    private let starts: [NgramView: Base.State]
    private let body: Base.State
    private let mayStart: [Bool]
    private let ends: TrainedNgramModel<Base>.Ends

    /// - Parameters:
    ///   - body: where n-grams inside passages start.
    ///   - others: where other views start; those that are missing are not generated.
    ///   - mayStart: for each token whether an n-gram inside a passage may start with it.
    ///   - end: what the model ends titles and pseudo-queries with.
    ///   - titleEnd: what the index ends them with.
    package init(
        _ base: Base, body: Base.State, others: [NgramView: Base.State], mayStart: [Bool], end: Int32,
        titleEnd: Int32
    ) {
        self.base = base
        self.body = body
        self.mayStart = mayStart
        starts = others
        ends = .init(model: end, index: titleEnd)
    }

    package var readsMarks: Bool { false }

    package var vocabularySize: Int? { mayStart.count }

    package var views: Set<NgramView> { Set(starts.keys).union([.body]) }

    package func model(_ prompt: NgramPrompt) -> TrainedNgramModel<Base> {
        guard prompt.view != .body, let start = starts[prompt.view] else {
            return TrainedNgramModel(base, start: body, mayStart: mayStart, ends: nil)
        }
        return TrainedNgramModel(base, start: start, mayStart: nil, ends: ends)
    }
}

/// A model as one view of the index reads it: only some tokens come first, or its end is the index's.
package struct TrainedNgramModel<Base: StepModel>: StepModel {
    /// The token that ends a title, in the model and in the index.
    struct Ends: Sendable {
        var model: Int32
        var index: Int32
    }

    package struct State {
        var base: Base.State
        var isEmpty: Bool
    }

    package let initialState: State
    private let base: Base
    /// Nil where any token may come first.
    private let mayStart: [Bool]?
    /// Nil where nothing ends.
    private let ends: Ends?

    init(_ base: Base, start: Base.State, mayStart: [Bool]?, ends: Ends?) {
        self.base = base
        self.mayStart = mayStart
        self.ends = ends
        initialState = State(base: start, isEmpty: true)
    }

    package func advance(_ state: State, by token: Int32) -> State {
        let known = token == ends?.index ? ends?.model ?? token : token
        return State(base: base.advance(state.base, by: known), isEmpty: false)
    }

    package func score(_ states: [State], into scores: inout StepScores) {
        let first = scores.count
        base.score(states.map(\.base), into: &scores)
        adapt(states, from: first, &scores)
    }

    package func score(_ states: [State], only tokens: [[Int32]], into scores: inout StepScores) {
        let first = scores.count
        let known = tokens.map { row in row.map { $0 == ends?.index ? ends?.model ?? $0 : $0 } }
        base.score(states.map(\.base), only: known, into: &scores)
        adapt(states, from: first, &scores)
    }

    private func adapt(_ states: [State], from first: Int, _ scores: inout StepScores) {
        for (row, state) in states.enumerated() {
            if let mayStart, state.isEmpty { scores.keep(mayStart, inRow: first + row) }
            if let ends { scores.move(ends.model, to: ends.index, inRow: first + row) }
        }
    }
}
