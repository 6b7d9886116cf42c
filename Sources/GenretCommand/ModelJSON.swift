import Foundation
import Text
import Transformers

/// A model's summary as JSON.
struct ModelJSON: Encodable {
    struct Stack: Encodable {
        var layers, width, heads, keyHeads, headWidth, feedForwardWidth: Int
        var norm, placement, activation, positions: String
        var gated: Bool
        var longest: Int?
    }

    struct Storage: Encodable {
        var type: String
        var tensors, parameters, bytes: Int
    }

    struct Tensor: Encodable {
        var name, type: String
        var shape: [Int]
        var bytes: Int
    }

    struct Words: Encodable {
        var model: String
        var tokens: Int
        var normalizers, preTokenizers, postProcessors, decoders, special: [String]
    }

    var container: String
    var family: String?
    var encoder, decoder: Stack?
    var tied: Bool?
    var vocabulary: Int?
    var parameters: Int
    var storage: [Storage]
    var tensors: [Tensor]?
    var tokenizer: Words?
    var start: Int32?
    var ends: [Int32]?
    var chatTemplate: Bool
    var use, problem: String?

    init(_ summary: CheckpointSummary, tensors isListed: Bool) {
        container = summary.container
        family = summary.type
        encoder = summary.configuration?.encoder.map(Stack.init)
        decoder = summary.configuration?.decoder.map(Stack.init)
        tied = summary.configuration?.output?.isTied
        vocabulary = summary.configuration?.vocabularySize
        parameters = summary.parameterCount
        storage = summary.storage.map {
            Storage(
                type: $0.type, tensors: $0.tensorCount, parameters: $0.parameterCount, bytes: $0.byteCount)
        }
        if isListed {
            tensors = summary.tensors.map {
                Tensor(name: $0.name, type: $0.type, shape: $0.shape, bytes: $0.byteCount)
            }
        }
        tokenizer = (summary.tokenizer?.summary).map {
            Words(
                model: $0.model, tokens: $0.vocabularySize, normalizers: $0.normalizers,
                preTokenizers: $0.preTokenizers, postProcessors: $0.postProcessors,
                decoders: $0.decoders, special: $0.specialTokens)
        }
        start = summary.configuration?.tokens.start
        ends = summary.configuration?.tokens.ends
        chatTemplate = summary.chatTemplate != nil
        use = summary.use?.rawValue
        problem = summary.problem
    }

    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension ModelJSON.Stack {
    init(_ stack: StackConfiguration) {
        self.init(
            layers: stack.layerCount, width: stack.width, heads: stack.headCount,
            keyHeads: stack.keyHeadCount, headWidth: stack.headWidth,
            feedForwardWidth: stack.feedForwardWidth, norm: stack.normName,
            placement: stack.placement == .before ? "before" : "after",
            activation: stack.activationName, positions: stack.positionNames, gated: stack.isGated,
            longest: stack.maximumLength)
    }
}
