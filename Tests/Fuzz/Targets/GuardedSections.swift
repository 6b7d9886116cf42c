import Foundation
import Memory
import Storage

/// Sections of which each ends where memory ends: a read behind it is a crash, which a mapped file would hide.
final class GuardedSections: SectionSource {
    let path = "guarded"
    private var all: [String: FrozenArray<UInt8>] = [:]

    private final class Pages: @unchecked Sendable {
        let address: UnsafeMutableRawPointer
        let length: Int

        init?(_ length: Int) {
            let page = 4096
            self.length = (length + page - 1) / page * page + page
            guard
                let mapped = mmap(nil, self.length, PROT_READ | PROT_WRITE, MAP_PRIVATE | Self.anonymous, -1, 0),
                mapped != MAP_FAILED
            else { return nil }
            address = mapped
            mprotect(mapped + self.length - page, page, PROT_NONE)
        }

        deinit { munmap(address, length) }

        #if canImport(Darwin)
        static let anonymous = MAP_ANON
        #else
        static let anonymous = MAP_ANONYMOUS
        #endif
    }

    init(_ image: ContainerImage) {
        for section in image.sections where all[section.name] == nil {
            guard let pages = Pages(section.bytes.count) else { continue }
            // Aligned as in a file; up to 63 bytes behind the section are its own.
            let start = pages.address + (pages.length - 4096 - (section.bytes.count + 63) / 64 * 64)
            start.copyMemory(from: section.bytes, byteCount: section.bytes.count)
            all[section.name] = FrozenArray(
                base: UnsafePointer(start.assumingMemoryBound(to: UInt8.self)), count: section.bytes.count, owner: pages
            )
        }
    }

    func contains(_ name: String) -> Bool { all[name] != nil }

    func bytes(_ name: String) throws(StorageError) -> FrozenArray<UInt8> {
        guard let bytes = all[name] else { throw .damaged(path: path, what: "section \(name) is missing") }
        return bytes
    }
}
