import FMIndex

/// Stage 1: which passages are worth reading.
extension EvidenceScorer {
    /// The best `fullScore` passages by their rare keys.
    ///
    /// O(occurrences of the rare keys), each a suffix array look-up.
    func nominate(_ workspace: inout Workspace) -> [Int32] {
        var slotOfDocument: [Int32: Int32] = [:]
        var slots: [Slot] = []
        // Linked lists in two arrays: a few entries a passage, no allocation for each.
        var spans: [SpanLink] = []
        var taken: [KeyLink] = []
        for (keyIndex, key) in keys.enumerated() where key.count <= options.maxHits {
            let length = key.tokens.count
            for row in key.rows.low..<key.rows.high {
                guard let place = index.locate(row: row, length: length) else { continue }
                let document = Int32(place.document)
                let slot: Int
                if let known = slotOfDocument[document] {
                    slot = Int(known)
                } else {
                    slot = slots.count
                    slotOfDocument[document] = Int32(slot)
                    slots.append(Slot(document: document))
                }
                let low = Int32(place.offset)
                let high = low + Int32(length)
                var link = slots[slot].spans
                var overlaps = false
                while link >= 0 {
                    let span = spans[Int(link)]
                    if low < span.high, span.low < high {
                        overlaps = true
                        break
                    }
                    link = span.next
                }
                if overlaps { continue }
                spans.append(SpanLink(low: low, high: high, next: slots[slot].spans))
                slots[slot].spans = Int32(spans.count - 1)
                guard slots[slot].lastKey != Int32(keyIndex) else { continue }
                slots[slot].lastKey = Int32(keyIndex)
                taken.append(KeyLink(key: Int32(keyIndex), next: -1))
                if slots[slot].lastTaken >= 0 {
                    taken[Int(slots[slot].lastTaken)].next = Int32(taken.count - 1)
                } else {
                    slots[slot].firstTaken = Int32(taken.count - 1)
                }
                slots[slot].lastTaken = Int32(taken.count - 1)
            }
        }
        var top = TopDocuments(capacity: options.fullScore)
        for slot in slots {
            workspace.clearCoverage()
            var score: Float = 0
            var link = slot.firstTaken
            while link >= 0 {
                let key = keys[Int(taken[Int(link)].key)]
                score += workspace.coverage(key.tokens, beta: options.beta) * key.weight
                workspace.cover(key.tokens)
                link = taken[Int(link)].next
            }
            top.offer(ScoredDocument(document: slot.document, score: score))
        }
        return top.sorted().map(\.document)
    }

    private struct Slot {
        var document: Int32
        var spans: Int32 = -1
        var firstTaken: Int32 = -1
        var lastTaken: Int32 = -1
        var lastKey: Int32 = -1
    }

    private struct SpanLink {
        var low: Int32
        var high: Int32
        var next: Int32
    }

    private struct KeyLink {
        var key: Int32
        var next: Int32
    }
}
