/// How the weights of a model are held, and so how their products are computed.
public enum Precision: String, Sendable, CaseIterable, Codable {
    /// The reference.
    case float32
    /// IEEE binary16 weights, widened on the way; activations and sums are single precision.
    case float16
    /// Single precision without its lower half.
    case bfloat16
    /// 8-bit weights with a scale an output channel, and activations rounded row by row to 8 bits
    /// (7 where the CPU's instructions would overflow).
    case int8

    /// The bits of a weight.
    package var bits: Int {
        switch self {
        case .float32: 32
        case .float16, .bfloat16: 16
        case .int8: 8
        }
    }
}
