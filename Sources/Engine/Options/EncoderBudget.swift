/// How many passages the encoder itself gives their vectors when they come to an index; the others get static ones, which stand in
/// for them until the encoder's take their place.
public enum EncoderBudget: Sendable, Equatable {
    case all
    /// So many in each build or addition, and never fewer than static vectors are fitted to.
    case passages(Int)
    /// As many as so many minutes are enough for: an index that depends on the machine's speed.
    case minutes(Double)
}

extension EncoderBudget: LosslessStringConvertible {
    /// Reads "all", "none", a number of passages, or minutes such as "10m".
    public init?(_ text: String) {
        switch text {
        case "all": self = .all
        case "none": self = .passages(0)
        case _ where text.hasSuffix("m"):
            guard let minutes = Double(text.dropLast()), minutes >= 0, minutes.isFinite else { return nil }
            self = .minutes(minutes)
        default:
            guard let passages = Int(text), passages >= 0 else { return nil }
            self = .passages(passages)
        }
    }

    public var description: String {
        switch self {
        case .all: "all"
        case .passages(0): "none"
        case .passages(let count): "\(count)"
        case .minutes(let minutes): "\(minutes)m"
        }
    }
}

extension EncoderBudget: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let budget = EncoderBudget(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no budget of an encoder")
        }
        self = budget
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
