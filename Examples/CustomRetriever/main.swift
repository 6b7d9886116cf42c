// Searches with a retriever of one's own, fused with genret's.
//
//     swift run -c release CustomRetriever [CORPUS] [QUERY]

import Foundation
import Genret

let arguments = CommandLine.arguments.dropFirst()
let corpus = arguments.first ?? "corpora/sample"
let query = arguments.dropFirst().first ?? "which bread needs a starter?"
let place = FileManager.default.temporaryDirectory.appending(path: "example-\(UUID()).genret")
defer { try? FileManager.default.removeItem(at: place) }

var build = IndexOptions()
build.encoder = nil
_ = try IndexBuilder(corpus: corpus, destination: place.path, options: build).build()

// The one line that registers it. It runs beside the others without being asked for.
let engine = try Engine.open(place.path, registry: .standard.adding(TitleRetriever.self))

var options = SearchOptions()
options.weights = ["ngram": 0.4, "bm25": 0.4, "title": 0.2]
for hit in try engine.search(SearchRequest(query, hits: 5, options: options)).candidates {
    let shares = (hit.retrievers ?? [:]).sorted { $0.key < $1.key }
        .map { "\($0.key) \(String(format: "%.3f", $0.value.contribution))" }
    print("\(hit.rank). \(hit.title ?? hit.docid)  (\(shares.joined(separator: ", ")))")
}
