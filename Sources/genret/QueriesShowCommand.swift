import ArgumentParser
import Engine
import Foundation

struct QueriesShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print queries that were made, in the order of the passages.")

    @Argument(help: "The index.") var index: String
    @Option(help: "Only those of the passage with this id.") var passage: String?
    @Option(help: "Only those of this maker.") var maker: String?
    @Option(help: "How many of a maker at most.") var limit: Int?
    @Option(help: "jsonl or tsv: passage, maker, rank (0: not looked for), query.") var format = Format.jsonl

    enum Format: String, ExpressibleByArgument, CaseIterable { case jsonl, tsv }

    func validate() throws {
        guard (limit ?? 1) > 0 else { throw ValidationError("--limit is at least 1") }
    }

    private struct Line: Encodable {
        var passage: String
        var maker: String
        var rank: Int?
        var text: String
    }

    func run() throws {
        let engine = try Engine.open(index, loadsEncoder: false)
        let known = (engine.manifest.queries ?? []).map(\.maker)
        if let maker, !known.contains(maker) {
            throw ErrorMessage.Failure(
                sentence: known.isEmpty
                    ? "\(index): it holds no queries; \"genret queries make\" makes some"
                    : "\(index): it holds no queries of the maker \(maker), but of \(known.joined(separator: ", "))")
        }
        guard !known.isEmpty else {
            throw ErrorMessage.Failure(sentence: "\(index): it holds no queries; \"genret queries make\" makes some")
        }
        let document = try passage.map { id in
            guard let document = engine.document(withID: id) else {
                throw ErrorMessage.Failure(sentence: "\(index): no passage has the id \(id)")
            }
            return document
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for maker in maker.map({ [$0] }) ?? known {
            guard let queries = try engine.passageQueries(maker) else { continue }
            let places = document.map { queries.places(of: $0) } ?? 0..<queries.count
            for place in places.prefix(limit ?? .max) {
                let item = try queries.item(place)
                let id = try engine.passage(item.document).id
                switch format {
                case .jsonl:
                    let line = Line(passage: id, maker: maker, rank: item.rank, text: item.text)
                    print(String(decoding: try encoder.encode(line), as: UTF8.self))
                case .tsv: print("\(id)\t\(maker)\t\(item.rank ?? 0)\t\(item.text)")
                }
            }
        }
    }
}
