import ArgumentParser
import Engine
import Foundation
import Indexing
import Search

struct QueriesShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print queries that were made, in the order of the passages.")

    @Argument(help: "The index.") var index: String
    @Option(help: "Only those of the passage with this id.") var passage: String?
    @Option(
        name: [.customLong("query-generator"), .customLong("maker")], help: "Only those of this query generator.")
    var generator: String?
    @Option(help: "How many of a query generator at most.") var limit: Int?
    @Option(help: "jsonl or tsv: passage, query generator, rank (0: not looked for), query.") var format = Format.jsonl

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
        let reader = try IndexReader.open(index)
        let known = reader.queryGenerators
        if known.isEmpty || generator.map({ !known.contains($0) }) ?? false {
            throw IndexingError.noQueries(generator: generator ?? "", index: index, known: known)
        }
        let document = try passage.map { id in
            guard let document = try reader.passage(withID: id) else { throw EngineError.noPassage(id: id) }
            return document.rawValue
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for generator in generator.map({ [$0] }) ?? known {
            guard let queries = try reader.queries(of: generator) else { continue }
            let places = document.map { queries.places(of: $0) } ?? 0..<queries.count
            for place in places.prefix(limit ?? .max) {
                let item = try queries.item(place)
                let id = try reader.id(of: PassageIndex(item.document))
                switch format {
                case .jsonl:
                    let line = Line(passage: id, maker: generator, rank: item.rank, text: item.text)
                    print(String(decoding: try encoder.encode(line), as: UTF8.self))
                case .tsv: print("\(id)\t\(generator)\t\(item.rank ?? 0)\t\(item.text)")
                }
            }
        }
    }
}
