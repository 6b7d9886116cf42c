import Corpora
import Foundation
import TestSupport
import Testing

/// What of a record besides id, title and text is kept.
@Suite struct RecordFieldsTests {
    private func read(_ text: String, as name: String = "corpus.jsonl") throws -> [Passage] {
        let folder = try TemporaryFolder()
        try Data(text.utf8).write(to: URL(filePath: folder.path(name)))
        var reader = try CorpusReader(path: folder.path(name))
        var passages: [Passage] = []
        while let passage = try reader.next() { passages.append(passage) }
        #expect(reader.report.badLineCount == 0)
        return passages
    }

    @Test(arguments: [
        (#""year": 2020, "draft" : false"#, #"{"year":2020,"draft":false}"#),
        (
            #""tags": [ "a b", "c\" d" ], "by": { "name": "x",  "n": [1, 2.50] }"#,
            #"{"tags":["a b","c\" d"],"by":{"name":"x","n":[1,2.50]}}"#
        ),
        (#""none": null, "empty": {}, "list": [ ], "metadata": { }"#, ""),
        (#""a": NaN, "b": [NaN, -Infinity, 1]"#, #"{"b":[null,null,1]}"#),
        (
            #""a": "\ud800x", "b": "\ud83d\ude00", "c\u00e9": "\\ud800""#,
            #"{"a":"\ufffdx","b":"\ud83d\ude00","c\u00e9":"\\ud800"}"#
        ),
        (#""big": 123456789012345678901234567890, "e": 1E-5"#, #"{"big":123456789012345678901234567890,"e":1E-5}"#),
        // The first of several names is the id or the text; the others are fields.
        (#""docid": "x", "body": "other", "title": null"#, #"{"docid":"x","body":"other"}"#),
    ])
    func keepsMembers(members: String, fields: String) throws {
        let passages = try read("{\"_id\": \"a\", \"text\": \"words\", \(members)}\n")
        #expect(passages == [Passage(id: "a", text: "words", fields: fields)])
    }

    @Test func columnsOfTablesAreFields() throws {
        let passages = try read(
            "id\ttext\tYear\tlang\t\tzip\n1\tone\t2020\tde\tx\t01234\n2\ttwo\t\ttrue\tx\t\n", as: "corpus.tsv")
        #expect(
            passages.map(\.fields) == [#"{"Year":2020,"lang":"de","zip":"01234"}"#, #"{"lang":true}"#])
    }

    @Test func writtenCorporaKeepThem() throws {
        let folder = try TemporaryFolder()
        let passages = [
            Passage(id: "a", title: "t", text: "x", fields: #"{"year":2020,"tags":["a"]}"#),
            Passage(id: "b", text: "y"),
        ]
        var writer = try CorpusWriter(path: folder.path("corpus.jsonl"))
        for passage in passages { try writer.write(passage) }
        try writer.finish()
        #expect(try read(String(contentsOfFile: folder.path("corpus.jsonl"), encoding: .utf8)) == passages)
    }
}
