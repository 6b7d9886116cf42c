import Engine
import Foundation
import Ranking

/// Prints answers for a person.
struct ResultPrinter {
    var explaining: Bool

    func print(_ result: SearchResult, _ hits: [PresentedHit]) {
        if hits.isEmpty { line("nothing found") }
        let marks = Terminal.emphasis
        for item in hits {
            let hit = item.hit
            let title = item.title.isEmpty ? "" : "  " + Terminal.bold(item.title)
            line(String(format: "%2d  %8.4f  %@%@", hit.rank, hit.score, hit.id, title))
            line("    " + item.snippet.marked(before: marks.before, after: marks.after))
            if explaining { explain(item) }
        }
        var times = result.diagnostics.retrieverSeconds.sorted { $0.key < $1.key }
            .map { String(format: "%@ %.1f", $0.key.rawValue, 1000 * $0.value) }
        if result.diagnostics.reranked > 0 {
            times.append(String(format: "rerank %.1f", 1000 * result.diagnostics.rerankSeconds))
        }
        line(
            String(
                format: "%d hits in %.1f ms (encode %.1f, %@)", hits.count,
                1000 * result.diagnostics.seconds, 1000 * result.diagnostics.encodeSeconds,
                times.joined(separator: ", ")))
    }

    private func line(_ text: String) { StandardStreams.shared.write(text + "\n") }

    private func explain(_ item: PresentedHit) {
        for part in item.hit.parts {
            let rank = part.rank.map { "rank \($0)" } ?? "not listed"
            let score = part.score.map { String(format: "%.4f", $0) } ?? "-"
            line(
                String(
                    format: "      %@ %@, score %@, gives %.4f",
                    part.kind.rawValue.padding(toLength: 6, withPad: " ", startingAt: 0), rank, score,
                    part.contribution))
        }
        if let rerank = item.hit.rerank {
            let likelihood = rerank.signals?.logLikelihood.map { String(format: "log p %.4f a token", $0) }
            let interaction = rerank.signals?.interaction.map { String(format: "interaction %.4f", $0) }
            let said = [likelihood, interaction].compactMap { $0 }
            line(
                String(
                    format: "      rerank %@, gives %.4f", said.isEmpty ? "not scored" : said.joined(separator: ", "),
                    rerank.contribution))
        }
        guard let explanation = item.explanation else { return }
        if !explanation.docid.isEmpty {
            let steps = explanation.docid.map { String(format: "%d (%.2f)", $0.token, $0.logProb) }
            line("      docid \(explanation.scheme): " + steps.joined(separator: " › "))
        }
        for key in explanation.keys {
            line(
                String(
                    format: "      key \"%@\" (%@): count %d, log p(n|q) %.2f, weight %.2f, coverage %.2f",
                    key.text, key.kind.rawValue, key.count, key.logProb, key.weight, key.coverage))
        }
    }
}
