/// In JSON the deviations are a list of their names.
extension SEALDeviations: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        self = []
        for name in try container.decode([String].self) {
            guard let known = Self.names.first(where: { $0.name == name }) else {
                let all = Self.names.map(\.name).joined(separator: ", ")
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "one of \(all)")
            }
            formUnion(known.deviation)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        // A name that stands for several is not said beside them.
        try container.encode(
            Self.names.filter { $0.deviation.rawValue.nonzeroBitCount == 1 && contains($0.deviation) }.map(\.name))
    }
}
