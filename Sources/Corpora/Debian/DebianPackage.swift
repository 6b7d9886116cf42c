/// A package as apt's lists describe it.
struct DebianPackage: Sendable {
    let name: String
    let version: DebianVersion
    let shortDescription: String
    var longDescription: String?
    /// The key under which the long description is kept in another list.
    let descriptionDigest: String?
    let section: String
    let source: String?
    let tags: [String]

    /// The package as a passage; its tags are left to the judgements.
    var passage: Passage {
        let title = "\(name): \(shortDescription)"
        if let longDescription { return Passage(id: name, title: title, text: longDescription) }
        var text = shortDescription + "."
        if !section.isEmpty { text += " A package of the section \(DebianSections.name(of: section))." }
        if let source, source != name { text += " It is built from the source package \(source)." }
        return Passage(id: name, title: title, text: text)
    }
}

/// Sections of the archive whose names are no English words.
enum DebianSections {
    static func name(of section: String) -> String {
        let last = section.split(separator: "/").last.map(String.init) ?? section
        return names[last] ?? last
    }

    private static let names = [
        "admin": "system administration", "cli-mono": "Mono and the common language runtime",
        "comm": "communication", "debug": "debugging symbols", "devel": "development",
        "doc": "documentation", "editors": "text editors", "gnu-r": "GNU R statistics",
        "golang": "Go programming", "hamradio": "amateur radio", "httpd": "web servers",
        "introspection": "object introspection", "javascript": "JavaScript programming",
        "libdevel": "development libraries", "libs": "libraries", "lisp": "Lisp programming",
        "math": "mathematics", "misc": "miscellaneous", "net": "networking",
        "ocaml": "OCaml programming", "oldlibs": "old libraries", "otherosfs": "other operating systems",
        "perl": "Perl programming", "php": "PHP programming", "python": "Python programming",
        "haskell": "Haskell programming", "java": "Java programming", "ruby": "Ruby programming",
        "rust": "Rust programming", "tex": "TeX typesetting", "text": "text processing",
        "utils": "utilities", "vcs": "version control", "x11": "the X window system",
    ]
}
