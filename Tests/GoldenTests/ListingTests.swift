import BuiltTool
import Testing

/// What indexes hold, and how runs are judged.
@Suite struct ListingTests {
    static let old = [
        GoldenCase("old-parts", "part", "list", "old.genret"),
        GoldenCase("old-inspect", "inspect", "old.genret", "--verify"),
        GoldenCase("old-manifest", "inspect", "old.genret", "--json"),
        GoldenCase(
            "old-queries", "queries", "show", "old.genret", "--maker", "title", "--format", "tsv", "--limit", "3"),
    ]

    @Test("An index that lies beside the tests is listed to the byte", arguments: old) func format2(sample: GoldenCase)
        throws
    {
        let text = try GoldenPlace.shared.get().transcript(sample.arguments, models: Tool.tinyModels)
        try Golden.expect(text, is: "listings/" + sample.name)
    }

    static let built = [
        GoldenCase("sample-parts", "part", "list", "sample.genret"),
        GoldenCase("sample-inspect", "inspect", "sample.genret", "--verify"),
        GoldenCase("sample-manifest", "inspect", "sample.genret", "--json"),
    ]

    @Test("An index built now is listed, sizes and digests aside", arguments: built) func fresh(sample: GoldenCase)
        throws
    {
        let text = try GoldenPlace.shared.get().transcript(sample.arguments)
        try Golden.expect(StandIns.hideSizes(StandIns.round(text)), is: "listings/" + sample.name)
    }

    static let judged = [
        GoldenCase("eval", "eval", "--qrels", Tool.sample, "--run", GoldenPlace.format2 + "/default.run"),
        GoldenCase(
            "eval-queries", "eval", "--qrels", Tool.sample, "--run", GoldenPlace.format2 + "/ngram.run", "-q", "-m",
            "MRR@10"),
        GoldenCase(
            "eval-table", "eval", "--qrels", Tool.sample, "--run", GoldenPlace.format2 + "/default.run",
            GoldenPlace.format2 + "/ngram.run", GoldenPlace.format2 + "/dense.run", "-m", "ndcg_cut_10", "recall.1,5"),
        GoldenCase(
            "eval-t", "eval", "--qrels", Tool.sample, "--run", GoldenPlace.format2 + "/default.run",
            GoldenPlace.format2 + "/dense.run", "-m", "map", "-q", "--test", "t"),
        GoldenCase(
            "eval-changes", "eval", "--run", GoldenPlace.format2 + "/default.run", GoldenPlace.format2 + "/ngram.run",
            GoldenPlace.format2 + "/dense.run", "--compare-runs"),
        GoldenCase(
            "eval-agreement", "eval", "--qrels", Tool.sample, "--agreement", Tool.sample, "--run",
            GoldenPlace.format2 + "/default.run", GoldenPlace.format2 + "/ngram.run",
            GoldenPlace.format2 + "/dense.run", "-m", "MRR@10", "--correction", "tukey"),
    ]

    @Test("Runs that lie beside the tests are judged to the byte", arguments: judged) func eval(sample: GoldenCase)
        throws
    {
        try Golden.expect(try GoldenPlace.shared.get().transcript(sample.arguments), is: "listings/" + sample.name)
    }

    static let models = [
        GoldenCase("model-list", "model", "list"), GoldenCase("corpus-list", "corpus", "list"),
        GoldenCase("model-inspect", "model", "inspect", "tiny_bert"),
    ]

    @Test("Models and corpora are listed", arguments: models) func lists(sample: GoldenCase) throws {
        let text = try GoldenPlace.shared.get().transcript(sample.arguments, models: Tool.tinyModels)
        try Golden.expect(text, is: "listings/" + sample.name)
    }
}
