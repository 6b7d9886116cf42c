import Engine
import FMIndex
import Foundation
import IndexStore
import Search
import Storage

/// A segment that is being written: its folder, and what was written so far, for later stages to read.
public final class SegmentDraft {
    public let folder: StagedFolder
    public internal(set) var passages = 0
    public internal(set) var tokens = 0
    var ngramProfile: NgramProfile?
    var ngramBytes = 0
    /// When its passages came; nil where they come now.
    var ages: [SegmentRecord.Age]?
    private var store: PassageStore?

    /// What its passages are cut and encoded with.
    let stamp: SegmentStamp?

    init(_ folder: StagedFolder, stamp: SegmentStamp?) { (self.folder, self.stamp) = (folder, stamp) }

    /// A new container for a component.
    public func writer(_ type: (some SegmentComponent).Type) throws(StorageError) -> ContainerWriter {
        try folder.writer(type.fileName, kind: type.fileKind)
    }

    /// A passage by its place in the segment.
    public func passage(_ place: Int) throws -> PassageText {
        let store = try store ?? component(PassageStore.self)
        self.store = store
        let (title, text) = try store.texts.passage(place)
        return PassageText(id: store.ids[place], title: title, text: text)
    }

    /// A component that was written: a moment ago, so its checksums are not computed again.
    public func component<Component: SegmentComponent>(_ type: Component.Type) throws -> Component {
        try Component(
            Container(path: folder.path(type.fileName), kind: type.fileKind, verifyingSections: false))
    }
}
