import CKernels
import Foundation
import Memory
import Tensors
import Text

/// Scores a query and a passage that an encoder reads together (Nogueira and Cho 2019): BERT, RoBERTa or XLM-R with a head over the first
/// token's state,
///
///     s = W_c tanh(W_p h + b_p) + b_c
///
/// With two outputs the score is the second less the first.
package struct CrossEncoder: Sendable {
    package let configuration: ModelConfiguration
    package let tokenizer: Tokenizer
    private let encoder: TransformerStack
    private let pooler: (weight: FrozenArray<Float>, bias: FrozenArray<Float>)
    private let head: (weight: FrozenArray<Float>, bias: FrozenArray<Float>)
    private let outputs: Int
    /// The most tokens of both texts together.
    package let maxTokens: Int

    /// Whether a checkpoint has a head that scores.
    package static func isOne(_ checkpoint: Checkpoint) -> Bool { names(checkpoint) != nil }

    /// The names of the head's two layers, in BERT's form or RoBERTa's.
    private static func names(_ checkpoint: Checkpoint) -> (pooler: String, head: String)? {
        let forms = [
            ("bert.pooler.dense", "classifier"), ("pooler.dense", "classifier"),
            ("classifier.dense", "classifier.out_proj"),
        ]
        return forms.first { checkpoint.contains($0.0 + ".weight") && checkpoint.contains($0.1 + ".weight") }
    }

    /// Reads a Hugging Face folder.
    ///
    /// - Throws: ``ModelError`` when a file is missing or damaged, or describes no such model.
    package init(_ checkpoint: Checkpoint, precision: Precision = .float32) throws(ModelError) {
        let model = try TransformerModel(checkpoint, precision: precision)
        guard let encoder = model.encoder, model.decoder == nil, let names = Self.names(checkpoint),
            let longest = encoder.configuration.maximumLength
        else {
            throw .unsupported(
                path: checkpoint.path,
                reason: "a model of type \(model.configuration.type) without a head that scores pairs")
        }
        configuration = model.configuration
        self.encoder = encoder
        tokenizer = try checkpoint.tokenizer(for: configuration)
        let d = encoder.configuration.width
        pooler = (
            try checkpoint.floats(names.pooler + ".weight", shape: [d, d]),
            try checkpoint.floats(names.pooler + ".bias", shape: [d])
        )
        // One output is a regression's, two are those of no and yes.
        outputs = checkpoint.shape(of: names.head + ".weight")?.first ?? 0
        guard outputs == 1 || outputs == 2 else {
            throw .unsupported(path: checkpoint.path, reason: "its head has \(outputs) outputs; expected 1 or 2")
        }
        head = (
            try checkpoint.floats(names.head + ".weight", shape: [outputs, d]),
            try checkpoint.floats(names.head + ".bias", shape: [outputs])
        )
        maxTokens = longest
    }

    /// A query and a passage as one text, and where the passage begins. Only the passage is cut, unless the query takes more than half
    /// of the room.
    package func pair(_ query: String, _ passage: String, passageTokens: Int = .max) -> (
        tokens: [Int32], second: Int, isCut: Bool
    ) {
        let (before, after) = (tokenizer.tokensBefore, tokenizer.tokensAfter)
        // RoBERTa ends both texts and begins none of them anew.
        let between = configuration.type == "bert" ? after : after + after
        let room = max(0, maxTokens - before.count - between.count - after.count)
        let own = tokenizer.encode(passage, addSpecialTokens: false).ids
        let wanted = min(own.count, passageTokens)
        let first = tokenizer.encode(query, addSpecialTokens: false).ids.prefix(max(room / 2, room - wanted))
        let most = min(wanted, room - first.count)
        let start = before + first + between
        return (start + own.prefix(most) + after, start.count, own.count > most)
    }

    /// Scores of pairs, in their order; larger is better. A score does not depend on the other pairs.
    package func scores(_ pairs: [(tokens: [Int32], second: Int)], team: ThreadTeam = ThreadTeam(threads: 1)) -> [Float]
    {
        guard !pairs.isEmpty else { return [] }
        let scratch = encoder.scratches.take(ProductScratch(team: team))
        defer { encoder.scratches.giveBack(scratch) }
        encoder.encode(pairs.map(\.tokens), seconds: pairs.map(\.second), scratch)
        let d = encoder.configuration.width
        var row = scratch.states.base
        return pairs.map { pair in
            defer { row += pair.tokens.count * d }
            return score(row, d)
        }
    }

    private func score(_ state: UnsafePointer<Float>, _ d: Int) -> Float {
        let pooled = (0..<d).map {
            tanh(ck_dot(pooler.weight.unsafeBase + $0 * d, state, d) + pooler.bias.unsafeBase[$0])
        }
        let logits = (0..<outputs).map { ck_dot(head.weight.unsafeBase + $0 * d, pooled, d) + head.bias.unsafeBase[$0] }
        return outputs == 1 ? logits[0] : logits[1] - logits[0]
    }
}
