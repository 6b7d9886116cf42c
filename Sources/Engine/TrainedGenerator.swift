import Decoding
import Ranking
import Text
import Transformers

/// A trained generator with what the n-gram retriever of an index must know of its tokens.
package struct TrainedGenerator: Sendable {
    package let model: GeneratorModel
    /// The constants of weights and evidence that fit it.
    package let tuning: KeyTuning
    /// For each token whether a key may start with it.
    private let mayStart: [Bool]
    private let marks: NgramMarks
    private let body: Int
    private let end: Int32
    /// The views besides bodies, each with its task.
    private let others: [(view: NgramView, task: Int)]

    /// Nil where the model was not trained for passages, or its tokenizer has no separator.
    package init?(_ model: GeneratorModel, marks: NgramMarks, tuning: KeyTuning = .usual) {
        guard let body = model.task("body"), let end = model.end else { return nil }
        self.model = model
        self.tuning = tuning
        self.marks = marks
        self.body = body
        self.end = end
        mayStart = model.encoder.tokenizer.wordStarts(count: model.configuration.vocabularySize)
        var others: [(view: NgramView, task: Int)] = []
        if let title = model.task("title") { others.append((.title, title)) }
        if marks.queryStart != nil, let question = model.task("question") {
            others.append((.pseudoQuery, question))
        }
        self.others = others
    }

    /// The generator of one query.
    package func ngrams(
        _ source: GeneratorModel.Source
    ) -> TrainedNgramGenerator<GenerationSession> {
        let session = model.session([source], tasks: [body] + others.map(\.task))
        var starts: [NgramView: DecoderState] = [:]
        for (place, other) in others.enumerated() {
            starts[other.view] = session.initialState(ofSource: place + 1)
        }
        return TrainedNgramGenerator(
            session, body: session.initialState, others: starts, mayStart: mayStart, end: end,
            titleEnd: marks.titleEnd)
    }
}
