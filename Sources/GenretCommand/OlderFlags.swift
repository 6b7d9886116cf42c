/// The flags of `query` and `search` that `--set` has replaced. They are understood until the next release and no longer
/// shown.
enum OlderFlags {
    /// What a flag sets.
    private enum Meaning {
        /// An option to the flag's value.
        case value(String)
        /// Options to values of their own; the flag has none.
        case fixed([String])
        /// An option to a list of the names in the flag's value.
        case names(String)
    }

    private static let meanings: [String: Meaning] = [
        "beam": .value("ngram.beams"), "key-length": .value("ngram.keyLength"),
        "title-length": .value("ngram.titleLength"), "max-hits": .value("ngram.evidence.maxHits"),
        "full-score": .value("ngram.evidence.fullScore"), "no-body-keys": .fixed(["ngram.decodesBodies=false"]),
        "no-titles": .fixed(["ngram.decodesTitles=false"]),
        "partial-titles": .fixed(["ngram.keepsPartialTitles=true"]),
        "no-pseudo-queries": .fixed(["ngram.decodesPseudoQueries=false"]),
        "no-query-keys": .fixed(["ngram.addsQueryKeys=false"]), "query-words": .value("ngram.queryWords"),
        "no-unigrams": .fixed(
            ["ngram.topUnigrams=0", "ngram.addsBestUnigrams=false", "ngram.tuning.addsBestUnigrams=false"]),
        "top-unigrams": .value("ngram.topUnigrams"),
        "no-best-unigrams": .fixed(["ngram.tuning.addsBestUnigrams=false"]),
        "no-rescore": .fixed(["ngram.rescores=false"]), "renormalize": .fixed(["ngram.renormalizes=true"]),
        "drop-weightless": .fixed(["ngram.dropsWeightless=true"]),
        "no-drop-weightless": .fixed(["ngram.dropsWeightless=false"]),
        "lm-only": .fixed(["ngram.weighting.usesCounts=false"]), "score-exponent": .value("ngram.tuning.exponent"),
        "unigram-exponent": .fixed(["ngram.tuning.raisesUnigrams=true"]),
        "no-unigram-exponent": .fixed(["ngram.tuning.raisesUnigrams=false"]),
        "repetition-penalty": .value("ngram.tuning.beta"), "smoothing": .value("ngram.weighting.smoothing"),
        "scoring-length-penalty": .value("ngram.weighting.lengthDiscount"),
        "length-penalty": .value("ngram.lengthPenalty"), "draws": .value("ngram.tuning.draws"),
        "generated-factor": .value("ngram.tuning.generatedFactor"),
        "inflection-factor": .value("ngram.tuning.inflectionFactor"),
        "title-factor": .value("ngram.tuning.titleFactor"), "unigram-factor": .value("ngram.tuning.unigramFactor"),
        "copy-gate": .value("ngram.model.gate"), "copy-follow": .value("ngram.model.follow"),
        "continuations": .value("ngram.model.continuations"),
        "query-tokens": .value("ngram.model.maximumQueryTokens"), "single-key": .value("ngram.evidence.singleKey"),
        "allow-overlaps": .fixed(["ngram.evidence.allowsOverlaps=true"]),
        "repeat-share": .value("ngram.tuning.repeatShare"),
        "length-normalization": .value("ngram.tuning.lengthNormalization"),
        "stop-at-count": .value("ngram.stopAtCount"), "skip-frequent-keys": .value("ngram.maximumCount"),
        "seal-compatible": .names("ngram.deviations"), "k1": .value("bm25.k1"), "b": .value("bm25.b"),
        "plan-ahead": .value("docid.lookAhead"), "docid-beam": .value("docid.beams"),
    ]

    /// A command's arguments with each older flag as what it means now.
    static func rewritten(_ arguments: [String]) -> [String] {
        let flags = arguments.prefix { $0 != "--" }
        // The parser's name for it says what is hidden; this one, what is shown.
        let arguments = flags.map { $0 == "--help-all" ? "--help-hidden" : $0 } + arguments[flags.count...]
        guard let command = arguments.first, command == "query" || command == "search" else { return arguments }
        var result: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--json=v1" {
                result.append("--" + QueryCommand.wholeJSON)
                continue
            }
            guard argument.hasPrefix("--"), argument != "--" else {
                result.append(argument)
                // What comes behind is no flag.
                if argument == "--" { result += rest; rest = [] }
                continue
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let meaning = meanings[String(parts[0])] else {
                result.append(argument)
                continue
            }
            // A flag without its value is the parser's to refuse.
            func value() -> String? { parts.count > 1 ? String(parts[1]) : rest.popFirst() }
            switch meaning {
            case .fixed(let settings): for setting in settings { result += ["--set", setting] }
            case .value(let option): result += value().map { ["--set", "\(option)=\($0)"] } ?? [argument]
            case .names(let option):
                result +=
                    value().map { value in
                        let names = value.split(separator: ",").map { "\"\($0)\"" }.joined(separator: ",")
                        return ["--set", "\(option)=[\(names)]"]
                    } ?? [argument]
            }
        }
        return result
    }
}
