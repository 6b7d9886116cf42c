import Foundation
import Storage
import Text

/// What a checkpoint holds and what it can be used for, whether or not genret can run it.
///
/// Only headers and the small files beside them are read, no weights.
package struct CheckpointSummary: Sendable {
    /// What a model is good for.
    package enum Use: String, Sendable {
        case sentenceEncoder = "sentence encoder"
        case sequenceToSequence = "sequence-to-sequence generator"
        case textGenerator = "text generator"
    }

    /// The tensors that are stored in one way.
    package struct Storage: Sendable, Equatable {
        /// Such as "F32" or "Q4_K".
        package let type: String
        package let tensorCount: Int
        package let parameterCount: Int
        package let byteCount: Int
    }

    /// "safetensors" or "GGUF".
    package let container: String
    /// `model_type`, or a GGUF file's architecture.
    package let type: String?
    /// nil for a model of a family that is not supported.
    package let configuration: ModelConfiguration?
    /// By name.
    package let tensors: [Checkpoint.Tensor]
    /// nil without a tokenizer that can be read.
    package let tokenizer: Tokenizer?
    package let chatTemplate: String?
    /// nil where genret can do nothing with the model.
    package let use: Use?
    /// Why the model cannot be run.
    package let problem: String?

    /// - Throws: ``ModelError`` when there are no weights or their header is damaged.
    package init(contentsOf url: URL) throws(ModelError) {
        let source = try CheckpointSource(url)
        var problems: [String] = []
        func noted<Value>(_ body: () throws(ModelError) -> Value) -> Value? {
            do { return try body() } catch {
                problems.append(error.description)
                return nil
            }
        }
        var tensors: [Checkpoint.Tensor]
        switch source.weights {
        case .gguf(let file):
            let gguf = try GGUFFile(contentsOf: file)
            container = "GGUF"
            type = gguf.metadata["general.architecture"]?.string
            tensors = gguf.entries.map {
                .init(name: $0.name, shape: $0.shape, type: $0.type.label, byteCount: $0.range.count)
            }
        case .safetensors(let file), .index(let file):
            let isIndex = if case .index = source.weights { true } else { false }
            tensors = (isIndex ? try SafetensorsShards(index: file) : try SafetensorsShards(file: file)).tensors
            container = "safetensors"
            let settings = try? ModelFile.json(source.folder.appendingPathComponent("config.json"))
            type = settings?["model_type"]?.string
        }
        let checkpoint = noted { () throws(ModelError) in try Checkpoint(contentsOf: url) }
        if let checkpoint { tensors = checkpoint.tensors }
        self.tensors = tensors.sorted { $0.name < $1.name }
        let configuration = noted { () throws(ModelError) in try checkpoint?.modelConfiguration() } ?? nil
        tokenizer =
            noted { () throws(ModelError) in
                try checkpoint?.tokenizer(upTo: configuration?.vocabularySize)
            } ?? nil
        chatTemplate = try? checkpoint?.chatTemplate()
        if let configuration {
            _ = noted { () throws(ModelError) in try checkpoint?.checkSettings(of: configuration) }
        }
        self.configuration = configuration
        let use = configuration?.use
        if let configuration, use == nil { problems.append(url.path + ": " + configuration.uselessness) }
        problem = problems.first
        self.use = problems.isEmpty ? use : nil
    }

    /// The number of elements of all tensors.
    package var parameterCount: Int { tensors.reduce(0) { $0 + $1.elementCount } }

    /// The ways in which tensors are stored, the largest first.
    package var storage: [Storage] {
        Dictionary(grouping: tensors, by: \.type).map { type, tensors in
            Storage(
                type: type, tensorCount: tensors.count,
                parameterCount: tensors.reduce(0) { $0 + $1.elementCount },
                byteCount: tensors.reduce(0) { $0 + $1.byteCount })
        }
        .sorted { ($1.byteCount, $0.type) < ($0.byteCount, $1.type) }
    }
}

extension Checkpoint.Tensor {
    package var elementCount: Int { shape.reduce(1, *) }
}

extension ModelConfiguration {
    /// What a model of this configuration is good for.
    package var use: CheckpointSummary.Use? {
        if decoder != nil { return encoder == nil ? .textGenerator : .sequenceToSequence }
        return encoder?.maximumLength == nil ? nil : .sentenceEncoder
    }

    /// Why there is no use.
    var uselessness: String { "a model of type \(type) that neither generates nor has a longest text" }
}
