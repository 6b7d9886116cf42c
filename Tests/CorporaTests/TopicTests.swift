import Corpora
import TestSupport
import Testing

/// The shapes of topics that people have.
@Suite struct TopicTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ content: String) throws -> [[String]] {
        try Queries.read(path: try folder.write("topics", content)).map { [$0.id.string, $0.text] }
    }

    @Test(
        "TREC's SGML",
        arguments: [
            "<top>\n<num> Number: 301\n<title> law of \n gravity\n\n<desc> Description:\nWho?\n\n<narr> Narrative:\nRelevant: x\n</top>\n\n<top>\n<num> Number:  052\n<title> Topic: R&amp;D &lt; coffee\n<desc> Description:\nWhy?\n</top>\n",
            "<TOP>\r\n<NUM>301</NUM>\r\n<TITLE>law of gravity</TITLE>\r\n</TOP>\r\n<top><num>52</num><title>R&#38;D &#x3c; coffee</title>",
            "<?xml version=\"1.0\"?>\n<!-- <topic number=\"9\"> -->\n<topics><topic number='301'><query>law of gravity</query><question>Who?</question><narrative>n</narrative></topic>\n<topic number=\"52\"><title><![CDATA[R&D < coffee]]></title></topic></topics>",
            "<topics task=\"2021\">\n  <topic number=\"301\">\n    law of\n gravity\n  </topic><topic id=52><description>R&amp;D &lt; coffee</description></topic>\n</topics>",
            "<top>\n<num> Number: MB301 </num>\n<query> law of gravity </query>\n<querytime> Tue </querytime>\n</top>\n<top><num>52<title>R&D < coffee</top>",
        ])
    func markup(_ content: String) throws {
        #expect(try read(content) == [["301", "law of gravity"], ["52", "R&D < coffee"]])
    }

    @Test(
        "JSON",
        arguments: [
            "[{\"_id\": \"1\", \"text\": \"a\"}, {\"qid\": 2, \"query\": \"b\"}]",
            "[\n  {\n    \"id\": 1,\n    \"question\": \"a\"\n  },\n  {\"id\": 2, \"input\": \"b\", \"output\": [{\"answer\": \"x\"}]}\n]\n",
            "[\"a\", \"b\"]",
            "{\"1\": \"a\", \"2\": \"b\"}",
            "{\n  \"1\": {\"title\": \"a\"},\n  \"2\": {\"title\": \"b\"}\n}\n",
            "{\"id\": 1, \"title\": \"a\"}\n{\"id\": 2, \"query\": {\"text\": \"b\", \"lang\": \"en\"}}\n",
            "{\"id\": 1,\n \"text\": \"a\"}\n{\"id\": 2,\n \"text\": \"b\"}\n",
            "{\"_id\": \"1\", \"text\": \"a\", \"metadata\": {\"a\": {\"b\": [1, 2, {\"c\": null}]}}}\n{\"_id\": \"2\", \"text\": \"b\"}",
        ])
    func json(_ content: String) throws {
        #expect(try read(content) == [["1", "a"], ["2", "b"]])
    }

    @Test(
        "Questions with answers are named by their place, from 0",
        arguments: [
            "who described gravity\t['Isaac Newton']\n\"what is \"\"it\"\"\"\t['a', 'b']\n",
            "question\tanswers\nwho described gravity\t['Isaac Newton']\nwhat is \"it\"\t[]\n",
            "{\"question\": \"who described gravity\", \"answers\": [\"Newton\"]}\n{\"question\": \"what is \\\"it\\\"\", \"answers\": []}\n",
            "[{\"question\": \"who described gravity\", \"answers\": [\"x\"]}, {\"question\": \"what is \\\"it\\\"\", \"answers\": [\"y\"]}]",
            "0\twho described gravity\t[\"Isaac Newton\"]\n1\twhat is \"it\"\t['x']\n",
        ])
    func answers(_ content: String) throws {
        #expect(try read(content) == [["0", "who described gravity"], ["1", "what is \"it\""]])
    }

    @Test func tables() throws {
        #expect(try read("qid\tquery\n1\tlaw of gravity\n2\t\"b\"\n") == [["1", "law of gravity"], ["2", "b"]])
        #expect(
            try read("query,lang,id\n\"law, of gravity\",en,1\nb,de,2\n") == [["1", "law, of gravity"], ["2", "b"]])
        #expect(
            try read("1\t\"The Rite\" of gravity\n2\t\"coffee\n3\twhale\"s\n")
                == [["1", "\"The Rite\" of gravity"], ["2", "\"coffee"], ["3", "whale\"s"]])
        #expect(try read("1\tlaw of\tgravity\n") == [["1", "law of gravity"]])
        #expect(try read("[1]\ta\n<b>\tc\n") == [["[1]", "a"], ["<b>", "c"]])
        #expect(try read("<dbpedia:X>\ta\n") == [["<dbpedia:X>", "a"]])
        #expect(try read("enwiki:Green sea turtle/Habitat\tlaw\n") == [["enwiki:Green sea turtle/Habitat", "law"]])
    }

    @Test func plainLists() throws {
        #expect(
            try read("law of gravity\n\nwhat, then?\r\n#3 [x]\n")
                == [["1", "law of gravity"], ["3", "what, then?"], ["4", "#3 [x]"]])
        #expect(try read("one\n") == [["1", "one"]])
    }

    @Test func emptyQuestionsStay() throws {
        #expect(try read("1\tlaw\n2\t\n3\n4\t \t\n") == [["1", "law"], ["2", ""], ["3", ""], ["4", ""]])
        #expect(try read("{\"_id\": \"1\", \"text\": \"\"}\n") == [["1", ""]])
        #expect(try read("<top><num>1<title></top><top><num>2<title>b</top>") == [["1", ""], ["2", "b"]])
        let carried = try Queries.readOfPassages(path: try folder.write("p", "1\ta\n1\t\n2\t \n1\tb\n"))
        #expect(carried == ["1": ["a", "b"]])
        #expect(throws: CorpusError.self) { try Queries.readOfPassages(path: try folder.write("l", "a b c\n")) }
    }

    /// The place of a fault counts the lines of the file, whatever the shape is.
    @Test func faultsHaveTheirLine() throws {
        for (content, line) in [
            ("[{\"id\": 1, \"text\": \"a\"},\n\n {\"id\": 2}]", 3),
            ("<topics>\n\n<topic number=\"1\">a</topic>\n<topic>b</topic>", 4),
            ("{\n\"id\": 1,\n\"text\": [}\n", 3), ("1\ta\n\n2 b\n", 3), ("id,query\n1,a\n2,b,c\n", 3),
        ] {
            let path = try folder.write("t", content)
            let error = #expect(throws: CorpusError.self) { try Queries.read(path: path) }
            #expect("\(error!)".hasPrefix("\(path):\(line): "), "\(error!)")
        }
    }
}
