/// Writes a whole corpus in BEIR's layout: `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv`.
public enum BEIRFolder {
    public static func write(
        passages: some Sequence<Passage>, queries: [Query], qrels: Qrels, to folder: String
    ) throws(CorpusError) {
        var corpus = try CorpusWriter(path: "\(folder)/corpus.jsonl")
        for passage in passages { try corpus.write(passage) }
        try corpus.finish()
        try Queries.write(queries, to: "\(folder)/queries.jsonl")
        try qrels.write(to: "\(folder)/qrels/test.tsv")
    }
}
