import IndexStore
import Memory
import Ranking
import Search
import Storage

extension IndexReader {
    /// A passage.
    ///
    /// - Throws: `StorageError` where the file is damaged.
    public func passage(_ passage: PassageIndex) throws -> PassageText {
        let (segment, local) = places.locate(passage)
        let store = try snapshot.segments[segment].component(PassageStore.self)
        let (title, text) = try store.texts.passage(Int(local))
        return PassageText(id: store.ids[Int(local)], title: title, text: text)
    }

    /// The external id of a passage.
    public func id(of passage: PassageIndex) throws -> String {
        let (segment, local) = places.locate(passage)
        return try snapshot.segments[segment].component(PassageStore.self).ids[Int(local)]
    }

    /// A passage that is not deleted by its external id; nil where there is none.
    public func passage(withID id: String) throws -> PassageIndex? {
        for (segment, snapshot) in snapshot.segments.enumerated() {
            if let local = try snapshot.component(PassageStore.self).ids.index(of: id),
                try living()[segment]?.contains(local) ?? true
            {
                return places.global(Int32(local), in: segment)
            }
        }
        return nil
    }
}
