import BuiltTool
import Foundation
import Testing

/// `Examples/Clusters/spark_index.py` on one machine: however Spark cuts the corpus, and whatever dies, the index answers as a whole one.
///
/// Skipped where Python does not find pyspark, or there is no Java.
@Suite(.enabled(if: Spark.isInstalled, "needs Java and pyspark: see Examples/README.md")) struct SparkTests {
    /// Those whose answers do not depend on how the corpus is cut.
    private static let exact = ["bm25", "dense", "ngram"]

    /// All answers of the retrievers to the sample's questions, line by line.
    private func answers(_ index: String) throws -> [Substring] {
        try Self.exact.flatMap { retriever in
            let run = Tool.fresh("\(retriever).trec")
            try Tool.run(
                [
                    "search", index, "--topics", Tool.sample, "--retrievers", retriever, "--hits", "210", "--output",
                    run,
                ],
                models: Tool.tinyModels
            ).requireSuccess()
            return try String(contentsOfFile: run, encoding: .utf8).split(separator: "\n")
        }
    }

    private func receipts(_ index: String) throws -> [Substring] {
        try String(contentsOfFile: index + ".work/receipts.jsonl", encoding: .utf8).split(separator: "\n")
    }

    /// What the receipts of an index say of its segments' contents.
    private func digests(_ index: String) throws -> [Substring] {
        try receipts(index).map { $0.firstMatch(of: /"sha256": ?"([0-9a-f]{64})"/)?.1 ?? "none" }
    }

    @Test("One, three and seven partitions answer as the whole; a worker that dies is made up for") func partitions()
        throws
    {
        let whole = Tool.fresh("whole.genret")
        try Tool.run(
            ["index", Tool.sample, "--output", whole, "--quiet"] + Spark.options, models: Tool.tinyModels
        ).requireSuccess()
        let expected = try answers(whole)
        #expect(expected.count > 1_000)

        let folder = Tool.fresh("spark")
        try Spark.index([1, 3, 7], in: folder)
        for count in [1, 3, 7] {
            let index = "\(folder)/\(count)"
            #expect(try receipts(index).count == count)
            #expect(try answers(index) == expected, "\(count) partitions")
        }

        // The first attempt at a segment takes its worker with it, and leaves half a segment.
        let deadly = Tool.fresh("genret")
        let died = Tool.fresh("died")
        try """
        #!/bin/bash
        if [[ "$1" == index && "$*" == *"--segment 000001"* && ! -e \(died) ]]; then
            touch \(died)
            while [[ "$1" != -o ]]; do shift; done
            mkdir -p "$2" && echo half > "$2/manifest.json"
            kill -9 $PPID
            exit 1
        fi
        exec \(try #require(Tool.product("genret")).path) "$@"

        """.write(toFile: deadly, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: deadly)
        let again = Tool.fresh("spark-again")
        try Spark.index([3], in: again, genret: deadly)
        #expect(FileManager.default.fileExists(atPath: died))
        #expect(try digests("\(again)/3") == digests("\(folder)/3") && !digests("\(again)/3").contains("none"))
        #expect(try answers("\(again)/3") == expected)
    }
}

/// Spark on this machine.
private enum Spark {
    /// How the indexes are built: with a tiny encoder, and nothing that is estimated.
    static let options = [
        "--encoder", "tiny_bert", "--encoder-budget", "all", "--pseudo-queries", "0", "--vector-profile", "float32",
    ]

    static let isInstalled: Bool = {
        guard let python = try? command("python3 -c 'import pyspark' && java -version") else { return false }
        return (try? Tool.finished(python))?.code == 0
    }()

    /// Runs the example once for each number of partitions, in one Java machine; the indexes are in the folder, by that number.
    static func index(_ partitions: [Int], in folder: String, genret: String? = nil) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let program = """
            import runpy, sys
            script, corpus, folder, genret, options, *partitions = sys.argv[1:]
            for count in partitions:
                sys.argv = [script, corpus, "--output", f"{folder}/{count}", "--partitions", count,
                            "--genret", genret, f"--options={options}"]
                runpy.run_path(script, run_name="__main__")
            """
        let script = Tool.root + "/Examples/Clusters/spark_index.py"
        let genret = genret ?? Tool.product("genret")?.path ?? ""
        let arguments = [script, Tool.sample + "/corpus.jsonl", folder, genret, options.joined(separator: " ")]
        let process = try command("exec python3 -c \"$0\" \"$@\"", [program] + arguments + partitions.map(String.init))
        // Two tasks at a time, each of them up to four times.
        process.environment?["PYSPARK_SUBMIT_ARGS"] = "--master local[2,4] --conf spark.ui.enabled=false pyspark-shell"
        process.environment?["PYSPARK_PYTHON"] = "python3"
        process.environment?["SPARK_LOCAL_IP"] = "127.0.0.1"
        try Tool.finished(process).requireSuccess()
    }

    private static func command(_ script: String, _ arguments: [String] = []) throws -> Process {
        let process = try Tool.process(["-c", script] + arguments, models: Tool.tinyModels)
        process.executableURL = URL(filePath: "/bin/bash")
        return process
    }
}
