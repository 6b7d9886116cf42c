import Storage

/// The second stage: cuts normalised text into words, which tokens never cross.
struct PreTokenizer: Sendable {
    /// One way to cut; a sequence in the file becomes several.
    enum Step: Sendable {
        case bert(BertPreTokenizer)
        case byteLevel(ByteLevelPreTokenizer)
        case metaspace(Metaspace)
        case split(Pattern, DelimiterBehavior, isInverted: Bool)
        case scalars(ScalarSet, DelimiterBehavior)
        /// Runs of word characters and runs of symbols.
        case runs
    }

    /// More steps are refused, and more that make a text longer.
    private static let mostSteps = 32
    private static let mostRewritings = 4

    private(set) var steps: [Step] = []
    /// The types of the steps as the file names them.
    private(set) var names: [String] = []
    /// Whether words are left as bytes that a byte-level vocabulary spells.
    let yieldsBytes: Bool
    private var rewritings = 0

    /// Reads the section; `takesBytes` says whether the model can do without the byte-level
    /// alphabet spelt out.
    init(json: JSONValue?, takesBytes: Bool) throws(TokenizerError) {
        guard let json, !json.isNull else {
            yieldsBytes = false
            return
        }
        var parts: [JSONValue] = []
        try PreTokenizer.flatten(json, into: &parts)
        let isByteLevel = { (part: JSONValue) in part["type"]?.string == "ByteLevel" }
        yieldsBytes =
            takesBytes && parts.last.map(isByteLevel) ?? false
            && parts.count(where: isByteLevel) == 1
        for part in parts { try add(part) }
    }

    private static func flatten(
        _ json: JSONValue, into parts: inout [JSONValue]
    ) throws(TokenizerError) {
        guard parts.count < PreTokenizer.mostSteps else {
            throw TokenizerError(.unsupported, "more than \(mostSteps) pre_tokenizers")
        }
        guard json["type"]?.string == "Sequence" else {
            parts.append(json)
            return
        }
        guard let list = json["pretokenizers"]?.array else {
            throw .malformed("pre_tokenizer.pretokenizers must be a list")
        }
        for part in list { try flatten(part, into: &parts) }
    }

    private mutating func add(_ json: JSONValue) throws(TokenizerError) {
        let type = json["type"]?.string
        switch type {
        case "BertPreTokenizer": steps.append(.bert(BertPreTokenizer()))
        case "ByteLevel":
            rewritings += 1
            steps.append(
                .byteLevel(try ByteLevelPreTokenizer(json: json, spellsBytes: !yieldsBytes)))
        case "Metaspace":
            rewritings += 1
            steps.append(.metaspace(try Metaspace(json: json, "pre_tokenizer")))
        case "Whitespace": steps.append(.runs)
        case "WhitespaceSplit": steps.append(.scalars(CommonSets.whitespace, .removed))
        case "Punctuation":
            let behavior: DelimiterBehavior =
                if let value = json["behavior"], !value.isNull {
                    try DelimiterBehavior(json: value, "pre_tokenizer")
                } else {
                    .isolated
                }
            steps.append(.scalars(CommonSets.punctuation, behavior))
        case "Digits":
            let isIndividual = json["individual_digits"]?.bool ?? false
            steps.append(.scalars(CommonSets.numeric, isIndividual ? .isolated : .contiguous))
        case "Split":
            steps.append(
                .split(
                    try Pattern(json: json["pattern"], "pre_tokenizer"),
                    try DelimiterBehavior(json: json["behavior"], "pre_tokenizer"),
                    isInverted: json["invert"]?.bool ?? false))
        case "CharDelimiterSplit":
            guard let text = json["delimiter"]?.string, text.unicodeScalars.count == 1 else {
                throw .malformed("pre_tokenizer.delimiter must be one character")
            }
            steps.append(.split(Pattern(literal: text), .removed, isInverted: false))
        default:
            throw .unsupported(
                "pre_tokenizer", type,
                known: "BertPreTokenizer, ByteLevel, Metaspace, Whitespace, WhitespaceSplit, "
                    + "Punctuation, Digits, Split, CharDelimiterSplit or Sequence")
        }
        guard rewritings <= PreTokenizer.mostRewritings else {
            throw TokenizerError(
                .unsupported, "more than \(PreTokenizer.mostRewritings) pre_tokenizers that rewrite")
        }
        if let type { names.append(type) }
    }

    /// Cuts the words of a text further.
    func apply(to cut: inout CutText) {
        for step in steps {
            switch step {
            case .bert(let preTokenizer): cut.cut(preTokenizer.split)
            case .byteLevel(let preTokenizer): preTokenizer.apply(to: &cut)
            case .metaspace(let preTokenizer): preTokenizer.apply(to: &cut)
            case .split(let pattern, let behavior, let isInverted):
                cut.cut(at: pattern, behavior, isInverted: isInverted)
            case .scalars(let set, let behavior): cut.cut(at: set, behavior)
            case .runs: PreTokenizer.cutRuns(&cut)
            }
        }
    }

    private static func cutRuns(_ cut: inout CutText) {
        let word = CommonSets.word.view
        let space = CommonSets.whitespace.view
        cut.cut { text, range, words in
            var start = range.lowerBound
            var kind = 0
            var index = start
            while index < range.upperBound {
                let (scalar, length) = text.scalar(at: index)
                let next = word.contains(scalar) ? 1 : space.contains(scalar) ? 0 : 2
                if next != kind {
                    if kind != 0 { words.append(start..<index) }
                    start = index
                    kind = next
                }
                index += length
            }
            if kind != 0 { words.append(start..<range.upperBound) }
        }
    }
}
