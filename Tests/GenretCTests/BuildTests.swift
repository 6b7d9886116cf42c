import BuiltTool
import CGenret
import Foundation
import GenretC
import SampleIndexes
import Search
import Testing

/// Building through the C face.
@Suite struct BuildTests {
    private func request(_ index: String, _ members: String = #""options": {"encoder": null}"#) -> String {
        #"{"corpus": "\#(Sample.path)", "index": "\#(Tool.folder)/\#(index)", \#(members)}"#
    }

    @Test("A build tells of its stages and of what it made") func progress() throws {
        let stages = NSMutableArray()
        let report = try Face.build(
            request("built.genret"),
            { context, event in
                guard let context, case .string(let stage)? = Face.json(event)["stage"] else { return 1 }
                Unmanaged<NSMutableArray>.fromOpaque(context).takeUnretainedValue().add(stage)
                return 0
            }, Unmanaged.passUnretained(stages).toOpaque())
        #expect(report["passages"] == .integer(210) && report["encoder"] == nil)
        #expect(stages.contains("reading"))
        #expect(FileManager.default.fileExists(atPath: Tool.folder + "/built.genret/manifest.json"))
    }

    @Test("A listener ends a build, and nothing is left") func cancel() throws {
        let failure = #expect(throws: Face.Failure.self) { try Face.build(request("ended.genret"), { _, _ in 1 }) }
        #expect(failure?.code == "cancelled")
        #expect(!FileManager.default.fileExists(atPath: Tool.folder + "/ended.genret"))
    }

    @Test("An index is replaced where that is said, and only there") func replace() throws {
        _ = try Face.build(request("twice.genret"))
        let failure = #expect(throws: Face.Failure.self) { try Face.build(request("twice.genret")) }
        #expect(failure?.code == "conflict")
        _ = try Face.build(request("twice.genret", #""replace": true, "options": {"encoder": null}"#))
    }

    @Test(
        "Options that cannot be are told",
        arguments: [
            (#""options": {"encodr": null}"#, "invalid_option"), (#""options": {"seed": "x"}"#, "invalid_option"),
            (#""options": {"pseudoQueries": -1}"#, "invalid_option"), (#""options": {"fanout": 1}"#, "invalid_option"),
            (#""options": {"encoder": "none-such"}"#, "retriever_unavailable"),
        ])
    func badOptions(_ members: String, _ code: String) throws {
        let failure = #expect(throws: Face.Failure.self) { try Face.build(request("bad.genret", members)) }
        #expect(failure?.code == code)
        #expect(!FileManager.default.fileExists(atPath: Tool.folder + "/bad.genret"))
    }

    @Test("What is no corpus is told") func noCorpus() throws {
        let failure = #expect(throws: Face.Failure.self) {
            try Face.build(
                #"{"corpus": "/nowhere", "index": "\#(Tool.folder)/no.genret", "options": {"encoder": null}}"#)
        }
        #expect(failure?.code == "invalid_option")
    }
}
