import Indexing

/// What stands for a passage while docids are learnt: texts that are to lead to it (Pradeep et al. 2023, section 3.1).
///
/// Written as `queries-10`, `first`, `labelled+queries-40`: sources with the most texts of a passage, joined by `+`.
package struct PassageRepresentation: Sendable, Hashable {
    package enum Source: String, Sendable, CaseIterable {
        /// The user's own queries, all that judge a passage relevant.
        case labelled
        /// Its first 64 words (FirstP).
        case first
        /// Runs of 64 words from anywhere (DaQ, "document as query").
        case spans
        /// Questions that a generator writes (D2Q).
        case queries
        case sentences, terms, title

        /// Texts of a passage where no number is given.
        var usual: Int {
            switch self {
            case .labelled, .first, .title: 1
            case .spans, .queries: 10
            case .sentences, .terms: 3
            }
        }

        /// Whether a number may be given.
        var counts: Bool { usual > 1 }
    }

    package struct Part: Sendable, Hashable {
        package var source: Source
        /// The most texts of a passage.
        package var count: Int
    }

    /// Each source once, in the order of ``Source``.
    package let parts: [Part]

    package var isLabelled: Bool { parts.contains { $0.source == .labelled } }
    package var isWritten: Bool { parts.contains { $0.source == .queries } }
}

extension PassageRepresentation: LosslessStringConvertible {
    /// Nil for anything but known sources, each once, with numbers from 1 to 1000.
    package init?(_ text: String) {
        var parts: [Part] = []
        for word in text.split(separator: "+", omittingEmptySubsequences: false) {
            let pieces = word.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let source = Source(rawValue: pieces[0]), !parts.contains(where: { $0.source == source }) else {
                return nil
            }
            var count = source.usual
            if pieces.count > 1 {
                guard source.counts, let number = Int(pieces[1]), (1...1000).contains(number) else { return nil }
                count = number
            }
            parts.append(Part(source: source, count: count))
        }
        let order = Source.allCases
        self.parts = parts.sorted { (order.firstIndex(of: $0.source) ?? 0) < (order.firstIndex(of: $1.source) ?? 0) }
    }

    package var description: String {
        parts.map { $0.source.counts ? "\($0.source.rawValue)-\($0.count)" : $0.source.rawValue }.joined(separator: "+")
    }
}
