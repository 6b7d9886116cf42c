import Docids
import IndexStore
import Ranking
import Search

extension IndexReader {
    /// The token codes of each segment; nil where it has none, or those of another codebook.
    package func tokenCodes(of coder: TokenCoder) throws -> [TokenCodes?] {
        try snapshot.segments.map { segment in
            guard segment.has(TokenCodes.self) else { return nil }
            let codes = try segment.component(TokenCodes.self)
            let isOwn = codes.book == coder.fingerprint && codes.byteCount == coder.codebook.byteCount
            return isOwn ? codes : nil
        }
    }

    /// How an index compares the tokens of queries and passages.
    enum Interaction {
        /// By the stored head, with codes where passages have them.
        case stored
        /// By the generator's head, for which passages are read; and whether the stored one is another.
        case generator(isOther: Bool)
    }

    /// Nil where the index has no late-interaction head.
    var interaction: Interaction? {
        let stored = described(InteractionPart.self)
        guard let generator = described(GeneratorPart.self), generator.interacts == true else {
            return stored.map { _ in .stored }
        }
        // A head that no fingerprint is known of is an older genret's, which stored none.
        guard let stored else { return .generator(isOther: false) }
        return stored.head == generator.head ? .stored : .generator(isOther: true)
    }

    /// Whether reranking by late interaction reads no passages.
    package var interactsByCodes: Bool { if case .stored = interaction { true } else { false } }

    func described<Part: IndexPart>(_ type: Part.Type) -> Part.Description? {
        try? manifest.part(Part.kind)?.description.decoded(as: Part.Description.self)
    }
}
