import Memory

extension DocidNodes {
    func sections(_ prefix: String) -> [DocidSection] {
        [
            nodes.section("\(prefix).nodes"), documents.section("\(prefix).documents"),
            leaves.section("\(prefix).leaves"),
        ]
    }

    /// Reads the sections and checks every number in them, in O(nodes + documents).
    init(_ reader: SectionReader, _ prefix: String, nodeCount: Int, documentCount: Int) throws {
        nodes = try reader.elements("\(prefix).nodes", of: Node.self, count: nodeCount)
        documents = try reader.elements("\(prefix).documents", of: Int32.self, count: documentCount)
        leaves = try reader.elements("\(prefix).leaves", of: Int32.self, count: documentCount)
        try checkNodes("\(prefix).nodes")
        try checkDocuments("\(prefix).documents", "\(prefix).leaves")
    }

    private func checkNodes(_ section: String) throws {
        func check(_ condition: Bool, _ node: Int) throws {
            guard condition else { throw DocidError(section, "node \(node) contradicts the tree") }
        }
        guard let root = nodes.isEmpty ? nil : nodes[0] else {
            throw DocidError(section, "there is no root")
        }
        try check(
            root.parent == 0 && root.token == 0 && root.firstDocument == 0
                && Int(root.documentCount) == documents.count, 0)
        var next = 1
        for index in 0..<nodes.count {
            let node = nodes[index]
            try check(node.childCount >= 0 && node.documentCount >= 0, index)
            guard node.childCount > 0 else {
                try check(node.firstChild == 0, index)
                continue
            }
            // In breadth-first order the children of consecutive nodes are consecutive.
            try check(
                Int(node.firstChild) == next && Int(node.childCount) <= nodes.count - next, index)
            var place = node.firstDocument
            var token: Int32 = -1
            for child in next..<next + Int(node.childCount) {
                let below = nodes[child]
                try check(
                    Int(below.parent) == index && below.token > token && below.firstDocument == place
                        && below.documentCount > 0
                        && below.documentCount <= node.firstDocument + node.documentCount - place,
                    child)
                place += below.documentCount
                token = below.token
            }
            try check(place == node.firstDocument + node.documentCount, index)
            next += Int(node.childCount)
        }
        guard next == nodes.count else { throw DocidError(section, "nodes that no node leads to") }
    }

    private func checkDocuments(_ documentSection: String, _ leafSection: String) throws {
        var seen = [Bool](repeating: false, count: documents.count)
        try documents.withUnsafeBuffer { documents in
            for index in 0..<nodes.count where nodes[index].childCount == 0 {
                let first = Int(nodes[index].firstDocument)
                var last: Int32 = -1
                for document in documents[first..<first + Int(nodes[index].documentCount)] {
                    // Rising order in a leaf is what finding a document's place relies on.
                    guard document > last, document < documents.count, !seen[Int(document)] else {
                        throw DocidError(documentSection, "document \(document) is out of place")
                    }
                    seen[Int(document)] = true
                    last = document
                    guard leaves[Int(document)] == Int32(index) else {
                        throw DocidError(leafSection, "document \(document) has another leaf")
                    }
                }
            }
        }
    }
}
