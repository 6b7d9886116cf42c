import Memory
import Tensors

extension LeafCodes {
    /// What the names of all sections start with.
    package static let prefix = "codes"
    /// A section that only codes of half a byte have.
    package static let nibbleSection = "codes.nibbles"

    /// The codes as named sections of bytes, little-endian.
    package func sections() -> [DocidSection] {
        let p = Self.prefix
        return [
            FrozenArray([UInt64(dimension), UInt64(nodeCount), UInt64(count)]).section("\(p).sizes"),
            rotation.flips.section("\(p).rotation"),
        ] + nodes.sections(p) + [
            centroids.scales.section("\(p).centroids.scales"), centroids.codes.section("\(p).centroids"),
        ] + signSections(p) + rowSections(p)
    }

    private func signSections(_ p: String) -> [DocidSection] {
        guard let signs else { return [] }
        return [signs.factors.section("\(p).signs.factors"), signs.blocks.section("\(p).signs")]
    }

    private func rowSections(_ p: String) -> [DocidSection] {
        switch rows {
        case .bytes(let rows): [rows.scales.section("\(p).bytes.scales"), rows.codes.section("\(p).bytes")]
        case .nibbles(let rows): [rows.scales.section("\(p).nibbles.scales"), rows.codes.section("\(p).nibbles")]
        }
    }

    /// Reads codes from their sections without copying them.
    ///
    /// Checks every number that leads somewhere, in O(nodes + documents).
    ///
    /// - Parameters:
    ///   - width: of what vectors are compared by.
    ///   - hasSigns: whether there are signs.
    /// - Throws: ``DocidError`` when the sections contradict one another, and what `sections` throws.
    package init(
        _ width: CodedRows.Width = .byte, hasSigns: Bool = true, sections: (String) throws -> FrozenArray<UInt8>
    ) throws {
        self = try withoutActuallyEscaping(sections) { source in
            let (p, reader) = (Self.prefix, SectionReader(source: source))
            let sizes = try reader.sizes("\(p).sizes", count: 3)
            let (dimension, nodeCount, count) = (sizes[0], sizes[1], sizes[2])
            // A sum of 16 bits holds what so many groups add up to.
            guard (1...1 << 16).contains(dimension) else {
                throw DocidError("\(p).sizes", "impossible dimension \(dimension)")
            }
            func rows(_ name: String, _ count: Int) throws -> ByteRows {
                ByteRows(
                    dimension: dimension,
                    scales: try reader.elements("\(p).\(name).scales", of: Float.self, count: count),
                    codes: try reader.elements("\(p).\(name)", of: Int8.self, count: count * dimension))
            }
            func rows() throws -> CodedRows {
                switch width {
                case .byte: return .bytes(try rows("bytes", count))
                case .nibble:
                    return .nibbles(
                        NibbleRows(
                            dimension: dimension,
                            scales: try reader.elements("\(p).nibbles.scales", of: Float.self, count: count),
                            codes: try reader.elements(
                                "\(p).nibbles", of: UInt8.self, count: count * NibbleRows.width(dimension))))
                }
            }
            func signs() throws -> SignCodes {
                SignCodes(
                    count: count, dimension: dimension,
                    blocks: try reader.elements(
                        "\(p).signs", of: UInt8.self, count: SignCodes.byteCount(count, dimension)),
                    factors: try reader.elements("\(p).signs.factors", of: Float.self, count: count))
            }
            let rotation = Rotation(
                dimension: dimension,
                flips: try reader.elements("\(p).rotation", of: UInt64.self, count: Rotation.words(dimension)))
            return LeafCodes(
                rotation: rotation, nodes: try DocidNodes(reader, p, nodeCount: nodeCount, documentCount: count),
                centroids: try rows("centroids", nodeCount),
                signs: hasSigns ? try signs() : nil, rows: try rows())
        }
    }
}
