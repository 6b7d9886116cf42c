import Memory
import Search
import Storage

/// Where the passages of a segment stood before it was written anew from others, so that parts which count the
/// passages of those still know them. A passage that was moved more than once may have several such places.
package struct PassageOrigins: SegmentComponent {
    package static let id: ComponentID = "origins"
    package static let fileKind = "passage-origins"

    package struct Origin: Sendable, Hashable {
        /// The folder of the segment.
        package var segment: String
        package var place: Int32

        package init(segment: String, place: Int32) { (self.segment, self.place) = (segment, place) }
    }

    /// The folders of the segments that passages stood in.
    private let names: [String]
    /// For each place that a passage has had, in rising order of passages: the passage, and its place there.
    private let passages: FrozenArray<UInt32>
    private let segments: FrozenArray<UInt32>
    private let places: FrozenArray<Int32>
    package let passageCount: Int

    package init(_ container: Container) throws {
        func require(_ holds: Bool) throws {
            guard holds else {
                throw StorageError.damaged(
                    path: container.path, what: "the passages and their origins do not fit together")
            }
        }
        let header = try container.section("origins.header", of: UInt32.self)
        try require(header.count == 1 && header[0] <= UInt32(Int32.max))
        passageCount = Int(header[0])
        let text = try container.bytes("origins.names").toArray()
        names = text.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
        passages = try container.section("origins.passages", of: UInt32.self)
        segments = try container.section("origins.segments", of: UInt32.self)
        places = try container.section("origins.places", of: Int32.self)
        try require(
            Set(names).count == names.count && segments.count == passages.count && places.count == passages.count)
        for item in passages.indices {
            try require(
                Int(passages[item]) < passageCount && (item == 0 || passages[item - 1] <= passages[item])
                    && Int(segments[item]) < names.count && places[item] >= 0)
        }
    }

    /// Visits every place that a passage has had, in rising order of passages.
    package func forEach(_ body: (_ passage: Int, Origin) -> Void) {
        for item in passages.indices {
            body(Int(passages[item]), Origin(segment: names[Int(segments[item])], place: places[item]))
        }
    }

    /// - Parameter origins: of each passage.
    package static func write(_ origins: [[Origin]], to writer: ContainerWriter) throws(StorageError) {
        let names = Set(origins.joined().map(\.segment)).sorted()
        let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, UInt32($0)) })
        let items = origins.enumerated().flatMap { passage, places in places.map { (UInt32(passage), $0) } }
        try writer.write("origins.header", [UInt32(origins.count)])
        try writer.write("origins.names", Array(names.joined(separator: "\n").utf8))
        try writer.write("origins.passages", items.map(\.0))
        try writer.write("origins.segments", items.map { numbers[$0.1.segment] ?? 0 })
        try writer.write("origins.places", items.map(\.1.place))
        try writer.finish()
    }
}
