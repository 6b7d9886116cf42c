import Foundation
import Storage

/// BERT's normaliser: drops control characters, spaces out Han characters, strips accents, lowers
/// case.
///
/// Every step maps one scalar to a few, so that the whole is a table of scalars. Marks that
/// survive accent stripping keep the order they had, where Unicode would sort them; only spacing
/// marks of musical notation and Hangul tone are concerned.
struct BertNormalizer: Sendable {
    struct Options: Sendable {
        var cleanText = true
        var spacesHan = true
        var stripsAccents = true
        var lowercase = true
    }

    private let pages: ScalarPages
    /// What an ASCII byte becomes; ``dropped`` when it goes.
    private let ascii: [UInt8]
    /// No ASCII character.
    private static let dropped = UInt8.max

    init(_ options: Options) {
        let entry: @Sendable (Unicode.Scalar) -> [UInt8] = { BertNormalizer.map($0, options) }
        pages = ScalarPages(entry)
        ascii = (0..<128).map { value in
            BertNormalizer.map(Unicode.Scalar(UInt8(value)), options).first ?? BertNormalizer.dropped
        }
    }

    init(json: JSONValue) throws(TokenizerError) {
        func flag(_ name: String) throws(TokenizerError) -> Bool {
            guard let value = json[name] else { return true }
            guard let flag = value.bool else { throw .malformed("normalizer.\(name) must be a flag") }
            return flag
        }
        var options = Options()
        options.cleanText = try flag("clean_text")
        options.spacesHan = try flag("handle_chinese_chars")
        options.lowercase = try flag("lowercase")
        // Left open, accents are stripped exactly when case is lowered.
        options.stripsAccents =
            if let value = json["strip_accents"], !value.isNull {
                try flag("strip_accents")
            } else {
                options.lowercase
            }
        self.init(options)
    }

    func normalize(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into output: inout NormalizedText
    ) {
        output.reserve(output.count + range.count)
        var index = range.lowerBound
        ascii.withUnsafeBufferPointer { ascii in
            while index < range.upperBound {
                let byte = text[index]
                if byte < 0x80 {
                    let mapped = ascii[Int(byte)]
                    if mapped != BertNormalizer.dropped {
                        output.append(mapped, from: index, to: index + 1)
                    }
                    index += 1
                    continue
                }
                let (scalar, length) = text.scalar(at: index)
                for mapped in pages[scalar] { output.append(mapped, from: index, to: index + length) }
                index += length
            }
        }
    }

    private static func map(_ scalar: Unicode.Scalar, _ options: Options) -> [UInt8] {
        var scalar = scalar
        if options.cleanText {
            let isBlank = scalar == "\t" || scalar == "\n" || scalar == "\r"
            if scalar.value == 0 || scalar.value == 0xFFFD { return [] }
            if !isBlank, UnicodeEight.isOther(scalar) { return [] }
            if isBlank || scalar.properties.isWhitespace { scalar = " " }
        }
        var text = String.UnicodeScalarView()
        if options.stripsAccents {
            let composed = String(Character(scalar))
            let decomposed =
                UnicodeNine.isAssigned(scalar)
                ? composed.decomposedStringWithCanonicalMapping : composed
            text.append(
                contentsOf: decomposed.unicodeScalars.filter { !UnicodeEight.isNonspacingMark($0) })
        } else {
            text.append(scalar)
        }
        var mapped = String(text)
        if options.lowercase {
            mapped = text.map(\.properties.lowercaseMapping).joined()
        }
        if options.spacesHan, isHan(scalar.value) { mapped = " " + mapped + " " }
        return Array(mapped.utf8)
    }

    /// The ideograph blocks of the reference, including its start of extension E at 2B920.
    private static func isHan(_ value: UInt32) -> Bool {
        switch value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F,
            0x2B740...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}
