import Transformers

extension StackConfiguration {
    /// A few lines on what the layers are made of.
    var lines: [String] {
        let heads =
            keyHeadCount == headCount
            ? "\(headCount) heads of \(headWidth)"
            : "\(headCount) heads of \(headWidth) (\(keyHeadCount) for keys and values)"
        let longest = maximumLength.map { "at most \($0.grouped) tokens" } ?? "of any length"
        return [
            "\(layerCount) layers, width \(width.grouped), \(heads)"
                + (hasCrossAttention ? ", attention to the encoder" : ""),
            "feed-forward \(feedForwardWidth.grouped), \(activationName)\(isGated ? ", gated" : "")",
            "\(normName) \(placement == .before ? "before" : "after") each sublayer, \(biasNames)",
            "\(positionNames), \(longest)",
        ]
    }

    var activationName: String {
        switch activation {
        case .relu: "relu"
        case .gelu: "gelu"
        case .geluTanh: "gelu by tanh"
        case .silu: "silu"
        }
    }

    var normName: String {
        switch norm {
        case .layer(let epsilon): "layer norm (epsilon \(epsilon))"
        case .rootMeanSquare(let epsilon): "root-mean-square norm (epsilon \(epsilon))"
        }
    }

    private var biasNames: String {
        switch biases {
        case .none: "no biases"
        case .all: "biases"
        case .queryKeyValue: "biases of queries, keys and values"
        }
    }

    var positionNames: String {
        func buckets(_ relative: RelativePositions) -> String {
            "\(relative.buckets) buckets of distances up to \(relative.furthest)"
        }
        switch positions {
        case .learned(let count, _): return "\(count.grouped) learned positions"
        case .relative(let relative): return buckets(relative)
        case .learnedAndRelative(let count, _, let relative):
            return "\(count.grouped) learned positions and \(buckets(relative))"
        case .rotary(let rotary):
            let base = "rotary positions of base \(rotary.base.asShort)"
            switch rotary.scaling {
            case .none: return base
            case .linear(let factor): return base + ", slowed \(factor.asShort) times"
            case .llama3(let factor, _, _, _): return base + ", the slow ones \(factor.asShort) times slower"
            }
        }
    }
}

extension Double {
    /// Without a fraction where there is none.
    fileprivate var asShort: String { Int(exactly: self).map(\.grouped) ?? "\(self)" }
}
