import Storage
import Workloads

/// Where the bytes of an index go, a token.
struct Sizes {
    let container: Container
    let tokens: Int

    func print() {
        let parts: [(name: String, prefixes: [String])] = [
            ("size of the wavelet tree", ["fm.wavelet"]),
            ("size of the symbols", ["fm.symbols"]),
            ("size of the occurrence lists", ["fm.occurrences"]),
            ("size of the positions", ["fm.samples"]),
            ("size of the inverse", ["fm.document.rows", "fm.documents"]),
            ("size of the passages of rows", ["fm.row.documents"]),
            ("size of the tokens", ["fm.tokens"]),
            ("size of the frequent continuations", ["fm.frequent"]),
        ]
        let total = container.sections.reduce(0) { $0 + $1.length }
        Figure("size", Double(total) / Double(tokens), unit: "B/token").print()
        for part in parts {
            let bytes = container.sections.filter { section in
                part.prefixes.contains { section.name.hasPrefix($0) }
            }.reduce(0) { $0 + $1.length }
            guard bytes > 0 else { continue }
            Figure(part.name, Double(bytes) / Double(tokens), unit: "B/token").print()
        }
    }
}
