import Storage

/// A family of models: how its configuration reads, and what its tensors are called.
protocol FamilyDescription {
    /// The values of `model_type` it answers to.
    static var types: [String] { get }
    static func configuration(
        _ reader: ConfigurationReader, type: String
    ) throws(ModelError) -> ModelConfiguration
    /// The names of a checkpoint's tensors; some depend on how it was saved.
    static func names(_ checkpoint: Checkpoint) -> ModelNames
}

/// The families that genret runs.
enum ModelFamily {
    static var all: [any FamilyDescription.Type] {
        [BERTFamily.self, MPNetFamily.self, T5Family.self, BARTFamily.self, LlamaFamily.self]
    }

    /// Every `model_type` that can be loaded.
    static var types: [String] { all.flatMap { $0.types } }

    static func named(_ type: String) -> (any FamilyDescription.Type)? {
        all.first { $0.types.contains(type) }
    }

    static func configuration(_ json: JSONValue, path: String) throws(ModelError) -> ModelConfiguration {
        let reader = ConfigurationReader(json: json, path: path)
        let type = try reader.word("model_type", standard: "missing")
        guard let family = named(type) else {
            throw reader.unsupported(
                "model_type is \(type); expected one of \(types.joined(separator: ", "))")
        }
        return try family.configuration(reader, type: type)
    }
}
