import Memory
import Tensors
import Transformers

/// What a text is to an encoder: some encode questions otherwise than what answers them.
public enum EncodedKind: String, Sendable, Codable, CaseIterable {
    case query, passage
}

extension Engine {
    /// The vectors of texts by the index's encoder, [texts × dimension], rows of length one; those of queries are by the index's
    /// own encoder of queries where it has one. A text that is longer than the encoder reads is cut.
    ///
    /// - Returns: the vectors, and how many tokens were read.
    /// - Throws: ``EngineError/noEncoder(index:)``, ``EngineError/encoderNotInstalled(name:)`` or another reason why there is no
    ///   encoder; ``EngineError/cancelled``.
    public func encode(
        _ texts: [String], as kind: EncodedKind, cancellation: Cancellation = .never
    ) throws(EngineError) -> (vectors: Matrix, tokens: Int) {
        try reading { reader in
            let encoder =
                kind == .query
                ? try reader.value(IndexQueryEncoder.self).encoder : try reader.value(IndexEncoder.self).encoder
            var values: [Float] = []
            values.reserveCapacity(texts.count * encoder.dimension)
            var count = 0
            for first in stride(from: 0, to: texts.count, by: Self.encodedAtOnce) {
                try cancellation.throwIfRaised()
                let tokens = texts[first..<min(texts.count, first + Self.encodedAtOnce)].map {
                    encoder.tokens(of: $0, as: kind == .query ? .query : .passage)
                }
                count += tokens.reduce(0) { $0 + $1.count }
                values += encoder.encode(tokens: tokens).values
            }
            return (Matrix(rows: texts.count, columns: encoder.dimension, values: values), count)
        }
    }

    /// Texts that are encoded before the next look at whether they are still wanted.
    private static let encodedAtOnce = 32
}
