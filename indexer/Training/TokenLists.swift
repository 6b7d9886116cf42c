/// Token sequences in one flat array: sequence i is `tokens[offsets[i]..<offsets[i + 1]]`.
public struct TokenLists: Sendable, Equatable {
    public private(set) var tokens: [Int32] = []
    public private(set) var offsets: [Int] = [0]

    public init() {}

    public init(_ sequences: some Sequence<some Sequence<Int32>>) {
        for sequence in sequences { append(sequence) }
    }

    public var count: Int { offsets.count - 1 }

    public mutating func append(_ sequence: some Sequence<Int32>) {
        tokens.append(contentsOf: sequence)
        offsets.append(tokens.count)
    }

    public subscript(index: Int) -> ArraySlice<Int32> { tokens[offsets[index]..<offsets[index + 1]] }
}
