import ArgumentParser
import Engine
import Foundation

struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what an index holds and where its bytes go.")

    @Argument(help: "The index.") var index: String
    @Flag(help: "Print the manifest as JSON.") var json = false
    @Flag(help: "Check every checksum, also of files too large to be checked when they are opened.")
    var verify = false

    private func line(_ fusion: IndexManifest.FusionEstimate) -> String {
        let weights = fusion.weights.sorted { $0.key < $1.key }
            .map { "\($0.key) \(String(format: "%.3f", $0.value))" }.joined(separator: ", ")
        return "\(weights) (\(fusion.pseudoQueries)"
    }

    func run() throws {
        let engine = try Engine.open(index, loadsEncoder: false)
        if verify { try engine.verify() }
        let manifest = engine.manifest
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(manifest), as: UTF8.self))
            return
        }
        print("\(index): format \(manifest.format), written by genret \(manifest.genret)")
        print("corpus     \(manifest.corpus.format), sha256 \(manifest.corpus.sha256)")
        print("passages   \(manifest.passages.grouped), \(manifest.tokens.grouped) tokens, \(manifest.corpus.badLines) bad lines passed over")
        if manifest.segments.count > 1 { print("segments   \(manifest.segments.count)") }
        print("tokenizer  \(manifest.tokenizer.source), fingerprint \(manifest.tokenizer.fingerprint.prefix(16))")
        if let encoder = manifest.encoder {
            print("encoder    \(encoder.name), \(encoder.dimension) dimensions, \(encoder.maxTokens) tokens at most")
        }
        if let encoder = manifest.queryEncoder {
            print("           queries by a trained encoder, sha256 \(encoder.sha256.prefix(16))")
        }
        if let generator = manifest.generator {
            print("generator  tasks \(generator.tasks.joined(separator: ", ")), \(generator.layers) layers, sha256 \(generator.sha256.prefix(16))")
        }
        if let docids = manifest.docids {
            print("docids     \(docids.scheme.rawValue) of \(docids.entries.grouped) entries (\(docids.representations.map(\.rawValue).joined(separator: ", "))), \(docids.levels) levels, \(docids.isTrained ? "trained" : "untrained"), sha256 \(docids.sha256.prefix(16))")
        }
        for queries in manifest.queries ?? [] {
            print("queries    \(queries.maker), \(queries.count.grouped) of \(queries.made.grouped) kept, made of \(queries.passages.grouped) passages")
        }
        if let problem = engine.encoderProblem { print("note       \(problem)") }
        print("fusion     \(line(manifest.fusion)) pseudo-queries)")
        if let fusion = manifest.generator?.fusion {
            print("           \(line(fusion)) queries) with the generator")
        }
        if let rerank = manifest.generator?.rerank {
            print("           the best \(rerank.depth) reranked, \(rerank.weights.description)")
        }
        if let fusion = manifest.docids?.fusion {
            print("           \(line(fusion)) queries) with the docids")
        }
        let items = engine.spaceReport()
        let total = items.filter { $0.depth == 0 }.reduce(0) { $0 + $1.bytes }
        let passages = Double(max(1, manifest.passages))
        let tokens = Double(max(1, manifest.tokens))
        print("\n     bytes  a passage    a token  part")
        for item in items {
            let name = item.depth == 0 ? item.name : "  " + (item.name.split(separator: "/").last.map(String.init) ?? "")
            print(
                String(
                    format: "%10@  %9.1f  %9.3f  %@", item.bytes.asBytes as NSString,
                    Double(item.bytes) / passages, Double(item.bytes) / tokens, name))
        }
        print(
            String(
                format: "%10@  %9.1f  %9.3f  all", total.asBytes as NSString, Double(total) / passages,
                Double(total) / tokens))
        if verify { print("every checksum is right") }
    }
}
