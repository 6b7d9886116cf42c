import BuiltTool
import Foundation
import Testing

/// What `genret doctor` finds, and its exit codes.
@Suite struct DoctorCommandTests {
    private func index(_ arguments: String...) throws -> String {
        let place = Tool.fresh("index")
        let corpus = """
            {"_id":"a","title":"Sun","text":"solar power in the desert","year":2019}
            {"_id":"b","text":"solar power on the roof","year":2021}

            """
        try Tool.run(["index", Tool.write("corpus.jsonl", corpus), "-o", place, "--no-encoder", "-q"] + arguments)
            .expectSuccess()
        return place
    }

    /// Doctor's JSON, and its lines by their name.
    private func report(_ arguments: String..., code: Int32 = 0) throws -> (
        whole: [String: Any], lines: [String: [String: Any]]
    ) {
        let outcome = try Tool.run(["doctor", "--json"] + arguments)
        #expect(outcome.exited && outcome.code == code, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.errors.isEmpty)
        let whole = try #require(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let lines = try #require(whole["lines"] as? [[String: Any]])
        #expect(whole["usable"] as? Bool == (code == 0))
        return (whole, Dictionary(lines.map { ($0["name"] as? String ?? "", $0) }) { first, _ in first })
    }

    private func member(_ place: String, _ name: String) throws -> String {
        let all = try FileManager.default.subpathsOfDirectory(atPath: place)
        return place + "/" + (try #require(all.first { $0.hasSuffix(name) }))
    }

    @Test("Without an index it tells of the machine and the models") func machine() throws {
        let (whole, lines) = try report()
        let machine = try #require(whole["machine"] as? [String: Any])
        #expect((machine["cores"] as? Int ?? 0) >= (machine["usableCores"] as? Int ?? .max))
        #expect((machine["libraries"] as? [String: String])?["zstd"]?.isEmpty == false)
        #expect(whole["index"] == nil)
        #expect(lines["all-MiniLM-L6-v2"]?["advice"] as? String == "\"genret model fetch all-MiniLM-L6-v2\" gets it")
        let text = try Tool.run("doctor")
        text.expectSuccess()
        for name in ["genret", "system", "processor", "kernels", "memory", "libraries", "models"] {
            #expect(text.output.contains("\n  \(name) ") || text.output.hasPrefix("  \(name) "))
        }
        #expect(text.output.hasSuffix("all that is there can run\n"))
    }

    @Test("A sound index runs, without what it was made without") func soundIndex() throws {
        let place = try index()
        let (whole, lines) = try report(place, "--deep")
        let index = try #require(whole["index"] as? [String: Any])
        #expect(index["passages"] as? Int == 2 && index["generation"] as? Int == 1)
        #expect(Set(try #require(index["runs"] as? [String])).isSuperset(of: ["bm25", "ngram"]))
        #expect(lines["bm25"]?["text"] as? String == "retriever, runs")
        #expect(lines["dense"]?["weight"] as? String == "fine")
        #expect(lines["fields"]?["text"] as? String == "1, such as year")
        #expect(lines["writer"]?["text"] as? String == "nobody changes it")
    }

    @Test("What is deleted, aged or left behind is noted") func notes() throws {
        let place = try index()
        try Tool.run("delete", place, "--ids", Tool.write("ids.txt", "a\n"), "-q").expectSuccess()
        try FileManager.default.createDirectory(
            atPath: place + "/segment-0123456789abcdef", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: place + "/.staging", withIntermediateDirectories: true)
        try Data(count: 2048).write(to: URL(filePath: place + "/.staging/x"))
        try Data("1\n".utf8).write(to: URL(filePath: place + "/.lock"))
        let (_, lines) = try report(place)
        #expect((lines["passages"]?["text"] as? String)?.contains("1 deleted still in its files") == true)
        #expect((lines["leftovers"]?["text"] as? String)?.hasPrefix("2.0 KiB") == true)
        #expect((lines["writer"]?["text"] as? String)?.contains("was killed") == true)
        #expect((lines["disk"]?["text"] as? String)?.contains("compact --all") == true)
        #expect(try String(contentsOfFile: place + "/.lock", encoding: .utf8) == "1\n")
    }

    @Test("Damage is named, with the file") func damage() throws {
        for name in ["terms.gnr", "ngrams.gnr", "passages.gnr", "fields.gnr"] {
            let place = try index()
            let file = try member(place, name)
            truncate(file, 100)
            let (_, lines) = try report(place, code: 1)
            #expect(
                lines.values.contains {
                    ($0["text"] as? String)?.contains(name) == true && $0["weight"] as? String == "fault"
                })
            let text = try Tool.run("doctor", place)
            #expect(text.code == 1 && text.errors.isEmpty && text.output.contains("\n! "))
            try FileManager.default.removeItem(atPath: file)
            _ = try report(place, code: 1)
        }
        // A bit that only a checksum knows.
        let place = try index()
        let file = try member(place, "passages.gnr")
        var bytes = try Data(contentsOf: URL(filePath: file))
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: URL(filePath: file))
        _ = try report(place, "--deep", code: 1)
        try Data("{".utf8).write(to: URL(filePath: place + "/manifest.json"))
        let (_, lines) = try report(place, code: 1)
        #expect(lines["index"]?["weight"] as? String == "fault")
    }

    @Test("An index that is not there is a fault with advice") func absentIndex() throws {
        let (whole, lines) = try report(Tool.fresh("nothing"), code: 1)
        #expect(whole["index"] == nil)
        #expect((lines["index"]?["advice"] as? String)?.contains("genret index") == true)
        let file = try Tool.write("file", "x")
        _ = try report(file, code: 1)
        try Tool.run("doctor", "a", "b").expectUsage()
    }

    @Test("A model of another length is damaged, and the home folder is written ~") func models() throws {
        let home = Tool.fresh("home")
        let model = home + "/models/all-MiniLM-L6-v2"
        try FileManager.default.createDirectory(atPath: model, withIntermediateDirectories: true)
        try Data("{}".utf8).write(to: URL(filePath: model + "/config.json"))
        let process = try Tool.process(["doctor"], models: home + "/models")
        process.environment?["HOME"] = home
        let outcome = try Tool.finished(process)
        #expect(outcome.code == 1)
        #expect(outcome.output.contains("! "))
        #expect(outcome.output.contains("~/models/all-MiniLM-L6-v2/config.json: 2 bytes; expected 612"))
        #expect(!outcome.output.contains(home))
    }

    @Test("What needs an encoder that is not installed does not run; with it all does") func encoder() throws {
        let place = Tool.fresh("index")
        try FileManager.default.copyItem(atPath: Tool.root + "/Tests/CompatTests/Fixtures/format2/index", toPath: place)
        let (whole, lines) = try report(place, code: 1)
        #expect((whole["index"] as? [String: Any])?["format"] as? Int == 2)
        for name in ["dense", "docid", "likelihood"] { #expect(lines[name]?["weight"] as? String == "fault") }
        #expect(lines["interaction"]?["weight"] as? String == "fault")
        #expect((lines["dense"]?["advice"] as? String)?.contains("genret model add") == true)
        #expect((lines["search"]?["text"] as? String)?.contains("without the index's generator") == true)
        let outcome = try Tool.run(["doctor", place], models: Tool.tinyModels)
        outcome.expectSuccess()
        #expect(outcome.output.contains("interaction") && outcome.output.contains("not trained for comparing"))
    }

    @Test("A writer at work is named, and is not kept out") func writer() throws {
        let place = try index()
        let outcome = try Tool.shell(
            """
            exec 9<>"\(place)/.lock"; flock -x 9; echo 4711 >&9
            $G doctor "\(place)"; echo "code $?"
            """)
        #expect(outcome.output.contains("process 4711 is changing it") && outcome.output.contains("code 0"))
    }
}
