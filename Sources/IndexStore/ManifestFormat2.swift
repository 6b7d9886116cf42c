import Foundation
import Search
import Storage

/// Indexes of format 2: folders have fixed names, parts and their estimates have members of their own.
///
/// Such an index is read as it stands; the first change of it writes a manifest of the current format.
struct ManifestFormat2 {
    private let old: JSONTree
    private let root: URL

    /// - Parameter root: the index's folder, whose files' digests the old manifest does not have.
    init(_ old: JSONTree, root: URL) { (self.old, self.root) = (old, root) }

    /// The same in the current format.
    ///
    /// - Throws: `DecodingError` where the manifest is none of format 2.
    func converted() throws -> IndexManifest {
        func member<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
            try (old[name] ?? .null).decoded(as: type)
        }
        let names = try member("segments", as: [String].self)
        let (passages, tokens) = (try member("passages", as: Int.self), try member("tokens", as: Int.self))
        var manifest = IndexManifest(
            genret: try member("genret", as: String.self),
            corpus: try member("corpus", as: IndexManifest.Corpus.self),
            tokenizer: try member("tokenizer", as: IndexManifest.Tokenizer.self),
            encoder: try member("encoder", as: IndexManifest.Encoder?.self), options: old["options"] ?? .object([:]))
        manifest.format = 2
        let files = ["passages", "ngrams", "terms"] + (manifest.encoder == nil ? [] : ["vectors", "docids"])
        manifest.segments = names.enumerated().map { place, name in
            // Of the tokens only the sum is known; it stands with the last segment.
            SegmentRecord(
                files: record(name, files.map { $0 + ".gnr" }),
                passages: names.count == 1 ? passages : passageCount(of: name),
                tokens: place == names.count - 1 ? tokens : 0)
        }
        addParts(to: &manifest)
        addEstimates(to: &manifest)
        return manifest
    }

    private func addParts(to manifest: inout IndexManifest) {
        func add(_ kind: ComponentID, _ folder: String, _ files: [String], _ description: JSONTree) {
            manifest.setPart(PartRecord(kind: kind, files: record(folder, files), description: description), of: kind)
        }
        add("tokenizer", ".", ["tokenizer.json"], .object([:]))
        let weights = ["config.json", "model.safetensors"]
        if let generator = old["generator"] {
            add("generator", "generator", weights, generator.picking(["tasks", "layers", "interacts"]))
        }
        if old["queryEncoder"] != nil { add("query-encoder", "query-encoder", weights, .object([:])) }
        if let docids = old["docids"], case .string(let scheme) = docids["scheme"] {
            let members = ["scheme", "representations", "entries", "levels", "isTrained", "planAhead"]
            let anchored = ["tree", "rq", "pq", "atomic"].contains(scheme)
            add("docids", "docids", weights + [anchored ? "entries.gnr" : "sequences.gnr"], docids.picking(members))
        }
        if case .array(let all) = old["queries"] {
            for queries in all {
                guard case .string(let source) = queries["maker"] else { continue }
                add(ComponentID("queries/" + source), "queries", [source + ".gnr"], queries)
            }
        }
    }

    /// What older versions used is valid: it was made with the parts that stand there.
    private func addEstimates(to manifest: inout IndexManifest) {
        func inputs(_ kinds: ComponentID...) -> [EstimateInput] {
            kinds.map { EstimateInput(kind: $0, sha256: manifest.part($0)?.sha256) }
        }
        func add(_ id: ComponentID, _ value: JSONTree?, _ inputs: [EstimateInput], _ source: JSONTree? = nil) {
            guard let value, value != .null else { return }
            manifest.setEstimate(
                EstimateRecord(
                    id: id, value: value, inputs: inputs, queries: source?["pseudoQueries"]?.whole ?? 0,
                    objective: source?["objective"]?.real ?? 0, baseline: nil))
        }
        func fusion(_ value: JSONTree?, _ inputs: [EstimateInput]) { add("fusion", value?["weights"], inputs, value) }
        let base = inputs("query-encoder")
        fusion(old["fusion"], base)
        let generator = old["generator"]
        add("key-constants", generator?["tuning"], inputs("generator"))
        let constants = EstimateInput(
            kind: "key-constants", sha256: manifest.estimates.first { $0.id == "key-constants" }?.sha256)
        fusion(generator?["fusion"], base + inputs("generator") + [constants])
        add("rerank", generator?["rerank"]?.rerankValue, inputs("generator"))
        let docids = inputs("docids")
        if old["docids"]?["planAhead"] != nil { add("look-ahead", old["docids"]?["planAhead"], docids) }
        fusion(
            old["docids"]?["fusion"], base + docids + (generator == nil ? [] : inputs("generator") + [constants]))
    }

    /// As many as there are ids; 0 where the file cannot be read, which no segment has.
    private func passageCount(of segment: String) -> Int {
        let path = root.appending(path: segment).appending(path: "passages.gnr").path
        let container = try? Container(path: path, kind: "passages", verifyingSections: false)
        return (container?.sections.first { $0.name == "ids.numbers" }?.length ?? 0) / 4
    }

    /// A file that is not there has no digest, which no file has.
    private func record(_ folder: String, _ files: [String]) -> FolderRecord {
        let place = folder == "." ? root : root.appending(path: folder)
        return FolderRecord(
            folder: folder,
            files: files.map { name in
                (try? FileRecord(of: place.appending(path: name).path)) ?? FileRecord(name: name, bytes: 0, sha256: "")
            })
    }
}

extension JSONTree {
    fileprivate func picking(_ names: [String]) -> JSONTree {
        .object(Dictionary(uniqueKeysWithValues: names.compactMap { name in self[name].map { (name, $0) } }))
    }

    fileprivate var whole: Int? { if case .integer(let value) = self { Int(value) } else { nil } }

    fileprivate var real: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// A reranking with its weights by reranker.
    fileprivate var rerankValue: JSONTree? {
        guard let depth = self["depth"], let weights = self["weights"] else { return nil }
        return .object(["depth": depth, "weights": weights])
    }
}
