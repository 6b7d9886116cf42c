import Engine
import Foundation
import IndexStore
import Indexing
import Search

/// An index's parts and estimates as a person reads them.
enum PartLines {
    static func parts(of manifest: IndexManifest) -> [String] {
        let installed = InstallableParts.all.compactMap { type -> String? in
            guard let summary = summary(of: type, in: manifest), let part = manifest.part(type.kind) else { return nil }
            let later = later(than: part.generation, part.passages, in: manifest).map { "; \($0)" } ?? ""
            return "\(padded(type.kind.name))\(summary), sha256 \(part.sha256.prefix(16))\(later)"
        }
        let queries = manifest.parts(below: SyntheticQueriesPart.kind).compactMap { part -> String? in
            guard let said = try? part.description.decoded(as: SyntheticQueriesPart.Description.self) else {
                return nil
            }
            return "\(padded("queries"))\(said.generator), \(said.count.grouped) of \(said.made.grouped) kept, "
                + "made of \(said.passages.grouped) passages"
        }
        let folder = manifest.part(FolderPart.kind).flatMap {
            try? $0.description.decoded(as: FolderPart.Description.self)
        }.map { "\(padded("folder"))\($0.files.grouped) files, \($0.passages.grouped) passages" }
        return installed + queries + (folder.map { [$0] } ?? [])
    }

    static func estimates(of manifest: IndexManifest) -> [String] {
        manifest.estimates.map { estimate in
            let value = IndexEstimations.all.first { $0.id == estimate.id }.flatMap { description(of: estimate, $0) }
            // What came with a part was estimated on no queries of this index.
            var notes = estimate.queries > 0 ? ["\(estimate.queries.grouped) queries"] : []
            let inputs = estimate.inputs.filter { $0.sha256 != nil }.map(\.kind.name)
            if !inputs.isEmpty { notes.append("with \(inputs.joined(separator: ", "))") }
            if let later = later(than: estimate.generation, estimate.passages, in: manifest) { notes.append(later) }
            let lost = manifest.lost(of: estimate)
            if !lost.isEmpty { notes.append("void: another or no \(lost.map(\.name).joined(separator: ", "))") }
            let note = notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))"
            return padded(estimate.id.name) + (value ?? "") + note
        }
    }

    /// How many passages came after something, and how many left, where any did.
    private static func later(than generation: Int?, _ count: Int?, in manifest: IndexManifest) -> String? {
        let (came, left) = manifest.change(since: generation, of: count)
        let words = [(came, "passages came later"), (left ?? 0, "have left since")].filter { $0.0 > 0 }
        return words.isEmpty ? nil : words.map { "\($0.0.grouped) \($0.1)" }.joined(separator: ", ")
    }

    private static func summary<Part: InstallablePart>(of type: Part.Type, in manifest: IndexManifest) -> String? {
        type.summary(in: manifest)
    }

    private static func description<Kind: IndexEstimation>(of estimate: EstimateRecord, _ type: Kind.Type) -> String? {
        (try? estimate.value.decoded(as: Kind.Value.self)).map(type.description)
    }

    private static func padded(_ name: String) -> String {
        name.padding(toLength: max(15, name.count + 2), withPad: " ", startingAt: 0)
    }
}
