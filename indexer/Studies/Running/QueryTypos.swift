import Corpora
import Memory

/// Queries with typing errors: what a study asks to see how robust retrievers are.
///
/// Of every query's words (runs of letters, at least three), each gets one error with a probability. Which words, and
/// which error - two neighbours exchanged, a letter left out, doubled, or replaced by another of a to z - follow from the
/// seed and the query's id alone.
enum QueryTypos {
    static func add(to queries: [Query], share: Double, seed: UInt64) -> [Query] {
        guard share > 0 else { return queries }
        return queries.map { query in
            var random = SeededGenerator(seed: SampleRank(seed: seed, id: query.id.string).high)
            var text = ""
            var word: [Character] = []
            for character in query.text {
                if character.isLetter {
                    word.append(character)
                } else {
                    text += edited(word, share, &random)
                    word = []
                    text.append(character)
                }
            }
            return Query(id: query.id, text: text + edited(word, share, &random))
        }
    }

    private static func edited(_ word: [Character], _ share: Double, _ random: inout SeededGenerator) -> String {
        guard word.count >= 3, random.unit() < share else { return String(word) }
        var word = word
        let place = Int(random.next() % UInt64(word.count - 1))
        switch random.next() % 4 {
        case 0: word.swapAt(place, place + 1)
        case 1: word.remove(at: place)
        case 2: word.insert(word[place], at: place)
        default:
            let letters = Array("abcdefghijklmnopqrstuvwxyz")
            word[place] = letters[Int(random.next() % UInt64(letters.count))]
        }
        return String(word)
    }
}
