import Memory
import Storage

extension SparseIndexBuilder {
    /// Writes the index file and ends it.
    ///
    /// O(postings + terms log terms): postings are put in order by counting.
    package consuming func write(to writer: ContainerWriter) throws(StorageError) {
        let places = TermPlaces(documentFrequencies)
        let flags: UInt64 = (analyzer.removesStopwords ? 1 : 0) | (analyzer.foldsPlurals ? 2 : 0)
        let language = analyzer.language == .english ? [] : [UInt64(analyzer.language.number)]
        try writer.write("bm25.header", [UInt64(documentCount), totalLength, flags, 0] + language)
        let (bytes, ends) = places.reordered(terms)
        try StringList.write(utf8: bytes, offsets: ends, to: writer, prefix: "bm25.terms")
        try writer.write("bm25.offsets", places.offsets)
        try writer.write("bm25.passages", passages(places))
        try writer.write("bm25.pairs", pairs)
        let (offsets, impacts): ([UInt32], [UInt32])
        if pairs.count / 2 > SparseIndex.narrowPairs {
            let codes: FrozenArray<UInt32> = codes(places)
            try writer.write("bm25.codes", codes)
            (offsets, impacts) = self.impacts(places, codes)
        } else {
            let codes: FrozenArray<UInt16> = codes(places)
            try writer.write("bm25.codes", codes)
            (offsets, impacts) = self.impacts(places, codes)
        }
        try writer.write("bm25.peaks.offsets", offsets)
        try writer.write("bm25.peaks", impacts)
        try writer.finish()
    }

    /// The passage of every posting, in term order.
    private func passages(_ places: TermPlaces) -> FrozenArray<Int32> {
        FrozenArray(count: postingTerms.count) { passages in
            var next = places.starts
            var posting = 0
            for passage in postingEnds.indices {
                while posting < postingEnds[passage] {
                    let term = Int(postingTerms[posting])
                    passages[Int(next[term])] = Int32(passage)
                    next[term] += 1
                    posting += 1
                }
            }
        }
    }

    /// The code of every posting, in term order.
    private func codes<Code: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ places: TermPlaces
    ) -> FrozenArray<Code> {
        FrozenArray(count: postingTerms.count) { codes in
            var next = places.starts
            for posting in postingTerms.indices {
                let term = Int(postingTerms[posting])
                codes[Int(next[term])] = Code(postingCodes[posting])
                next[term] += 1
            }
        }
    }

    /// The impacts of the terms with many postings, see ``SparseIndex/impacts``.
    private func impacts<Code: FixedWidthInteger & BitwiseCopyable & Sendable>(
        _ places: TermPlaces, _ codes: FrozenArray<Code>
    ) -> (offsets: [UInt32], impacts: [UInt32]) {
        var offsets: [UInt32] = [0]
        var impacts: [UInt32] = []
        // The last term that had each pair: a list repeats few pairs many times.
        var seen = [Int](repeating: -1, count: pairs.count / 2)
        for term in 0..<places.count {
            let postings = Int(places.offsets[term])..<Int(places.offsets[term + 1])
            guard postings.count >= SparseIndex.impactPostings else { break }
            let start = impacts.count
            for posting in postings {
                let code = Int(codes[posting])
                guard seen[code] != term else { continue }
                seen[code] = term
                let (tf, length) = (pairs[2 * code], pairs[2 * code + 1])
                func isCovered(_ other: UInt32) -> Bool {
                    pairs[2 * Int(other)] >= tf && pairs[2 * Int(other) + 1] <= length
                }
                if impacts[start...].contains(where: isCovered) { continue }
                var kept = start
                for impact in start..<impacts.count {
                    let other = Int(impacts[impact])
                    if pairs[2 * other] <= tf, pairs[2 * other + 1] >= length { continue }
                    impacts[kept] = impacts[impact]
                    kept += 1
                }
                impacts.removeLast(impacts.count - kept)
                impacts.append(UInt32(code))
            }
            offsets.append(UInt32(impacts.count))
        }
        return (offsets, impacts)
    }
}

/// The final order of the terms: the most frequent first, then as they appeared.
private struct TermPlaces {
    /// The terms in their final order.
    private let order: [UInt32]
    /// Where each term's postings start in the final order, and the end of the last.
    let offsets: [UInt64]
    /// Where the postings of each term, by its number so far, start.
    let starts: [UInt64]

    var count: Int { order.count }

    init(_ frequencies: [UInt32]) {
        // One number holds both keys of the order.
        var keys = frequencies.enumerated().map { UInt64(UInt32.max - $1) << 32 | UInt64($0) }
        keys.sort()
        order = keys.map { UInt32(truncatingIfNeeded: $0) }
        var offsets: [UInt64] = [0]
        offsets.reserveCapacity(order.count + 1)
        var starts = [UInt64](repeating: 0, count: order.count)
        var end: UInt64 = 0
        for term in order {
            starts[Int(term)] = end
            end += UInt64(frequencies[Int(term)])
            offsets.append(end)
        }
        self.offsets = offsets
        self.starts = starts
    }

    /// The strings of the terms in their final order.
    func reordered(_ terms: TermNumbers) -> (bytes: [UInt8], offsets: [UInt64]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(terms.bytes.count)
        var offsets: [UInt64] = [0]
        offsets.reserveCapacity(order.count + 1)
        for term in order {
            let place = Int(terms.offsets[Int(term)])..<Int(terms.offsets[Int(term) + 1])
            bytes.append(contentsOf: terms.bytes[place])
            offsets.append(UInt64(bytes.count))
        }
        return (bytes, offsets)
    }
}
