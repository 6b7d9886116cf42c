import CKernels

/// How the weights of a linear layer are stored, and so how its product is computed.
public enum Precision: String, Sendable, CaseIterable, Codable {
    /// The reference.
    case float32
    /// IEEE binary16 weights, widened on the way; activations and sums are single precision.
    case float16
    /// Single precision without its lower half.
    case bfloat16
    /// 8-bit weights with a scale an output channel, and activations rounded row by row to 8 bits
    /// (7 where the CPU's instructions would overflow, see ``Precision/int8Instructions``).
    case int8

    /// The bits of a weight.
    public var bits: Int {
        switch self {
        case .float32: 32
        case .float16, .bfloat16: 16
        case .int8: 8
        }
    }

    /// The instructions that int8 products use on this machine.
    public static var int8Instructions: String { String(cString: ck_int8_instructions()) }
}
