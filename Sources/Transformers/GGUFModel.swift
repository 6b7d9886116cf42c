import Memory
import Storage

/// A decoder in a GGUF file under Hugging Face's names: architectures `llama` and `qwen2`.
struct GGUFModel: Sendable {
    let file: GGUFFile
    let architecture: String
    /// What `config.json` would say.
    let configuration: JSONValue
    /// What `generation_config.json` would say.
    let generation: JSONValue
    /// The file's tensors under their new names.
    private let entries: [String: GGUFFile.Entry]
    private let headCount: Int
    private let keyValueHeadCount: Int

    private static let architectures = ["llama", "qwen2"]

    /// - Throws: ``ModelError`` when the architecture is another or its metadata is damaged.
    init(_ file: GGUFFile) throws(ModelError) {
        self.file = file
        guard let architecture = file.metadata["general.architecture"]?.string else {
            throw .malformed(path: file.path, reason: "there is no general.architecture")
        }
        guard GGUFModel.architectures.contains(architecture) else {
            throw .unsupported(
                path: file.path,
                reason: "the architecture is \(architecture); expected "
                    + GGUFModel.architectures.joined(separator: " or "))
        }
        if let experts = file.metadata["\(architecture).expert_count"]?.int, experts > 0 {
            throw .unsupported(path: file.path, reason: "mixtures of experts are not read")
        }
        self.architecture = architecture
        let metadata = GGUFMetadata(file: file, architecture: architecture)
        headCount = try metadata.size("attention.head_count", upTo: 1 << 10)
        keyValueHeadCount = try metadata.size(
            "attention.head_count_kv", upTo: 1 << 10, default: headCount)
        var entries: [String: GGUFFile.Entry] = [:]
        for entry in file.entries {
            let name = GGUFTensorNames.huggingFace(entry.name)
            guard entries.updateValue(entry, forKey: name) == nil else {
                throw .malformed(path: file.path, reason: "two tensors are named \(name)")
            }
        }
        self.entries = entries
        let isTied = entries["lm_head.weight"] == nil
        configuration = try metadata.configuration(
            vocabularySize: entries["model.embed_tokens.weight"]?.shape.first, isTied: isTied,
            hasAttentionBias: entries["model.layers.0.self_attn.q_proj.bias"] != nil)
        generation = metadata.generation
    }

    var tensors: [Checkpoint.Tensor] {
        entries.map {
            .init(
                name: $0.key, shape: $0.value.shape, type: $0.value.type.label,
                byteCount: $0.value.range.count)
        }
    }

    func shape(of name: String) -> [Int]? { entries[name]?.shape }

    func floats(_ name: String, shape: [Int]) throws(ModelError) -> FrozenArray<Float> {
        guard let entry = entries[name] else {
            throw .malformed(path: file.path, reason: "there is no tensor \(name)")
        }
        guard entry.shape == shape else {
            throw .malformed(
                path: file.path,
                reason: "the tensor \(name) has the shape \(entry.shape); expected \(shape)")
        }
        let values = file.floats(entry)
        guard architecture == "llama", let heads = interleavedHeads(name) else { return values }
        let rows = shape.first ?? 0
        guard rows > 0, rows % (2 * heads) == 0 else {
            throw .malformed(
                path: file.path, reason: "the rows of the tensor \(name) do not divide into \(heads) heads")
        }
        return GGUFModel.separateHalves(values, rows: rows, heads: heads)
    }

    /// How many heads a tensor has whose rows llama.cpp's converter reordered.
    private func interleavedHeads(_ name: String) -> Int? {
        if name.hasSuffix("self_attn.q_proj.weight") || name.hasSuffix("self_attn.q_proj.bias") {
            return headCount
        }
        if name.hasSuffix("self_attn.k_proj.weight") || name.hasSuffix("self_attn.k_proj.bias") {
            return keyValueHeadCount
        }
        return nil
    }

    /// Undoes llama.cpp's order of the rows of queries and keys.
    ///
    /// Rotary positions turn pairs of components. Hugging Face's pairs are component i of a head's
    /// first half with i of its second; the converter lays the two side by side.
    private static func separateHalves(
        _ values: FrozenArray<Float>, rows: Int, heads: Int
    ) -> FrozenArray<Float> {
        let width = values.count / rows
        let half = rows / heads / 2
        return FrozenArray(count: values.count) { output in
            values.withUnsafeBuffer { input in
                guard let source = input.baseAddress, let target = output.baseAddress else { return }
                for row in 0..<rows {
                    let (head, place) = (row / (2 * half), row % (2 * half))
                    let origin = head * 2 * half + 2 * (place % half) + place / half
                    (target + row * width).update(from: source + origin * width, count: width)
                }
            }
        }
    }

    /// The vocabulary as a `tokenizer.json`.
    func tokenizer() throws(ModelError) -> JSONValue {
        try GGUFTokenizer(file: file).json()
    }
}
