import Storage

/// The sizes of small decoders over a sentence encoder's states, which their `config.json` files share.
extension StackConfiguration {
    /// The layers of a generator or a docid network.
    static func decoder(
        layerCount: Int, width: Int, headCount: Int, feedForwardWidth: Int, epsilon: Float, positions: Int
    ) -> StackConfiguration {
        let headWidth = width / headCount
        return StackConfiguration(
            layerCount: layerCount, width: width, headCount: headCount, keyHeadCount: headCount,
            headWidth: headWidth, feedForwardWidth: feedForwardWidth, norm: .layer(epsilon: epsilon),
            placement: .before, activation: .gelu, isGated: false,
            positions: .learned(count: positions, offset: 0), biases: .all,
            attentionScale: 1 / Float(headWidth).squareRoot(), hasFinalNorm: true,
            hasCrossAttention: true, maximumLength: positions)
    }

    /// Reads the layers' sizes.
    ///
    /// - Throws: ``ModelError`` when one is missing or impossible.
    static func decoder(_ reader: ConfigurationReader, positions: Int) throws(ModelError) -> StackConfiguration {
        let width = try reader.size("hidden_size", upTo: 1 << 16)
        let heads = try reader.size("num_heads", upTo: 1 << 10)
        _ = try reader.headWidth(width, heads)
        return .decoder(
            layerCount: try reader.size("num_layers", upTo: 1 << 10), width: width, headCount: heads,
            feedForwardWidth: try reader.size("intermediate_size", upTo: 1 << 18),
            epsilon: try reader.epsilon("layer_norm_eps", standard: 1e-5), positions: positions)
    }

    /// What norms add to the variance.
    var epsilon: Float {
        switch norm {
        case .layer(let epsilon), .rootMeanSquare(let epsilon): epsilon
        }
    }

    /// The members of `config.json` that ``decoder(_:positions:)`` reads.
    var decoderMembers: [JSONValue.Member] {
        [
            .init("hidden_size", .number(Double(width))), .init("num_layers", .number(Double(layerCount))),
            .init("num_heads", .number(Double(headCount))),
            .init("intermediate_size", .number(Double(feedForwardWidth))),
            // By way of its shortest text, 1e-05 and not the double next to it.
            .init("layer_norm_eps", .number(Double("\(epsilon)") ?? Double(epsilon))),
        ]
    }
}

extension ConfigurationReader {
    /// The name of the encoder that a network of some `model_type` reads.
    ///
    /// - Throws: ``ModelError`` when the network is of another type, or names none.
    func encoder(ofType expected: String) throws(ModelError) -> String {
        let type = try word("model_type", standard: "missing")
        guard type == expected else { throw unsupported("model_type is \(type); expected \(expected)") }
        let encoder = try word("encoder", standard: "")
        guard !encoder.isEmpty else { throw fault("encoder must name a sentence encoder") }
        return encoder
    }
}
