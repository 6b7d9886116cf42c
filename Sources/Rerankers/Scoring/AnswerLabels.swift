import Foundation
import Text
import Transformers

/// The answers among which a model decides, each by the tokens that may begin it: "A" at the start of a line, " A" after a word.
struct AnswerLabels: Sendable {
    /// Why a label cannot be one.
    struct Fault: Error, Equatable, CustomStringConvertible {
        var label: String

        var description: String { "the model has no single token for the label \"\(label)\"" }
    }

    let texts: [String]
    /// Of each label.
    let tokens: [[Int32]]

    /// - Throws: ``Fault`` where a label is of several tokens, or two labels are of the same.
    init(_ texts: [String], _ language: LanguageModel) throws(Fault) {
        self.texts = texts
        var seen: Set<Int32> = []
        var tokens: [[Int32]] = []
        for text in texts {
            var own: [Int32] = []
            for form in [text, " " + text] {
                let ids = language.tokenizer.encode(form, addSpecialTokens: false).ids
                // Of a tokenizer that puts a mark before words both forms are the same.
                if ids.count == 1, let only = ids.first, !own.contains(only) { own.append(only) }
            }
            guard !own.isEmpty, own.allSatisfy({ seen.insert($0).inserted }) else { throw Fault(label: text) }
            tokens.append(own)
        }
        self.tokens = tokens
    }

    /// Of the first labels alone.
    func prefix(_ count: Int) -> [Int32] { tokens.prefix(count).flatMap(\.self) }

    /// Each of the first labels' logits, by those of their tokens in the order of ``prefix(_:)``: the logarithm of the sum of the
    /// exponentials of a label's own.
    func logits(_ values: [Float], _ count: Int) -> [Double] {
        var start = 0
        return tokens.prefix(count).map { own in
            defer { start += own.count }
            let own = values[start..<start + own.count].map(Double.init)
            let most = own.max() ?? 0
            return most + log(own.reduce(0) { $0 + exp($1 - most) })
        }
    }
}
