import ArgumentParser
import Decoding
import FMIndex
import Foundation
import Memory
import Ranking
import Tensors
import Transformers
import Workloads

/// Times the runtime on a model that `peers/seq2seq_models.py` made; the lines are those of
/// `peers/ct2_decode.py`.
@main
struct DecodeBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode-bench",
        abstract: "Encoding, and decoding by fifteen beams with and without a constraint.")

    @Argument(help: "A folder of models.") var folder: String
    @Argument(help: "The model's name.") var name: String
    @Argument(help: "float32, float16, bfloat16 or int8.") var precision: String
    @Argument(help: "The threads of a batch.") var threads: Int
    @Option(help: "A token file whose n-grams are the constraint.") var tokens: String?
    @Option(help: "Only tasks whose name starts so.") var task = ""
    @Option(help: "Seconds that a workload is repeated.") var seconds = 8.0

    func run() throws {
        guard let precision = Precision(rawValue: precision) else {
            throw ValidationError("\(self.precision) is no precision")
        }
        let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
        let model = try TransformerModel(Checkpoint(contentsOf: url), precision: precision)
        let bench = Workload(model: model, team: ThreadTeam(threads: threads), seconds: seconds)
        func report(
            _ task: String, _ batch: Int, _ source: Int, _ time: () throws -> Workload.Time
        ) rethrows {
            guard task.hasPrefix(self.task) else { return }
            let time = try time()
            let text = { (value: Double) in String(format: "%.2f", value) }
            print(
                "engine=genret model=\(name) kind=\(precision.rawValue) threads=\(threads) task=\(task)",
                "batch=\(batch) source=\(source) ms=\(text(time.median)) min=\(text(time.least)) cpu=\(text(time.processor)) runs=\(time.runs)"
            )
        }
        if model.configuration.decoder != nil {
            let free = Unconstrained(vocabularySize: model.configuration.vocabularySize)
            for batch in [1, 8] {
                try report("decode", batch, 16) { try bench.decode(batch, free, renormalizes: false) }
            }
            if let tokens {
                let rule = try Self.constraint(tokens)
                for batch in [1, 8] {
                    try report("decode-fm", batch, 16) { try bench.decode(batch, rule, renormalizes: false) }
                }
                for batch in [1, 8] {
                    try report("decode-fm-renormalized", batch, 16) {
                        try bench.decode(batch, rule, renormalizes: true)
                    }
                }
            }
        }
        for (batch, length) in [(1, 16), (32, 128)] {
            try report("encode", batch, length) { try bench.encode(batch, length) }
        }
    }

    /// The n-grams of a text.
    private static func constraint(_ path: String) throws -> NgramConstraint {
        let file = try TokenFile(path: path)
        var builder = FMIndexBuilder(documentEnd: file.documentEnd, titleEnd: Int32.max - 1)
        let none = UnsafeBufferPointer<Int32>(start: nil, count: 0)
        file.forEachPassage { builder.add(title: none, body: $0) }
        return NgramConstraint(index: try builder.build(), excluded: [])
    }
}
