/// The methods that order texts by a language model, by name: the one place where a new one is entered.
public enum RerankMethods {
    /// A kind of method, before it has a model.
    public struct Entry: Sendable {
        public var name: String
        /// For a list of methods.
        public var summary: String
        /// The options that it reads, by their names.
        public var options: Set<String>
        /// The model that is asked where none is named; nil where one must be.
        public var usualModel: String?
        let make: @Sendable (RerankModel, RerankOptions) throws -> any RerankMethod

        init(
            _ name: String, _ summary: String, _ options: Set<String>, usualModel: String? = nil,
            of make: @escaping @Sendable (RerankModel, RerankOptions) throws -> any RerankMethod
        ) {
            (self.name, self.summary, self.usualModel, self.make) = (name, summary, usualModel, make)
            // What is cut can be cut in two ways.
            self.options = options.contains("passageTokens") ? options.union(["summary"]) : options
        }

        /// A method that asks a model by prompts.
        init(
            _ name: String, _ summary: String, _ options: Set<String>,
            _ make: @escaping @Sendable (PromptedModel, RerankOptions) throws -> any RerankMethod
        ) {
            self.init(
                name, summary, options, usualModel: RerankSpec.usualModel,
                of: { model, options in
                    guard case .prompted(let own) = model else {
                        throw Fault.needs("a model that generates, such as \(RerankSpec.usualModel)", method: name)
                    }
                    return try make(own, options)
                })
        }
    }

    public static let all: [Entry] = [
        YesNoMethod.entry, YesNoMethod.fineEntry, GradedMethod.entry, QueryLikelihoodMethod.entry, MonoT5Method.entry,
        PairwiseMethod.entry, SetwiseMethod.entry, FirstTokenMethod.entry, PermutationMethod.entry, GroupMethod.entry,
        ReasoningMethod.entry, AttentionMethod.entry, CrossEncoderMethod.entry, EmbeddingMethod.entry,
        MaxSimMethod.entry, ListEmbeddingMethod.entry,
    ]

    /// Why a method cannot be made.
    public enum Fault: Error, Sendable, Equatable, CustomStringConvertible {
        case unknown(String)
        /// A method has no use for an option.
        case unused(String, method: String, known: [String])
        case range(String, expected: String)
        case needs(String, method: String)

        public var description: String {
            switch self {
            case .unknown(let name):
                "no reranking method is called \"\(name)\"; there are \(RerankMethods.all.map(\.name).joined(separator: ", "))"
            case .unused(let option, let method, let known):
                "\(method) has no \(option); it has \(known.joined(separator: ", "))"
            case .range(let option, let expected): "\(option) is \(expected)"
            case .needs(let what, let method): "\(method) needs \(what)"
            }
        }
    }

    /// Whether a method can be made with options, whatever the model.
    ///
    /// - Throws: ``Fault``; ``RerankPrompt/Fault``.
    public static func check(_ name: String, _ options: RerankOptions) throws { _ = try entry(name, options) }

    private static func entry(_ name: String, _ options: RerankOptions) throws -> Entry {
        guard let entry = all.first(where: { $0.name == name }) else { throw Fault.unknown(name) }
        try options.check(entry)
        return entry
    }

    /// - Throws: ``Fault``.
    static func usualModel(of name: String) throws -> String {
        guard let entry = all.first(where: { $0.name == name }) else { throw Fault.unknown(name) }
        guard let model = entry.usualModel else { throw Fault.needs("a model, as \(name):MODEL", method: name) }
        return model
    }

    /// - Throws: ``Fault``; ``RerankPrompt/Fault``; where a label is of several tokens, why.
    public static func make(_ name: String, _ model: RerankModel, _ options: RerankOptions) throws -> any RerankMethod {
        let method = try entry(name, options).make(model, options)
        guard options.summary == true else { return method }
        return SummarizedMethod(
            method: method, limit: options.passageTokens ?? PromptAsker.usualPassageTokens, tokenizer: model.tokenizer)
    }
}

extension RerankOptions {
    /// The members that are set.
    private var set: [(name: String, isSound: Bool, expected: String)] {
        func count(_ name: String, _ value: Int?, _ range: ClosedRange<Int>) -> (String, Bool, String)? {
            value.map { (name, range.contains($0), "\(range.lowerBound) to \(range.upperBound)") }
        }
        return [
            count("window", window, 2...1000), count("stride", stride, 1...1000), count("passes", passes, 1...100),
            count("children", children, 1...1000), count("top", top, 1...100_000),
            count("permutations", permutations, 1...1000), count("group", group, 2...1000),
            count("passageTokens", passageTokens, 1...100_000), count("patience", patience, 1...100_000),
            count("reasoningTokens", reasoningTokens, 0...100_000),
            alpha.map { ("alpha", $0 >= 0 && $0 <= 1, "0 to 1") }, strategy.map { _ in ("strategy", true, "") },
            calibrate.map { _ in ("calibrate", true, "") }, summary.map { _ in ("summary", true, "") },
            heads.map {
                ("heads", $0.allSatisfy { $0.count == 2 && $0.allSatisfy { $0 >= 0 } }, "pairs of layer and head")
            },
            prompt.map { _ in ("prompt", true, "") },
        ].compactMap(\.self)
    }

    fileprivate func check(_ entry: RerankMethods.Entry) throws {
        for (name, isSound, expected) in set {
            guard entry.options.contains(name) else {
                throw RerankMethods.Fault.unused(name, method: entry.name, known: entry.options.sorted())
            }
            guard isSound else { throw RerankMethods.Fault.range(name, expected: expected) }
        }
        try prompt?.check()
    }
}
