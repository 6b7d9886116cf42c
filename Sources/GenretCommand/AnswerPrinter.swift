import Corpora
import Engine
import Foundation
import Ranking
import Search

/// Prints answers for a person.
struct AnswerPrinter {
    /// Whether all is printed that explains an answer, where the response has it.
    var explains = false
    /// Whether a line says what found an answer.
    var saysFoundBy = false
    /// Whether the last line says how long each step took.
    var saysTimes = true

    func print(_ response: SearchResponse) {
        if response.candidates.isEmpty { line("nothing found") }
        let marks = Terminal.emphasis
        for item in response.candidates {
            let title = (item.title ?? "").isEmpty ? "" : "  " + Terminal.bold(item.title ?? "")
            line(String(format: "%2d  %8.4f  %@%@", item.rank, item.score, item.docid, title))
            let snippet = (item.snippet?.runs ?? []).map {
                $0.isMatch == true ? marks.before + $0.text + marks.after : $0.text
            }
            line(wrapped(snippet.joined()))
            if let fields = item.fields { line("    " + Terminal.dim(self.text(of: fields))) }
            guard let explanation = item.explanation else { continue }
            if saysFoundBy, let found = FoundBy(explanation: explanation).line { line("    found by " + found) }
            if explains { explain(item, explanation) }
        }
        if explains { for feedback in response.feedback ?? [] { print(feedback) } }
        for facet in response.facets ?? [] { print(facet) }
        guard saysTimes else { return }
        let steps = response.timings.filter { $0.key != "encode" && ($0.key != "rerank" || $0.value > 0) }
        let times = order(steps.keys).map { String(format: "%@ %.1f", $0, steps[$0] ?? 0) }
        let count = response.candidates.count
        line(
            String(
                format: "%d %@ in %.1f ms (encode %.1f, %@)", count, count == 1 ? "hit" : "hits", response.milliseconds,
                response.timings["encode"] ?? 0, times.joined(separator: ", ")))
    }

    /// What was done to the query.
    private func print(_ feedback: SearchResponse.Feedback) {
        let passages = [(feedback.relevant, "relevant"), (feedback.irrelevant, "irrelevant")].filter { !$0.0.isEmpty }
            .map { "\($0.count.counted("passage")) as \($1)" }
        let similarity = feedback.similarity.map {
            [String(format: "the vector has cosine %.4f with the query's own", $0)]
        }
        let terms = feedback.terms.map { terms in
            ["terms " + terms.map { String(format: "\"%@\" %.3f", $0.term, $0.weight) }.joined(separator: ", ")]
        }
        line(
            "feedback \(feedback.method), \(passages.joined(separator: " and ")): "
                + ((terms ?? []) + (similarity ?? [])).joined(separator: "; "))
    }

    /// Fields in a line, lists with commas.
    private func text(of fields: JSONTree) -> String {
        guard case .object(let members) = fields else { return Self.text(fields) }
        return members.sorted { $0.key < $1.key }.map { "\($0.key): \(Self.text($0.value))" }.joined(separator: "  ")
    }

    private static func text(_ value: JSONTree) -> String {
        switch value {
        case .string(let text): text
        case .array(let values): values.map(text).joined(separator: ", ")
        default: (try? AnswerJSON.text(of: value, isLine: true)) ?? ""
        }
    }

    /// The most frequent values of a field.
    private func print(_ facet: SearchResponse.Facet) {
        let shown = facet.values.prefix(20).map { "\(Self.text($0.value)) \($0.count.grouped)" }
        let rest = facet.values.count - shown.count
        line(
            "\(facet.field), of \(facet.passages.counted("passage")): "
                + (shown.isEmpty ? "no values" : shown.joined(separator: ", "))
                + (rest > 0 ? ", and \(rest.grouped) values more" : ""))
    }

    /// Components in the order in which they run.
    private func order(_ names: some Sequence<String>) -> [String] {
        let known = Registry.standard.retrievers.map { $0.id.name }
        return names.sorted { a, b in
            let (first, second) = (known.firstIndex(of: a) ?? known.count, known.firstIndex(of: b) ?? known.count)
            return first != second ? first < second : a < b
        }
    }

    /// As a terminal shows it; elsewhere a line, which programs read.
    private func wrapped(_ text: String) -> String {
        guard let columns = Terminal.columns else { return "    " + text }
        return WrappedText(columns: columns, indent: "    ").lines(text)
    }

    private func line(_ text: String) { StandardStreams.shared.write(text + "\n") }

    private func explain(_ item: SearchResponse.Candidate, _ explanation: Explanation) {
        for part in explanation.score.parts where part.name != .rerank {
            let rank = part.rank.map { "rank \($0)" } ?? "not listed"
            let score = part.score.map { String(format: "%.4f", $0) } ?? "-"
            let name = part.name.name.padding(toLength: max(6, part.name.name.count), withPad: " ", startingAt: 0)
            line(String(format: "      %@ %@, score %@, gives %.4f", name, rank, score, part.contribution))
        }
        if let rerank = item.rerank {
            let scores = (rerank.scores ?? [:]).sorted { $0.key < $1.key }
                .map { String(format: "%@ %.4f", $0.key.name, $0.value) }
            line(
                String(
                    format: "      rerank %@, gives %.4f",
                    scores.isEmpty ? "not scored" : scores.joined(separator: ", "),
                    rerank.contribution))
        }
        if let vector = explanation.detail("vector", as: String.self) { line("      vector \(vector)") }
        if let docid = explanation.detail("docid", as: DocidPath.self) {
            let steps = docid.levels.map { String(format: "%d (%.2f)", $0.token, $0.logProb) }
            line("      docid \(docid.scheme): " + steps.joined(separator: " › "))
            if let text = docid.text { line("        \"" + WhiteSpace.collapsed(text) + "\"") }
        }
        for key in explanation.detail("keys", as: [GeneratedKey].self) ?? [] {
            guard key.kind != .terms else {
                line(String(format: "      keys over \"%@\", which gives %.2f", key.text, key.weight))
                continue
            }
            line(
                String(
                    format: "      key \"%@\" (%@): count %d, log p(n|q) %.2f, weight %.2f, coverage %.2f",
                    key.text, [key.kind.rawValue, key.adds?.rawValue].compactMap { $0 }.joined(separator: ", "),
                    key.count, key.logProb, key.weight, key.coverage))
        }
        for term in explanation.detail("terms", as: [TermPart].self) ?? [] {
            let weight = term.weight.map { String(format: " with weight %.3f", $0) } ?? ""
            line(
                String(
                    format: "      term \"%@\": idf %.2f%@, gives %.4f", term.term, term.idf, weight, term.contribution)
            )
        }
    }
}
