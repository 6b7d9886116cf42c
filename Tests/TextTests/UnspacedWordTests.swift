import Foundation
import Testing
import Text

@Suite struct UnspacedWordTests {
    @Test("SentencePiece's tokens begin words where no mark could tell") func starts() throws {
        let pieces = ["<unk>", "\u{2581}天", "气", "\u{2581}wea", "ther", "9th", ",", "。", "カナ", "ไทย", "é", "\u{301}"]
        let vocabulary = pieces.map { "[\"\($0)\",-1.0]" }.joined(separator: ",")
        let json = """
            {"pre_tokenizer":{"type":"Metaspace","replacement":"\u{2581}","prepend_scheme":"always"},
            "model":{"type":"Unigram","unk_id":0,"vocab":[\(vocabulary)]}}
            """
        let tokenizer = try Tokenizer(json: Data(json.utf8))
        let continuing = pieces.filter { piece in tokenizer.id(of: piece).map(tokenizer.isContinuation) ?? false }
        #expect(continuing == ["ther", "9th", "é", "\u{301}"])
    }
}
