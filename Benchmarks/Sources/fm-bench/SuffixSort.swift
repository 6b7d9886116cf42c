import Foundation
import Memory
import Succinct
import Workloads

/// The suffix array alone, over the text that an index has: every passage reversed, one more end, and
/// the sentinel, in dense codes.
struct SuffixSort {
    let tokens: String

    func run() throws {
        let file = try TokenFile(path: tokens)
        let largest = file.tokens.withUnsafeBuffer { Int($0.max() ?? 0) }
        var codes = [Int32](repeating: 0, count: largest + 1)
        file.tokens.withUnsafeBuffer { for token in $0 { codes[Int(token)] = 1 } }
        var alphabet: Int32 = 0
        for token in codes.indices where codes[token] == 1 {
            alphabet += 1
            codes[token] = alphabet
        }
        if alphabet <= UInt16.max {
            try sort(file, codes, alphabetSize: Int(alphabet) + 1, as: UInt16.self)
        } else {
            try sort(file, codes, alphabetSize: Int(alphabet) + 1, as: Int32.self)
        }
    }

    private func sort<Symbol: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ file: TokenFile, _ codes: [Int32], alphabetSize: Int, as: Symbol.Type
    ) throws {
        let count = file.tokens.count + 2
        let text = FrozenArray<Symbol>(count: count) { text in
            var position = 0
            let end = Symbol(codes[Int(file.documentEnd)])
            file.forEachPassage { passage in
                text[position] = end
                for (offset, token) in passage.reversed().enumerated() {
                    text[position + 1 + offset] = Symbol(codes[Int(token)])
                }
                position += passage.count + 1
            }
            text[position] = end
        }
        var hash = ChoiceHash()
        _ = try FrozenArray<Int32>(count: count) { suffixes in
            let start = ContinuousClock.now
            let cpu = Usage.cpuSeconds
            try text.withUnsafeBuffer {
                try SuffixArray.sort(text: $0, alphabetSize: alphabetSize, into: suffixes)
            }
            Figure("suffix array, wall", (ContinuousClock.now - start) / .seconds(1), unit: "s").print()
            Figure("suffix array, CPU", Usage.cpuSeconds - cpu, unit: "s").print()
            Figure("suffix array, peak memory", Usage.peakBytes, unit: "B").print()
            for suffix in suffixes { hash.add(suffix) }
        }
        Figure("suffix array, hash", hash.hex).print()
    }
}
