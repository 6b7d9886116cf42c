import Storage

/// Reads the members of a `config.json` within bounds.
struct ConfigurationReader {
    let json: JSONValue
    let path: String

    func fault(_ reason: String) -> ModelError { .malformed(path: path, reason: reason) }

    func unsupported(_ reason: String) -> ModelError { .unsupported(path: path, reason: reason) }

    private func value(_ name: String) -> JSONValue? {
        guard let value = json[name], !value.isNull else { return nil }
        return value
    }

    /// A whole number in 1...limit; `standard` where the file says nothing.
    func size(_ name: String, upTo limit: Int, standard: Int? = nil) throws(ModelError) -> Int {
        if value(name) == nil, let standard { return standard }
        guard let size = value(name)?.int, size > 0, size <= limit else {
            throw fault("\(name) must be a number in 1...\(limit)")
        }
        return size
    }

    func number(_ name: String, standard: Double) throws(ModelError) -> Double {
        guard let value = value(name) else { return standard }
        guard let number = value.number, number.isFinite else {
            throw fault("\(name) must be a number")
        }
        return number
    }

    /// A norm's epsilon.
    func epsilon(_ name: String, standard: Double) throws(ModelError) -> Float {
        let epsilon = try number(name, standard: standard)
        guard epsilon >= 0, epsilon < 1 else { throw fault("\(name) must lie in 0..<1") }
        return Float(epsilon)
    }

    func flag(_ name: String, standard: Bool) throws(ModelError) -> Bool {
        guard let value = value(name) else { return standard }
        guard let flag = value.bool else { throw fault("\(name) must be true or false") }
        return flag
    }

    func word(_ name: String, standard: String) throws(ModelError) -> String {
        guard let value = value(name) else { return standard }
        guard let word = value.string else { throw fault("\(name) must be a word") }
        return word
    }

    /// A token of the vocabulary.
    func token(_ name: String, of vocabulary: Int) throws(ModelError) -> Int32? {
        try tokens(name, of: vocabulary).first
    }

    /// One token, several, or none.
    func tokens(_ name: String, of vocabulary: Int) throws(ModelError) -> [Int32] {
        guard let value = value(name) else { return [] }
        var tokens: [Int32] = []
        for element in value.array ?? [value] {
            guard let id = element.int, id >= 0, id < vocabulary else {
                throw fault("\(name) must be a token in 0..<\(vocabulary)")
            }
            tokens.append(Int32(id))
        }
        return tokens
    }

    /// Refuses a member that has any other value than the expected.
    func require(_ name: String, _ expected: String) throws(ModelError) {
        let word = try word(name, standard: expected)
        guard word == expected else {
            throw unsupported("\(name) is \(word); expected \(expected)")
        }
    }

    /// An activation by its Hugging Face name.
    func activation(_ name: String, standard: String) throws(ModelError) -> StackConfiguration.Activation {
        let word = try word(name, standard: standard)
        guard let activation = Self.activation(named: word) else {
            throw unsupported("\(name) is \(word); expected relu, gelu, gelu_new or silu")
        }
        return activation
    }

    static func activation(named name: String) -> StackConfiguration.Activation? {
        switch name {
        case "relu": .relu
        case "gelu": .gelu
        case "gelu_new", "gelu_fast", "gelu_pytorch_tanh": .geluTanh
        case "silu", "swish": .silu
        default: nil
        }
    }

    /// How many heads share a width, each getting an equal part.
    func headWidth(_ width: Int, _ heads: Int) throws(ModelError) -> Int {
        guard width % heads == 0 else {
            throw fault("the width \(width) must be a multiple of the \(heads) attention heads")
        }
        return width / heads
    }

    /// Buckets of distances: each direction needs a bucket of one distance and one of many.
    func relativePositions(
        furthest: Int, isBidirectional: Bool
    ) throws(ModelError) -> RelativePositions {
        let name = "relative_attention_num_buckets"
        let buckets = try size(name, upTo: 1 << 12, standard: 32)
        let directed = isBidirectional ? buckets / 2 : buckets
        guard directed >= 2 else {
            throw fault("\(name) must be at least \(isBidirectional ? 4 : 2)")
        }
        guard furthest > directed / 2 else {
            throw fault("the largest distance \(furthest) must be above \(directed / 2), from where buckets are shared")
        }
        return RelativePositions(buckets: buckets, furthest: furthest, isBidirectional: isBidirectional)
    }
}
