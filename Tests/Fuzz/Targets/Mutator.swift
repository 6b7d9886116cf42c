import Memory

/// Spoils valid inputs: every choice comes from a seed.
package struct Mutator {
    private let target: FuzzTarget
    private let seeds: [[UInt8]]
    private let bombs: [[UInt8]]
    /// No input becomes longer.
    package static let longest = 1 << 20

    package init(_ target: FuzzTarget, seeds: [[UInt8]]) {
        self.target = target
        self.seeds = seeds.isEmpty ? [[]] : seeds
        bombs = Bombs.of(target.name)
    }

    /// The input of a number; the first ones are the seeds and the bombs as they are.
    package func input(_ number: Int, seed: UInt64) -> [UInt8] {
        if number < seeds.count { return seeds[number] }
        if number < seeds.count + bombs.count { return bombs[number - seeds.count] }
        let name = target.name.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
        var random = SeededGenerator(seed: seed &+ name, stream: UInt64(number) &+ 1)
        let original = seeds[Int.random(in: seeds.indices, using: &random)]
        if case .container = target.shape, let image = ContainerImage(original),
            Int.random(in: 0..<20, using: &random) > 0
        {
            return spoil(image, &random)
        }
        var bytes = original
        let times = 1 << max(0, Int.random(in: -3...4, using: &random))
        if Int.random(in: 0..<5, using: &random) > 0, spoilValues(&bytes, times, &random) { return bytes }
        for _ in 0..<times {
            spoil(&bytes, &random)
            if bytes.count > Self.longest { bytes.removeLast(bytes.count - Self.longest) }
        }
        return bytes
    }

    private func spoil(_ image: ContainerImage, _ random: inout SeededGenerator) -> [UInt8] {
        var image = image
        for _ in 0..<(1 << max(0, Int.random(in: -3...3, using: &random))) where !image.sections.isEmpty {
            let place = Int.random(in: image.sections.indices, using: &random)
            switch Int.random(in: 0..<40, using: &random) {
            case 0: image.sections.remove(at: place)
            case 1: image.sections[place].bytes = []
            case 2:
                let other = Int.random(in: image.sections.indices, using: &random)
                image.sections[place].bytes = image.sections[other].bytes
            case 3...8: spoil(&image.sections[place].bytes, &random)
            default: NumberMutator.spoil(&image.sections[place].bytes, &random)
            }
        }
        var bytes = image.bytes
        switch Int.random(in: 0..<30, using: &random) {
        case 0:
            // The head itself, with checksums that are right for it.
            let place = Int.random(in: 0..<min(bytes.count, 64 + 64 * image.sections.count), using: &random)
            bytes[place] = UInt8.random(in: 0...255, using: &random)
            ContainerImage.reseal(&bytes)
        case 1: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
        case 2: bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        default: break
        }
        return bytes
    }

    /// Exchanges values of JSON; whether the target has such.
    private func spoilValues(_ bytes: inout [UInt8], _ times: Int, _ random: inout SeededGenerator) -> Bool {
        switch target.shape {
        case .json:
            for _ in 0..<times { JSONMutator.spoil(&bytes, words: target.words, &random) }
            return true
        case .tensors:
            guard bytes.count > 8 else { return false }
            let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
            guard length <= UInt64(bytes.count - 8) else { return false }
            var header = Array(bytes[8..<8 + Int(length)])
            for _ in 0..<times { JSONMutator.spoil(&header, words: target.words, &random) }
            let head = (0..<8).map { UInt8(truncatingIfNeeded: UInt64(header.count) >> UInt64(8 * $0)) }
            bytes.replaceSubrange(0..<8 + Int(length), with: head + header)
            return true
        default: return false
        }
    }

    private func spoil(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else {
            bytes = [UInt8.random(in: 0...255, using: &random)]
            return
        }
        let place = Int.random(in: bytes.indices, using: &random)
        let length = min(bytes.count - place, 1 << Int.random(in: 0...8, using: &random))
        switch Int.random(in: 0..<16, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: for index in place..<place + length { bytes[index] = UInt8.random(in: 0...255, using: &random) }
        case 2: bytes.removeLast(bytes.count - place)
        case 3: bytes.removeSubrange(place..<place + length)
        case 4: bytes.insert(contentsOf: Array(bytes[place..<place + length]), at: place)
        case 5: splice(&bytes, at: place, &random)
        case 6, 7:
            if [.text, .json].contains(target.shape) {
                insertWord(&bytes, at: place, &random)
            } else {
                NumberMutator.spoil(&bytes, &random)
            }
        case 8, 9, 10: insertWord(&bytes, at: place, &random)
        case 11:
            let word = pick(&random)
            let count = min(1 << Int.random(in: 1...14, using: &random), 60_000 / max(1, word.count))
            bytes.insert(contentsOf: repeatElement(word, count: count).joined(), at: place)
        case 12: bytes.insert(contentsOf: repeatElement(bytes[place], count: length * 8), at: place)
        case 13: bytes[place] = [0, 0xFF, 0x80, 0x7F, 0x0A, 0x22, 0x5C, 0x09][Int.random(in: 0..<8, using: &random)]
        case 14: changeDigits(&bytes, from: place, &random)
        default:
            let other = Int.random(in: bytes.indices, using: &random)
            bytes.swapAt(place, other)
        }
    }

    private func pick(_ random: inout SeededGenerator) -> [UInt8] {
        let common = Dictionary.words(of: target.shape)
        let place = Int.random(in: 0..<common.count + target.words.count * 3, using: &random)
        return Array((place < common.count ? common[place] : target.words[(place - common.count) / 3]).utf8)
    }

    private func insertWord(_ bytes: inout [UInt8], at place: Int, _ random: inout SeededGenerator) {
        let word =
            Int.random(in: 0..<4, using: &random) == 0
            ? Dictionary.raw[Int.random(in: Dictionary.raw.indices, using: &random)] : pick(&random)
        let replaced = Bool.random(using: &random) ? min(bytes.count - place, word.count) : 0
        bytes.replaceSubrange(place..<place + replaced, with: word)
    }

    private func splice(_ bytes: inout [UInt8], at place: Int, _ random: inout SeededGenerator) {
        let other = seeds[Int.random(in: seeds.indices, using: &random)]
        guard !other.isEmpty else { return }
        let start = Int.random(in: other.indices, using: &random)
        let end = Int.random(in: start...other.count, using: &random)
        if Bool.random(using: &random) {
            bytes.replaceSubrange(place..., with: other[start...])
        } else {
            bytes.insert(contentsOf: other[start..<end], at: place)
        }
    }

    /// Puts another number in the place of a run of digits.
    private func changeDigits(_ bytes: inout [UInt8], from place: Int, _ random: inout SeededGenerator) {
        let isDigit = { (byte: UInt8) in (0x30...0x39).contains(byte) }
        guard let start = bytes[place...].firstIndex(where: isDigit) else { return }
        let end = bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count
        let number = Dictionary.numbers[Int.random(in: Dictionary.numbers.indices, using: &random)]
        bytes.replaceSubrange(start..<end, with: Array(number.utf8))
    }
}
