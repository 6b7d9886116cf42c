import Foundation

extension ModelCache {
    /// Adds a model of the user's own, after checking that all of it can be read and used.
    ///
    /// - Parameters:
    ///   - path: a Hugging Face folder, or a file of weights.
    ///   - name: its name in the cache; by default the folder's, or the file's without its ending.
    ///   - linking: whether the cache refers to the files instead of copying those that are read.
    /// - Returns: the model's folder in the cache.
    /// - Throws: ``ModelError`` when the model is not supported or damaged, or the name is taken.
    @discardableResult
    public func add(
        _ path: URL, name: String? = nil, linking: Bool = false
    ) throws(ModelError) -> URL {
        let given = path.standardizedFileURL
        let place = given.resolvingSymlinksInPath()
        let source = try CheckpointSource(place)
        let name = name ?? (source.isFile ? given.deletingPathExtension() : given).lastPathComponent
        guard ownDirectory(of: name) == nil else {
            throw .fetchFailed(name: name, reason: "the cache has a model of this name; remove it first")
        }
        try check(place)
        return try install(name) { (staging) throws(ModelError) in
            let prepared = staging.appendingPathComponent("model")
            if linking, !source.isFile {
                try ModelCache.attempt(prepared) {
                    try FileManager.default.createSymbolicLink(at: prepared, withDestinationURL: place)
                }
            } else {
                try ModelCache.place(source, in: prepared, linking: linking)
            }
            return prepared
        }
    }

    /// What is read beside the weights, and what says where they came from.
    private static let companions = [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "chat_template.jinja", "special_tokens_map.json", "sentence_bert_config.json",
        "1_Pooling/config.json", "modules.json", "README.md", "LICENSE", "NOTICE",
    ]

    private static func place(
        _ source: CheckpointSource, in target: URL, linking: Bool
    ) throws(ModelError) {
        for file in try source.weightFiles() {
            try place(file.origin, at: target.appendingPathComponent(file.name), linking: linking)
        }
        for name in companions {
            let origin = source.folder.appendingPathComponent(name)
            guard ModelFile.exists(origin) else { continue }
            try place(origin, at: target.appendingPathComponent(name), linking: linking)
        }
    }

    private static func place(_ origin: URL, at target: URL, linking: Bool) throws(ModelError) {
        // Downloaded snapshots are often folders of links.
        let origin = origin.resolvingSymlinksInPath()
        try makeFolder(target.deletingLastPathComponent())
        try attempt(target) {
            if linking {
                try FileManager.default.createSymbolicLink(at: target, withDestinationURL: origin)
            } else {
                try FileManager.default.copyItem(at: origin, to: target)
            }
        }
    }
}

extension CheckpointSource {
    /// The files of weights, and the names under which a search of their folder finds them.
    func weightFiles() throws(ModelError) -> [(origin: URL, name: String)] {
        switch weights {
        case .safetensors(let file): return [(file, "model.safetensors")]
        case .gguf(let file):
            let name = file.lastPathComponent
            return [(file, file.pathExtension == "gguf" ? name : name + ".gguf")]
        case .index(let file):
            let shards = try SafetensorsShards(index: file).fileNames
            return [(file, CheckpointSource.indexName)]
                + shards.map { (file.deletingLastPathComponent().appendingPathComponent($0), $0) }
        }
    }
}
