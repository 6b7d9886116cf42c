/// What is looked for in the bytes of HTML, where ASCII letters are the same in either case.
enum HTMLBytes {
    /// Whether a tag, a comment or a declaration begins at a place.
    static func startsTag<Bytes: RandomAccessCollection<UInt8>>(_ bytes: Bytes, at place: Int) -> Bool
    where Bytes.Index == Int {
        guard place + 1 < bytes.endIndex, bytes[place] == 0x3c else { return false }
        let next = bytes[place + 1]
        return next == 0x2f || next == 0x21 || next == 0x3f || 0x61...0x7a ~= next | 0x20
    }

    /// - Parameter text: without capital letters.
    static func starts<Bytes: RandomAccessCollection<UInt8>>(_ bytes: Bytes, at place: Int, with text: String) -> Bool
    where Bytes.Index == Int {
        var index = place
        for wanted in text.utf8 {
            guard index < bytes.endIndex else { return false }
            let found = 0x41...0x5a ~= bytes[index] ? bytes[index] | 0x20 : bytes[index]
            guard found == wanted else { return false }
            index += 1
        }
        return true
    }

    /// The next place of a text.
    ///
    /// - Parameter text: without capital letters.
    /// - Complexity: O(bytes × the text's).
    static func place<Bytes: RandomAccessCollection<UInt8>>(of text: String, in bytes: Bytes, from start: Int) -> Int?
    where Bytes.Index == Int {
        guard let first = text.utf8.first else { return nil }
        var place = start
        while place < bytes.endIndex {
            if bytes[place] == first, starts(bytes, at: place, with: text) { return place }
            place += 1
        }
        return nil
    }
}
