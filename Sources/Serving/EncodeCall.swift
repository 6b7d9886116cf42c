import Engine
import Foundation
import IndexStore
import Memory
import Tensors

public struct EncodeRequest: Sendable, Decodable {
    public enum Encoding: String, Sendable, Decodable, CaseIterable { case float, base64 }

    public var texts: [String]
    public var kind: EncodedKind
    public var encoding: Encoding

    public init(from decoder: any Decoder) throws {
        let members = try RequestMembers(decoder, known: ["texts", "kind", "encoding"])
        texts = try members.texts("texts")
        kind = try members.value("kind", as: EncodedKind.self, "query or passage") ?? .passage
        encoding = try members.value("encoding", as: Encoding.self, "float or base64") ?? .float
    }
}

public struct EncodeResponse: Sendable, Encodable {
    public var model: String
    public var dimension: Int
    /// One for each text, of length one.
    public var vectors: [EncodedVector]
    /// How many the encoder read.
    public var tokens: Int
}

/// A vector as a list of numbers, or as the base64 of 32-bit floats, the lowest byte first.
public enum EncodedVector: Sendable, Encodable {
    case numbers([Float])
    case base64(String)

    public init(_ row: some Sequence<Float>, _ encoding: EncodeRequest.Encoding) {
        switch encoding {
        case .float: self = .numbers(Array(row))
        case .base64:
            var bytes = Data()
            for value in row { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
            self = .base64(bytes.base64EncodedString())
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .numbers(let values): try container.encode(values)
        case .base64(let text): try container.encode(text)
        }
    }
}

/// Vectors of texts by the index's encoder.
public enum EncodeCall: IndexCall {
    public static let name = "encode"
    public static let summary = "Gives the vectors of texts by the index's encoder."

    public static func check(_ request: EncodeRequest, _ limits: ServingLimits) throws {
        try limits.check(texts: request.texts, "texts")
    }

    public static func answer(
        _ request: EncodeRequest, of index: ServedIndex, _ cancellation: Cancellation
    ) throws -> IndexAnswer<EncodeResponse> {
        let (vectors, tokens) = try index.engine.encode(request.texts, as: request.kind, cancellation: cancellation)
        return IndexAnswer(
            index: index.name,
            EncodeResponse(
                model: index.engine.manifest.encoder?.name ?? "", dimension: vectors.columns,
                vectors: (0..<vectors.rows).map { EncodedVector(vectors.row($0), request.encoding) }, tokens: tokens))
    }

    public static let requestSchema = Schema.named("EncodeRequest")
    public static let responseSchema = Schema.named("EncodeResponse")
}
