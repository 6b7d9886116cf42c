import Foundation

/// All packages of a set of lists, each in its newest version.
struct DebianCatalogue {
    private var newest: [String: DebianPackage] = [:]
    private var longDescriptions: [String: String] = [:]

    /// The packages by name, with their long descriptions where a list had them.
    var packages: [DebianPackage] {
        newest.values.map { package in
            var package = package
            if package.longDescription == nil, let digest = package.descriptionDigest {
                package.longDescription = longDescriptions[digest]
            }
            return package
        }.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    mutating func addPackages(from file: URL) throws(CorpusError) {
        let list = try AptListFile(file)
        let stanzas = ControlStanzas(
            list.lines,
            fields: [
                "Package", "Version", "Description", "Description-md5", "Section", "Source", "Tag",
                "Description-en",
            ])
        while let values = try stanzas.next() {
            guard let name = values[0], let description = values[2] ?? values[7] else { continue }
            let version = DebianVersion(values[1] ?? "0")
            if let known = newest[name], known.version >= version { continue }
            let (short, long) = Self.split(description)
            guard !short.isEmpty else { continue }
            newest[name] = DebianPackage(
                name: name, version: version, shortDescription: short, longDescription: long,
                descriptionDigest: values[3], section: values[4] ?? "",
                source: values[5]?.split(separator: " ").first.map(String.init),
                tags: Self.tags(values[6] ?? ""))
        }
    }

    mutating func addTranslations(from file: URL) throws(CorpusError) {
        let wanted = Set(newest.values.compactMap(\.descriptionDigest))
        let list = try AptListFile(file)
        let stanzas = ControlStanzas(list.lines, fields: ["Description-md5", "Description-en"])
        while let values = try stanzas.next() {
            guard let digest = values[0], wanted.contains(digest), let text = values[1] else { continue }
            if let long = Self.split(text).long { longDescriptions[digest] = long }
        }
    }

    /// The first line of a description, and the paragraphs after it.
    private static func split(_ description: String) -> (short: String, long: String?) {
        let lines = description.split(separator: "\n", omittingEmptySubsequences: false)
        var paragraphs: [String] = []
        var current = ""
        for line in lines.dropFirst() {
            let words = line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            if words.isEmpty || words == "." {
                if !current.isEmpty { paragraphs.append(current) }
                current = ""
            } else {
                current += current.isEmpty ? words : " " + words
            }
        }
        if !current.isEmpty { paragraphs.append(current) }
        let short = (lines.first ?? "").trimmingCharacters(in: .whitespaces)
        return (short, paragraphs.isEmpty ? nil : paragraphs.joined(separator: "\n"))
    }

    /// Splits `a::b, c::{d,e}` into single tags.
    private static func tags(_ text: String) -> [String] {
        var tags: [String] = []
        var prefix = ""
        for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            if let brace = part.firstIndex(of: "{") {
                prefix = String(part[..<brace])
                tags.append(prefix + part[part.index(after: brace)...].filter { $0 != "}" })
            } else if !prefix.isEmpty {
                tags.append(prefix + part.filter { $0 != "}" })
            } else {
                tags.append(String(part))
            }
            if part.hasSuffix("}") { prefix = "" }
        }
        return tags
    }
}
