import CCmark
import CZlib

/// The libraries that corpora are read with, as they are on this machine.
package enum CorpusLibraries {
    package static var versions: [String: String] {
        ["cmark-gfm": String(cString: cmark_version_string()), "zlib": String(cString: zlibVersion())]
    }
}
