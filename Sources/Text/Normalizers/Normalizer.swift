import Storage

/// The first stage: rewrites text, keeping track of where each byte came from.
struct Normalizer: Sendable {
    /// One rewriting; a sequence in the file becomes several.
    enum Step: Sendable {
        case bert(BertNormalizer)
        case scalars(ScalarMap)
        case form(UnicodeForm)
        case precompiled(PrecompiledCharsMap)
        case strip(StripNormalizer)
        case replace(ReplaceNormalizer)
        case prepend([UInt8])
    }

    /// More steps are refused.
    private static let mostSteps = 32
    /// A text that has grown beyond this is left as it is: only a hostile file does that.
    private static let largestGrowth = 16

    private(set) var steps: [Step] = []
    /// The types of the steps as the file names them.
    private(set) var names: [String] = []

    /// Buffers that segments share; one thread's.
    struct Scratch {
        fileprivate var next = NormalizedText()
        fileprivate var pattern = Pattern.Scratch()
        fileprivate var form = UnicodeForm.Scratch()

        init() {}
    }

    init(json: JSONValue?) throws(TokenizerError) {
        guard let json, !json.isNull else { return }
        try add(json)
    }

    private mutating func add(_ json: JSONValue) throws(TokenizerError) {
        guard steps.count < Normalizer.mostSteps else {
            throw TokenizerError(.unsupported, "more than \(Normalizer.mostSteps) normalizers")
        }
        let type = json["type"]?.string
        switch type {
        case "Sequence":
            guard let parts = json["normalizers"]?.array else {
                throw .malformed("normalizer.normalizers must be a list")
            }
            for part in parts { try add(part) }
            return
        case "BertNormalizer": steps.append(.bert(try BertNormalizer(json: json)))
        case "Lowercase": steps.append(.scalars(.lowercase()))
        case "StripAccents": steps.append(.scalars(.withoutMarks()))
        case "Nmt": steps.append(.scalars(.nmt()))
        case "ByteLevel": steps.append(.scalars(.byteLevel()))
        case "NFC": steps.append(.form(.init(isComposed: true, isCompatible: false)))
        case "NFD": steps.append(.form(.init(isComposed: false, isCompatible: false)))
        case "NFKC": steps.append(.form(.init(isComposed: true, isCompatible: true)))
        case "NFKD": steps.append(.form(.init(isComposed: false, isCompatible: true)))
        case "Strip": steps.append(.strip(try StripNormalizer(json: json)))
        case "Replace": steps.append(.replace(try ReplaceNormalizer(json: json)))
        case "Prepend":
            guard let text = json["prepend"]?.string, text.utf8.count <= ReplaceNormalizer.longest
            else { throw .malformed("normalizer.prepend must be a short string") }
            steps.append(.prepend(Array(text.utf8)))
        case "Precompiled": steps.append(.precompiled(try PrecompiledCharsMap(json: json)))
        default:
            throw .unsupported(
                "normalizer", type,
                known: "BertNormalizer, Lowercase, StripAccents, Strip, Nmt, NFC, NFD, NFKC, NFKD, "
                    + "ByteLevel, Replace, Prepend, Precompiled or Sequence")
        }
        if let type { names.append(type) }
    }

    /// Makes `output` the normal form of `text[range]`, which is valid UTF-8.
    func normalize(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into output: inout NormalizedText,
        _ scratch: inout Scratch
    ) {
        var steps = steps[...]
        if case .bert(let normalizer)? = steps.first {
            // The usual only step works on the text itself.
            steps.removeFirst()
            output.removeAll()
            normalizer.normalize(text, range, into: &output)
        } else {
            output.assign(text, range)
        }
        let limit = 4_096 + Normalizer.largestGrowth * range.count
        for step in steps where output.count <= limit {
            scratch.next.removeAll()
            guard apply(step, output, &scratch) else { continue }
            scratch.next.compose(over: output)
            swap(&output, &scratch.next)
        }
    }

    /// Writes what a step makes of `text` to the scratch, with spans of `text`'s own bytes;
    /// false when the step changes nothing.
    private func apply(
        _ step: Step, _ text: borrowing NormalizedText, _ scratch: inout Scratch
    ) -> Bool {
        text.bytes.withUnsafeBufferPointer { bytes in
            switch step {
            case .bert(let normalizer):
                normalizer.normalize(bytes, bytes.indices, into: &scratch.next)
                return true
            case .scalars(let map): return map.apply(to: bytes, into: &scratch.next)
            case .form(let form): return form.apply(to: bytes, into: &scratch.next, &scratch.form)
            case .precompiled(let map):
                return map.apply(to: bytes, into: &scratch.next)
            case .strip(let strip): return strip.apply(to: bytes, into: &scratch.next)
            case .replace(let replace):
                return replace.apply(to: bytes, into: &scratch.next, &scratch.pattern)
            case .prepend(let prefix):
                guard !bytes.isEmpty else { return false }
                let first = bytes.length(at: 0)
                for byte in prefix { scratch.next.append(byte, from: 0, to: first) }
                scratch.next.append(bytes, bytes.indices)
                return true
            }
        }
    }

    /// The normal form of a whole string, as bytes.
    func normalize(_ text: String) -> [UInt8] {
        var text = text
        var output = NormalizedText()
        var scratch = Scratch()
        text.withUTF8 { normalize($0, 0..<$0.count, into: &output, &scratch) }
        return output.bytes
    }
}
