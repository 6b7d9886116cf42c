import Corpora
import Foundation
import TestSupport
import Testing

@Suite struct NQ320kRecipeTests {
    private static let train = """
        {"example_id": 101, "question_text": "what floats", "document_text": "Boats - wiki <H1> The Boat </H1> <P> A boat floats . </P>"}
        {"example_id": 102, "question_text": "who fishes", "document_text": "<H1> the  boat </H1> <P> An older copy . </P>"}
        {"example_id": -103, "question_text": "a dance", "document_text": "<H1> Céilí </H1> <Table> <Tr> <Td_colspan=\\"2\\"> x < y </Td> </Tr> </Table>"}

        """
    private static let dev = """
        {"example_id": 201, "question_text": "does it float", "document_title": "The Boat", "document_tokens": []}
        {"example_id": 202, "question_text": "tea", "document_title": "Tea", "document_tokens": [{"token": "<P>", "html_token": true}, \
        {"token": "Hot", "start_byte": 1}, {"token": "leaves"}]}

        """

    @Test("Google's lines: a document for each title") func google() throws {
        let run = try RecipeRun("nq320k")
        try run.folder.write("nq/nq-dev-all.jsonl", Self.dev)
        try run.folder.write("nq/simplified-nq-train.jsonl", Self.train)
        let report = try run.make(["nq"])
        #expect(
            try run.passages() == [
                Passage(id: "0", title: "The Boat", text: "Boats - wiki The Boat A boat floats ."),
                Passage(id: "1", title: "Céilí", text: "Céilí x < y"),
                Passage(id: "2", title: "Tea", text: "Hot leaves"),
            ])
        #expect(try run.questions() == ["201 does it float", "202 tea"] && run.judgements() == ["201 0 1", "202 2 1"])
        #expect(try run.judgements("train") == ["101 0 1", "102 0 1", "-103 1 1"])
        #expect(report.differences.contains { $0.what == "documents" && $0.published == "109739" && $0.found == "3" })
        #expect(report.differences.contains { $0.what == "questions of train" && $0.published == "307373" })
        // A limit reads the files twice, and finds the same.
        try run.make(["nq"], limit: 3)
        #expect(try run.passages().count == 3 && run.judgements("train").count == 3 && run.questions().count == 2)
    }

    @Test("DSI's lines: documents and questions in one file") func dsi() throws {
        let run = try RecipeRun("nq320k")
        try run.folder.write(
            "NQ_10k_multi_task_train.json",
            """
            {"text_id": "0", "text": "document: A boat: it floats."}
            {"text_id": "0", "text": "question: what floats"}
            {"text_id": "1", "text": "document: Tea"}

            """)
        try run.folder.write("NQ_10k_valid.json", "{\"text_id\": \"1\", \"text\": \"question: hot leaves\"}\n")
        try run.make(["NQ_10k_multi_task_train.json", "NQ_10k_valid.json"])
        #expect(try run.passages() == [Passage(id: "0", text: "A boat: it floats."), Passage(id: "1", text: "Tea")])
        #expect(try run.questions() == ["dev-1 hot leaves"] && run.judgements() == ["dev-1 1 1"])
        #expect(
            try run.questions("queries-train.jsonl") == ["train-1 what floats"]
                && run.judgements("train") == ["train-1 0 1"])
        try run.folder.write("NQ_10k_valid.json", "{\"text_id\": \"1\", \"text\": \"hot leaves\"}\n")
        #expect(
            run.complaint(["NQ_10k_multi_task_train.json", "NQ_10k_valid.json"])
                == "NQ_10k_valid.json:1: the text says not what it is, expected \"document: \" or \"question: \" before it"
        )
    }

    @Test("What is wrong is said with its place") func faults() throws {
        let run = try RecipeRun("nq320k")
        try run.folder.write("train.jsonl", Self.train + "{\"example_id\": 1, \"question_text\": \"x\"}\n")
        #expect(run.complaint(["train.jsonl"]) == "train.jsonl:4: missing \"document_text\" or \"document_tokens\"")
        try run.folder.write("train.jsonl", Self.train + "{\"question_text\": \"x\", \"document_text\": \"y\"}\n")
        #expect(run.complaint(["train.jsonl"]) == "train.jsonl:4: missing \"example_id\"")
        try run.folder.write("other.jsonl", "{\"a\": 1}\n")
        #expect(
            run.complaint(["other.jsonl"]).hasPrefix("none of these files is one of nq320k, expected JSON lines with"))
    }
}
