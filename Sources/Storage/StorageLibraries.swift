import CZstd

/// The libraries that files of an index are read with, as they are on this machine.
package enum StorageLibraries {
    /// By name; marisa-trie does not tell its version.
    package static var versions: [String: String] { ["zstd": String(cString: ZSTD_versionString())] }
}
