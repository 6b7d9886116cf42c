import ArgumentParser
import Corpora
import Engine
import FMIndex
import Foundation
import Memory
import Ranking
import Search
import Transformers
import Synchronization

struct Dump {
    static func run(_ reader: IndexReader, _ questions: String, _ out: String) throws {
        let coder = try reader.value(IndexTokenCoder.self).coder!
        let enc = try reader.value(IndexPassageEncoder.self).encoder
        let tok = try reader.value(IndexTokenizer.self).ngrams
        let fm = try reader.components(FMIndex.self)[0]
        FileManager.default.createFile(atPath: out + "/y.f16", contents: nil)
        let h = FileHandle(forWritingAtPath: out + "/y.f16")!
        var lens: [Int32] = []
        let n = fm.documentCount
        for s in stride(from: 0, to: n, by: 512) {
            let e = min(n, s + 512)
            let got = Mutex<[Int: [Float16]]>([:])
            enc.forEachStates(count: e - s, tokens: { enc.framed(tok.known(fm.text(of: s + $0))) }) { i, st in
                coder.head.withPassage(UnsafeBufferPointer(rebasing: st.prefix(192 * 384))) { y in let f = y.map { Float16($0) }; got.withLock { $0[i] = f } }
            }
            let g = got.withLock { $0 }
            for i in 0..<(e - s) { let f = g[i]!; lens.append(Int32(f.count / 384)); f.withUnsafeBytes { h.write(Data($0)) } }
        }
        try lens.withUnsafeBytes { try Data($0).write(to: URL(filePath: out + "/lens.i32")) }
        var options = SearchOptions(); options.rerank = 0
        let search = try Engine(reader).prepared(options)
        let needs = search.pipeline.needs.union(.states)
        var js: [[String: Any]] = []
        for topic in try Queries.read(path: questions) {
            let query = try reader.query(topic.text, needs: needs)
            let hits = try search.best(query, 50)
            let src = query[GeneratorModel.Source.self]!
            let (x, w) = coder.head.query(src.states)
            js.append(["id": String(describing: topic.id), "x": x, "w": w, "p": hits.map { Int($0.candidate.passage.rawValue) }, "d": hits.map(\.id), "s": hits.map(\.score)])
        }
        try JSONSerialization.data(withJSONObject: js).write(to: URL(filePath: out + "/q.json"))
    }
}
