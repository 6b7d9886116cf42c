import ArgumentParser
import Corpora
import Dispatch
import Foundation
import Memory
import Synchronization
import Workloads

struct ZipfCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zipf", abstract: "Make up a text with the shape of web passages.")

    @Argument(help: "How many passages.") var passages: Int
    @Argument(help: "The token file to write.") var output: String
    @Option(help: "Tokens a passage, on average.") var mean = 70.0
    @Option(help: "One more than the largest token id.") var alphabet = 32_000
    @Option(help: "The same seed makes the same text.") var seed: UInt64 = 1

    /// Passages that share a random sequence.
    private static let blockSize = 1_024
    /// Blocks in memory at a time.
    private static let batchSize = 64

    func validate() throws {
        guard passages > 0 else { throw ValidationError("at least one passage") }
        guard alphabet > ZipfText.firstToken + 1 else {
            throw ValidationError("an alphabet has more than \(ZipfText.firstToken + 1) ids")
        }
    }

    func run() throws {
        let model = ZipfText(mean: mean, alphabet: alphabet, seed: seed)
        let writer = try WordWriter(path: output)
        let blocks = (passages + Self.blockSize - 1) / Self.blockSize
        for first in stride(from: 0, to: blocks, by: Self.batchSize) {
            let count = min(Self.batchSize, blocks - first)
            let texts = Mutex([[Int32]](repeating: [], count: count))
            DispatchQueue.concurrentPerform(iterations: count) { index in
                let text = makeBlock(first + index, model: model)
                texts.withLock { $0[index] = text }
            }
            for text in texts.withLock({ $0 }) { try writer.write(text) }
        }
        try writer.finish()
    }

    /// A block depends on its number only, not on the thread that makes it.
    private func makeBlock(_ number: Int, model: ZipfText) -> [Int32] {
        var random = SeededGenerator(seed: seed, stream: UInt64(number) + 1)
        var text: [Int32] = []
        text.reserveCapacity(Self.blockSize * Int(mean * 1.1))
        for _ in 0..<min(Self.blockSize, passages - number * Self.blockSize) {
            model.appendPassage(to: &text, random: &random)
        }
        return text
    }
}
