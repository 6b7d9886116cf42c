import BuiltTool
import Testing

/// Answers as text and JSON, of a generator in single precision, which all machines compute alike. The queries have no two candidates so near that machines could order them differently.
@Suite struct AnswerTests {
    private static let starter = "How often do I have to feed a sourdough starter?"
    private static let rice = "Cooking rice by absorption: how much water?"

    static let cases = [
        GoldenCase("old-plain", "query", "old.genret", starter, "--hits", "2", "--generator-precision", "float32"),
        GoldenCase(
            "old-explain", "query", "old.genret", starter, "--hits", "2", "--explain", "--generator-precision",
            "float32"),
        GoldenCase(
            "old-found-by", "query", "old.genret", starter, "--hits", "2", "--found-by", "--generator-precision",
            "float32"),
        GoldenCase(
            "old-json", "query", "old.genret", starter, "--hits", "2", "--json", "--generator-precision", "float32"),
        GoldenCase(
            "old-json-explain", "query", "old.genret", starter, "--hits", "1", "--json", "--explain",
            "--generator-precision", "float32"),
        GoldenCase(
            "old-json-v1", "query", "old.genret", starter, "--hits", "1", "--json=v1", "--explain",
            "--generator-precision", "float32"),
        GoldenCase(
            "old-options", "query", "old.genret", starter, "--hits", "1", "--retrievers", "ngram,bm25", "--weights",
            "ngram=0.5,bm25=0.5", "--set", "bm25.k1=1.5", "--generator", "untrained", "--explain"),
        GoldenCase(
            "old-rrf", "query", "old.genret", starter, "--hits", "1", "--fusion", "rrf", "--explain",
            "--generator-precision", "float32"),
        GoldenCase("sample-plain", "query", "sample.genret", rice, "--hits", "2"),
        GoldenCase("sample-explain", "query", "sample.genret", rice, "--hits", "2", "--explain"),
        GoldenCase("sample-found-by", "query", "sample.genret", rice, "--hits", "2", "--found-by"),
        GoldenCase("sample-json", "query", "sample.genret", rice, "--hits", "2", "--json"),
        GoldenCase("sample-json-v1", "query", "sample.genret", rice, "--hits", "2", "--json=v1"),
        GoldenCase("sample-bm25", "query", "sample.genret", rice, "--hits", "2", "--retrievers", "bm25", "--explain"),
    ]

    @Test("An answer is the one of its file", arguments: cases) func answer(sample: GoldenCase) throws {
        let text = try GoldenPlace.shared.get().transcript(sample.arguments, models: Tool.tinyModels)
        try Golden.expect(StandIns.round(text), is: "answers/" + sample.name)
    }

    @Test("Without its encoder an index answers with what it can, and says so") func absentEncoder() throws {
        let text = try GoldenPlace.shared.get().transcript(["query", "old.genret", Self.starter, "--hits", "1"])
        try Golden.expect(StandIns.round(text), is: "answers/old-without-encoder")
    }
}
