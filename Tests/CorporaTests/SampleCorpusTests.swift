import Corpora
import Foundation
import Testing

/// The sample corpus that is part of the project.
@Suite struct SampleCorpusTests {
    private let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("corpora/sample").path

    @Test func passages() throws {
        let read = try readAll(folder, CorpusOptions(strict: true))
        #expect(read.format == .beirFolder)
        #expect(read.passages.count >= 200)
        #expect(Set(read.passages.map(\.text)).count == read.passages.count)
        #expect(Set(read.passages.map(\.title)).count == read.passages.count)
        for passage in read.passages {
            #expect((35...90).contains(passage.text.split(separator: " ").count), "\(passage.id)")
            #expect(!passage.title.isEmpty)
        }
    }

    @Test func questionsAndJudgements() throws {
        let ids = Set(try readAll(folder).passages.map(\.id))
        let queries = try Queries.read(path: folder)
        let qrels = try Qrels.read(path: folder)
        #expect(queries.count >= 100)
        #expect(Set(queries.map(\.text)).count == queries.count)
        #expect(qrels.queryIDs == queries.map(\.id))
        for query in queries {
            let judgements = qrels.judgements(of: query.id)
            #expect(judgements.contains { $0.grade == 2 }, "\(query.id)")
            #expect(judgements.allSatisfy { ids.contains($0.passage.string) && (1...2).contains($0.grade) })
        }
        #expect(qrels.judgements.values.count { $0.count > 1 } >= 20)
    }
}
