/// Words between white space, with every punctuation mark a word of its own.
struct BertPreTokenizer: Sendable {
    private enum Class {
        static let word: UInt8 = 0
        static let space: UInt8 = 1
        static let punctuation: UInt8 = 2
    }

    private let pages = ScalarPages { [BertPreTokenizer.classify($0)] }
    private let ascii = (0..<128).map { BertPreTokenizer.classify(Unicode.Scalar(UInt8($0))) }

    func split(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into words: inout [Range<Int>]
    ) {
        var index = range.lowerBound
        var start = index
        ascii.withUnsafeBufferPointer { ascii in
            while index < range.upperBound {
                let byte = text[index]
                var length = 1
                var kind = Class.word
                if byte < 0x80 {
                    kind = ascii[Int(byte)]
                } else {
                    let decoded = text.scalar(at: index)
                    length = decoded.length
                    kind = pages[decoded.value][0]
                }
                if kind != Class.word {
                    if start < index { words.append(start..<index) }
                    if kind == Class.punctuation { words.append(index..<index + length) }
                    start = index + length
                }
                index += length
            }
        }
        if start < index { words.append(start..<index) }
    }

    private static func classify(_ scalar: Unicode.Scalar) -> UInt8 {
        if scalar.properties.isWhitespace { return Class.space }
        switch scalar.value {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return Class.punctuation
        default: return UnicodeEight.isPunctuation(scalar) ? Class.punctuation : Class.word
        }
    }
}
