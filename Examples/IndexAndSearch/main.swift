// Builds an index of a corpus and asks it something.
//
//     swift run -c release IndexAndSearch [CORPUS] [QUERY]

import Foundation
import Genret

let arguments = CommandLine.arguments.dropFirst()
let corpus = arguments.first ?? "corpora/sample"
let query = arguments.dropFirst().first ?? "how do I feed a sourdough starter?"
let place = FileManager.default.temporaryDirectory.appending(path: "example-\(UUID()).genret")
defer { try? FileManager.default.removeItem(at: place) }

var options = IndexOptions()
// Without an encoder there are no vectors; n-grams and BM25 need none.
if ModelCache.standard.directory(of: options.encoder ?? "") == nil { options.encoder = nil }
let report = try IndexBuilder(corpus: corpus, destination: place.path, options: options).build()
print("\(report.manifest.passages) passages")

let engine = try Engine.open(place.path)
for hit in try engine.search(query, hits: 5).candidates {
    print("\(hit.rank). \(hit.title ?? hit.docid): \(hit.snippet?.text ?? "")")
}
