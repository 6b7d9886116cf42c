/// A value of a GGUF file's metadata.
enum GGUFValue: Sendable {
    /// Integers of every width; those beyond `Int` become numbers.
    case integer(Int)
    case number(Double)
    case bool(Bool)
    case string(String)
    case array([GGUFValue])

    var int: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var array: [GGUFValue]? {
        if case .array(let values) = self { values } else { nil }
    }
}
