import Engine
import Foundation
import Indexing
import Ranking
import TestSupport
import Testing

@Suite struct TextLanguageTests {
    private func language(_ texts: [String]) throws -> TextLanguage {
        let folder = try TemporaryFolder()
        let file = folder.url.appendingPathComponent("corpus.jsonl")
        let lines = try texts.enumerated().map { number, text in
            let fields = ["_id": "\(number)", "title": "", "text": text]
            return String(decoding: try JSONEncoder().encode(fields), as: UTF8.self)
        }
        try Data(lines.joined(separator: "\n").utf8).write(to: file)
        return try IndexBuilder(corpus: file.path, destination: folder.url.path + "/i", options: .init()).language()
    }

    @Test(
        "Languages by their words and scripts",
        arguments: [
            (.english, "The tower was built in 1889 and is one of the best known buildings of the city."),
            (.german, "Der Turm wurde im Jahr 1889 gebaut und ist eines der bekanntesten Gebäude der Stadt."),
            (.french, "La tour a été construite en 1889 et elle est un des bâtiments les plus connus de la ville."),
            (
                .spanish,
                "La torre fue construida en 1889 y es uno de los edificios más conocidos de la ciudad que visitan."
            ),
            (.portuguese, "A torre foi construída em 1889 e não é o único dos edifícios mais conhecidos da cidade."),
            (.italian, "La torre è stata costruita nel 1889 ed è uno degli edifici più noti che sono della città."),
            (.dutch, "De toren is in 1889 gebouwd en het is een van de bekendste gebouwen van de stad."),
            (.swedish, "Tornet byggdes 1889 och är ett av de mest kända husen som inte är för högt."),
            (.finnish, "Torni rakennettiin vuonna 1889 ja se on kaupungin tunnetuin rakennus, mutta ei korkein."),
            (.russian, "Башня была построена в 1889 году и это одно из самых известных зданий на реке."),
            (.arabic, "بني البرج في عام 1889 وهو من أشهر المباني في هذا البلد على النهر."),
            (.hindi, "यह मीनार 1889 में बनी थी और यह शहर की सबसे प्रसिद्ध इमारत है।"),
            // Languages without a stemmer.
            (.plain, "Вежа була збудована у 1889 році і це одна з найвідоміших споруд, що є на річці та до неї."),
            (.plain, "Wieża została zbudowana w 1889 i jest jednym z najbardziej znanych budynków na świecie."),
            (.plain, "这座塔建于1889年，是这座城市最著名的建筑之一。"), (.plain, "塔は1889年に建てられました。"),
            (.plain, "탑은 1889년에 지어졌다."), (.plain, "หอคอยนี้สร้างขึ้นในปี 1889"),
            (.plain, "კოშკი აშენდა ქალაქში"),
            // Nothing speaks for another language.
            (.english, "lamp, chair, table"), (.english, "1889"),
            (.english, "The Chinese name of the tower, 塔, is from a word for it."),
        ] as [(TermLanguage, String)])
    func languages(expected: TermLanguage, text: String) throws {
        #expect(try language([text + " "]).terms == expected)
    }

    @Test("What most passages are in counts") func majority() throws {
        let english = "The tower was built in 1889 and is one of the best known buildings of the city."
        let german = "Der Turm wurde 1889 gebaut und ist das bekannteste Gebäude der Stadt."
        #expect(try language([english, english, english, german]).terms == .english)
        #expect(try language([english, german, german, german]).terms == .german)
    }
}
