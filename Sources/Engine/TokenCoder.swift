import Docids
import Memory
import Storage
import Tensors
import Transformers

/// Codes the tokens of passages as a late-interaction head sees them, and compares queries with the codes.
///
///     s = Σ_i w_i max_j P x_i · ŷ_j        with x, w and y of the head, P the codebook's projection, ŷ_j the code of y_j
package struct TokenCoder: Sendable {
    package static let fileKind = "interaction-head"

    package let head: LateInteraction
    package let codebook: ResidualCodebook
    /// SHA-256 of the weights of the encoder whose states it reads.
    package let encoder: String
    /// SHA-256 of all of it: codes that were made with another mean something else.
    package let fingerprint: String

    /// The most tokens of a passage that are coded, as many as a head is trained on.
    package static let passageTokens = QueryLikelihood.passageTokens

    package init(_ weights: InteractionWeights, _ codebook: ResidualCodebook, encoder: String) {
        (self.codebook, self.encoder) = (codebook, encoder)
        head = LateInteraction(weights)
        var hash = SHA256()
        hash.update(encoder + weights.fingerprint)
        for section in codebook.sections() {
            section.bytes.withUnsafeBuffer { hash.update(UnsafeRawBufferPointer($0)) }
        }
        fingerprint = hash.hex()
    }

    // MARK: Coding

    /// The codes of a passage's tokens.
    ///
    /// - Parameter states: the encoder's, [tokens × dimension].
    package func codes(ofStates states: UnsafeBufferPointer<Float>) -> [UInt8] {
        let most = Self.passageTokens * head.width
        return head.withPassage(UnsafeBufferPointer(rebasing: states.prefix(most))) { codebook.codes(of: $0) }
    }

    // MARK: Comparing

    /// A query as codes are compared with it.
    package struct Query: Sendable {
        fileprivate let tokens: ResidualCodebook.Queries
        fileprivate let shares: [Float]
    }

    package func query(_ states: Matrix) -> Query {
        let (vectors, shares) = head.query(states)
        return Query(tokens: vectors.withUnsafeBufferPointer { codebook.queries($0) }, shares: shares)
    }

    /// s of a query and a passage's codes; 0 where it has none.
    package func score(_ query: Query, _ codes: UnsafeBufferPointer<UInt8>) -> Float {
        guard !codes.isEmpty else { return 0 }
        return zip(query.shares, codebook.peaks(of: query.tokens, in: codes)).reduce(0) { $0 + $1.0 * $1.1 }
    }

    // MARK: Storing

    /// Maps a file.
    ///
    /// - Throws: `StorageError` and `DocidError` when the parts are damaged or do not fit together.
    package init(_ container: Container) throws {
        func text(_ name: String) throws -> String {
            String(decoding: try container.bytes(name).toArray(), as: UTF8.self)
        }
        head = LateInteraction(try InteractionWeights(container))
        codebook = try ResidualCodebook { try container.bytes($0) }
        (encoder, fingerprint) = (try text(Self.encoderSection), try text(Self.fingerprintSection))
        guard codebook.dimension == head.width else {
            throw StorageError.damaged(path: container.path, what: "its codebook is not of its head's width")
        }
    }

    package func write(to writer: ContainerWriter) throws(StorageError) {
        try head.weights.write(to: writer)
        for section in codebook.sections() { try writer.write(section.name, section.bytes) }
        try writer.write(Self.encoderSection, Array(encoder.utf8))
        try writer.write(Self.fingerprintSection, Array(fingerprint.utf8))
        try writer.finish()
    }

    private static let encoderSection = "head.encoder"
    private static let fingerprintSection = "book.fingerprint"
}
