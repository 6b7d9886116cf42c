/// Token sequences in one flat array: sequence i is `tokens[offsets[i]..<offsets[i + 1]]`.
package struct TokenLists: Sendable, Equatable {
    package private(set) var tokens: [Int32] = []
    package private(set) var offsets: [Int] = [0]

    package init() {}

    package init(_ sequences: some Sequence<some Sequence<Int32>>) {
        for sequence in sequences { append(sequence) }
    }

    package var count: Int { offsets.count - 1 }

    package mutating func append(_ sequence: some Sequence<Int32>) {
        tokens.append(contentsOf: sequence)
        offsets.append(tokens.count)
    }

    package subscript(index: Int) -> ArraySlice<Int32> { tokens[offsets[index]..<offsets[index + 1]] }
}
