import Engine
import Foundation
import Search
import Storage

extension FuzzTarget {
    /// JSON by itself, and what programs send.
    static let values: [FuzzTarget] = [
        FuzzTarget("json", .json, words: jsonWords) { _ in
            [#"{"a": [1, -2.5e3, "x\u00e9\ud83d\ude00", null, true], "b": {"c": {}}, "": []}"#, "[[[[[[1]]]]]]"].map {
                Array($0.utf8)
            }
        } reader: { _ in
            { input in
                let value = try JSONValue(parsing: input)
                let again = try JSONValue(parsing: value.bytes())
                blackHole(again.int)
            }
        },
        FuzzTarget(
            "search-request", .json,
            words: [
                "\"query\":", "\"hits\":", "\"retrievers\":", "\"weights\":", "\"explain\":", "\"depth\":",
                "\"options\":{",
            ]
        ) { _ in
            [
                #"{"query": "river", "hits": 5, "retrievers": ["bm25", "ngram"], "weights": {"bm25": 0.5}, "explain": "full"}"#,
                #"{"query": "glass", "rerank": 5, "fields": ["title", "snippet"], "offsets": "utf16", "maxTextLength": 10, "options": {"depth": 20, "bm25": {"k1": 0.9, "b": 0.4}, "ngram": {"beams": 3, "keyLength": 4, "topUnigrams": 5, "stopAtCount": 2}, "docid": {"beams": 4}}}"#,
            ].map { Array($0.utf8) } + [try everyOption()]
        } reader: { world in
            let engine = try world.engine(world.index)
            return { input in
                let request = try JSONDecoder().decode(SearchRequest.self, from: Data(input))
                if let fault = request.fault(.network) { throw fault }
                blackHole(try engine.search(request).candidates.count)
            }
        },
    ]

    /// A request that says all defaults.
    private static func everyOption() throws -> [UInt8] {
        let options: [String: JSONTree] = [
            "ngram": try JSONTree(encoding: NgramRetriever.Options()),
            "bm25": try JSONTree(encoding: BM25Retriever.Options()),
            "docid": try JSONTree(encoding: DocidRetriever.Options()),
        ]
        return [UInt8](
            try JSONTree.bytes(of: JSONTree.object(["query": .string("river bends"), "options": .object(options)])))
    }
}
