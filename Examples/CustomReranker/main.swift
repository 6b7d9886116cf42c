// Reranks what was found with a reranker of one's own.
//
//     swift run -c release CustomReranker [CORPUS] [QUERY]

import Foundation
import Genret

let arguments = CommandLine.arguments.dropFirst()
let corpus = arguments.first ?? "corpora/sample"
let query = arguments.dropFirst().first ?? "keep it out of the sun"
let place = FileManager.default.temporaryDirectory.appending(path: "example-\(UUID()).genret")
defer { try? FileManager.default.removeItem(at: place) }

var build = IndexOptions()
build.encoder = nil
_ = try IndexBuilder(corpus: corpus, destination: place.path, options: build).build()

// The one line that registers it.
let engine = try Engine.open(place.path, registry: .standard.adding(PhraseReranker.self))

// The ten best of the fusion are reranked; with 0 nothing would be.
var options = SearchOptions()
options.rerank = 10
for hit in try engine.search(SearchRequest(query, hits: 5, options: options)).candidates {
    let words = hit.rerank?.scores?["phrase"].map { "\(Int($0)) words of the query in a row" } ?? "not reranked"
    print("\(hit.rank). \(hit.title ?? hit.docid)  (\(words))")
}
