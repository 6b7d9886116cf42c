/// What "How Does Generative Retrieval Scale to Millions of Passages?" found (Pradeep et al. 2023, arXiv 2305.11841), as far as
/// cells can repeat it. Figures are MRR@10 on MS MARCO with 100k, 1M and 8.8M passages.
enum ScalingPaper {
    static let citation = "Pradeep et al. 2023"

    private static func finding(
        _ claim: String, _ paper: String, _ expected: Finding.Expected = .more, _ terms: Finding.Term...
    ) -> Finding {
        Finding(claim: claim, paper: paper, citation: citation, expected: expected, terms: terms)
    }

    private static let (questions, first, labelled) = (Finding.mostQuestions, "first", "labelled")

    static let findings: [Finding] = [
        finding(
            "Generated questions are learnt from better than first words", "Synthetic queries are what matters", .more,
            .init(1, ["represent": questions]), .init(-1, ["represent": first])),
        finding(
            "Generated questions of all passages are learnt from better than labelled ones of some",
            "A labelled query covers 92.9, 51.6 and 5.8 % of the passages", .more,
            .init(1, ["represent": questions]), .init(-1, ["represent": labelled])),
        finding(
            "Generated questions gain on first words as the corpus grows", "Synthetic queries matter more at scale",
            .more,
            .init(1, ["represent": questions]), .init(-1, ["represent": first]),
            .init(-1, ["represent": questions], at: .least), .init(1, ["represent": first], at: .least)),
        finding(
            "Naive docids find less in a larger corpus", "Naive 77.7, 48.2, 13.3", .more,
            .init(1, ["docids": "naive", "represent": questions, "constrained": "yes"], at: .least),
            .init(-1, ["docids": "naive", "represent": questions, "constrained": "yes"])),
        finding(
            "Atomic docids are ahead of naive ones with as many layers", "Atomic 24.2, naive 13.3 at 8.8M", .more,
            .init(1, ["docids": "atomic", "represent": questions]),
            .init(-1, ["docids": "naive", "represent": questions, "constrained": "yes"])),
        finding(
            "Naive docids are not behind semantic ones at the largest size", "Naive 13.3, semantic 11.8 at 8.8M", .more,
            .init(1, ["docids": "naive", "represent": questions, "constrained": "yes"]),
            .init(-1, ["docids": "semantic", "represent": questions, "constrained": "yes"])),
        finding(
            "Output weights for each prefix (PAWA) make no difference that matters",
            "Changes of architecture do not pay",
            .alike, .init(1, ["docids": "pawa", "represent": questions, "constrained": "yes"]),
            .init(-1, ["docids": "position", "represent": questions, "constrained": "yes"])),
        finding(
            "Constrained decoding makes no difference that matters", "Constrained decoding does not pay", .alike,
            .init(1, ["constrained": "yes", "represent": questions]),
            .init(-1, ["constrained": "no", "represent": questions])),
        finding(
            "A larger network finds more with naive docids", "Base 13.3, XL 26.7 at 8.8M", .more,
            .init(1, ["docids": "naive", "represent": questions, "constrained": "yes", "layers": "most"]),
            .init(-1, ["docids": "naive", "represent": questions, "constrained": "yes", "layers": "least"])),
        finding(
            "The largest network is behind a smaller one", "XL 26.7, XXL 24.3 at 8.8M", .more,
            .init(1, ["docids": "naive", "represent": questions, "constrained": "yes", "layers": "second"]),
            .init(-1, ["docids": "naive", "represent": questions, "constrained": "yes", "layers": "most"])),
        finding(
            "Dense retrieval is ahead of naive docids", "Dual encoder 34.8, naive 13.3 at 8.8M", .more,
            .init(-1, ["docids": "naive", "represent": questions, "constrained": "yes"]), .init(1, [:], of: "dense")),
    ]
}
