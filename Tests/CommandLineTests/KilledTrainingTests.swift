import BuiltTool
import Foundation
import Testing

/// Trainings that are killed, with SIGKILL and in the midst of their steps, and started again.
@Suite struct KilledTrainingTests {
    private static let index = Result { () throws -> String in
        let place = Tool.fresh("killed.genret")
        let outcome = try Tool.run(
            ["index", Tool.sample, "-o", place, "--encoder", "tiny_bert", "-q", "--pseudo-queries", "0"],
            models: Tool.tinyModels)
        try #require(outcome.code == 0, "\(outcome.errors)")
        return place
    }

    private static let steps = 200

    private func command(_ kind: String, _ output: String) throws -> [String] {
        [
            "train", kind, try Self.index.get(), "-o", output, "--queries", Tool.sample + "/queries.jsonl",
            "--qrels", Tool.sample + "/qrels/test.tsv", "--steps", "\(Self.steps)", "--evaluate", "40",
            "--checkpoint-interval", "3", "--batch", "16", "--layers", "1", "--threads", "1", "--quiet",
        ] + (kind == "ngram" ? ["--untried"] : [])
    }

    /// The step of the checkpoint that a folder holds; nil without one.
    private func checkpoint(_ output: String) -> Int? {
        struct State: Decodable { var step: Int }
        let data = try? Data(contentsOf: URL(filePath: output + "/state.json"))
        return data.flatMap { try? JSONDecoder().decode(State.self, from: $0).step }
    }

    /// Starts the training and kills it once it has passed a checkpoint after `step`.
    private func kill(_ kind: String, _ output: String, after step: Int) throws -> Int {
        let process = try Tool.process(try command(kind, output), models: Tool.tinyModels)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        while process.isRunning, checkpoint(output) ?? 0 <= step { usleep(500) }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal, "the training ended before it was killed")
        #expect(!FileManager.default.fileExists(atPath: output + "/model.safetensors"))
        return try #require(checkpoint(output))
    }

    @Test("goes on to the bytes of a training that nobody killed", arguments: ["ngram", "dense"])
    func resumes(kind: String) throws {
        let (whole, parts) = (Tool.fresh("whole"), Tool.fresh("parts"))
        try Tool.run(try command(kind, whole), models: Tool.tinyModels).expectSuccess()
        let first = try kill(kind, parts, after: 0)
        let second = try kill(kind, parts, after: first)
        #expect(0 < first && first < second && second < Self.steps)
        let last = try Tool.run(try command(kind, parts), models: Tool.tinyModels)
        last.expectSuccess()
        #expect(last.output.contains("\(Self.steps) steps in "))
        let weights = try [whole, parts].map { try Data(contentsOf: URL(filePath: $0 + "/model.safetensors")) }
        #expect(weights[0] == weights[1])
    }
}
