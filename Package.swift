// swift-tools-version: 6.1
import PackageDescription

// Modules lowest first; a target may depend only on targets above it in this list.
// ARCHITECTURE.md walks them in the same order.
//
// What a user of `Genret` needs is public; what other modules of this package need is `package`. But Succinct, Tensors,
// Decoding and FMIndex, which Genret keeps to itself, are public all over: only what is public is inlined across modules.

let package = Package(
    name: "genret",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "genret", targets: ["GenretProgram"]),
        .library(name: "Genret", targets: ["Genret"]),
        // For C and for Python; scripts/wheel builds it.
        .library(name: "genretc", type: .dynamic, targets: ["GenretC"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.0.0"),
        // The server.
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.9.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.34.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.8.0"),
    ],
    targets: [
        // System libraries and C kernels.
        .systemLibrary(
            name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"]), .brew(["zstd"])]),
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CCmark", pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"]), .brew(["cmark-gfm"])]),
        .systemLibrary(
            name: "CMarisaTrie", pkgConfig: "marisa",
            providers: [.apt(["libmarisa-dev"]), .brew(["marisa"])]),
        .systemLibrary(
            name: "CSnowball", providers: [.apt(["libstemmer-dev"]), .brew(["snowball"])]),
        .target(name: "CMarisa", dependencies: ["CMarisaTrie"]),
        .target(name: "CKernels"),
        .target(name: "CFileSystem"),

        // Structures and formats.
        .target(name: "Memory", dependencies: ["CFileSystem"]),
        .target(name: "Succinct", dependencies: ["CKernels", "Memory"]),
        .target(name: "Storage", dependencies: ["CFileSystem", "CKernels", "CMarisa", "CZstd", "Memory"]),
        .target(name: "Text", dependencies: ["Storage"]),
        .target(name: "Corpora", dependencies: ["CCmark", "CZlib", "CZstd", "Memory"]),

        .target(name: "Fields", dependencies: ["Corpora", "Memory", "Storage"]),

        // Models.
        .target(
            name: "Tensors", dependencies: ["CKernels", "Memory"]),
        .target(
            name: "Decoding",
            dependencies: [
                "CKernels", "Memory", .product(name: "HeapModule", package: "swift-collections"),
            ]),
        .target(
            name: "Transformers",
            dependencies: ["CKernels", "CZlib", "Decoding", "Memory", "Storage", "Tensors", "Text"]),

        .target(
            name: "Learning",
            dependencies: ["CKernels", "Memory", "Storage", "Tensors", "Transformers"],
            path: "indexer/Learning"),

        // Reranking by language models.
        .target(name: "Rerankers", dependencies: ["Corpora", "Memory", "Tensors", "Text", "Transformers"]),

        // Retrieval.
        .target(name: "Search", dependencies: ["Memory"]),
        .target(name: "IndexStore", dependencies: ["Memory", "Search", "Storage"]),
        .target(name: "FMIndex", dependencies: ["CKernels", "Memory", "Storage", "Succinct"]),
        .target(name: "Docids", dependencies: ["CKernels", "Memory", "Tensors"]),
        .target(
            name: "Ranking",
            dependencies: [
                "CKernels", "CSnowball", "Decoding", "Docids", "FMIndex", "Memory", "Search", "Storage", "Tensors",
            ]),
        .target(
            name: "Evaluation",
            dependencies: [
                "Corpora", "Memory", .product(name: "RealModule", package: "swift-numerics"),
            ]),

        // Drawings of measurements.
        .target(name: "Charts"),

        // The façade, the writer of indexes and the command line.
        .target(
            name: "Engine",
            dependencies: [
                "Corpora", "Decoding", "Docids", "FMIndex", "Fields", "IndexStore", "Memory", "Ranking", "Rerankers",
                "Search", "Storage", "Tensors", "Text", "Transformers",
            ]),
        .target(
            name: "Training",
            dependencies: [
                "Corpora", "Docids", "Engine", "Evaluation", "FMIndex", "IndexStore", "Learning", "Memory",
                "Ranking", "Search", "Storage", "Tensors", "Text", "Transformers",
            ],
            path: "indexer/Training"),
        .target(
            name: "Indexing",
            dependencies: [
                "Corpora", "Decoding", "Docids", "Engine", "Evaluation", "FMIndex", "Fields", "IndexStore", "Learning",
                "Memory", "Ranking", "Search", "Storage", "Tensors", "Text", "Training", "Transformers",
            ],
            path: "indexer/Indexing"),
        // What a program that uses genret imports.
        .target(
            name: "Genret",
            dependencies: [
                "Corpora", "Docids", "Engine", "Evaluation", "FMIndex", "Fields", "IndexStore", "Indexing", "Learning",
                "Memory", "Ranking", "Search", "Storage", "Training", "Transformers",
            ]),
        // What every interface gives: requests, answers, problems and limits; and the server.
        .target(
            name: "Serving",
            dependencies: [
                "Corpora", "Engine", "Fields", "Indexing", "IndexStore", "Memory", "Ranking", "Search", "Storage",
                "Tensors",
                "Transformers",
            ]),
        .target(name: "ToolServer", dependencies: ["Engine", "Memory", "Search", "Serving"]),
        .target(name: "Telemetry", dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")]),
        .target(name: "WebPage", dependencies: ["Storage"], resources: [.embedInCode("Resources/page.html")]),
        .target(
            name: "WebServer",
            dependencies: [
                "Corpora", "Engine", "IndexStore", "Memory", "Search", "Serving", "Storage", "Telemetry", "Tensors",
                "ToolServer", "WebPage",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ]),
        .target(
            name: "Studies",
            dependencies: [
                "Charts", "Corpora", "Docids", "Engine", "Evaluation", "IndexStore", "Indexing", "Learning", "Memory",
                "Search", "Storage", "Training", "Transformers",
                .product(name: "RealModule", package: "swift-numerics"),
            ],
            path: "indexer/Studies"),
        .target(
            name: "GenretCommand",
            dependencies: [
                "Corpora", "Decoding", "Docids", "Engine", "Evaluation", "FMIndex", "Fields", "Indexing", "IndexStore",
                "Learning", "Memory", "Ranking", "Rerankers", "Search", "Serving", "Storage", "Studies", "Tensors", "Text",
                "Training", "ToolServer", "Transformers", "WebServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ]),

        .executableTarget(name: "GenretProgram", dependencies: ["GenretCommand"]),

        // What C, and through it Python, calls.
        .target(name: "CGenret"),
        .target(
            name: "GenretC",
            dependencies: [
                "CGenret", "Corpora", "Engine", "GenretCommand", "Indexing", "IndexStore", "Memory", "Ranking",
                "Search",
                "Serving", "Storage", "Tensors", "Transformers",
            ]),

        // Naive models and seeded generators for the tests; file systems that record and fail.
        .target(name: "TestSupport", dependencies: ["Memory", "Storage"]),
        .testTarget(name: "TestSupportTests", dependencies: ["Memory", "Storage", "TestSupport"]),
        .testTarget(name: "SuccinctTests", dependencies: ["Memory", "Succinct", "TestSupport"]),
        .testTarget(name: "StorageTests", dependencies: ["Memory", "Storage", "TestSupport"]),
        .testTarget(
            name: "IndexStoreTests", dependencies: ["IndexStore", "Memory", "Search", "Storage", "TestSupport"]),
        .testTarget(name: "DecodingTests", dependencies: ["Decoding", "Memory", "TestSupport"]),
        .testTarget(name: "FMIndexTests", dependencies: ["FMIndex", "Memory", "Storage", "TestSupport"]),
        .testTarget(
            name: "TextTests", dependencies: ["Storage", "TestSupport", "Text", "Transformers"],
            exclude: ["Fixtures"]),
        .testTarget(name: "TensorsTests", dependencies: ["CKernels", "Memory", "Tensors", "TestSupport"]),
        .testTarget(
            name: "TransformersTests",
            dependencies: [
                "CZlib", "Decoding", "Memory", "Storage", "Tensors", "TestSupport", "Text", "Transformers",
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "LearningTests",
            dependencies: [
                "Decoding", "Learning", "Memory", "Storage", "Tensors", "TestSupport", "Text", "Transformers",
            ],
            exclude: ["Fixtures"]),
        .testTarget(name: "DocidsTests", dependencies: ["Docids", "Memory", "Tensors", "TestSupport"]),
        .testTarget(
            name: "CorporaTests", dependencies: ["Corpora", "CZlib", "CZstd", "Memory", "TestSupport"]),
        .testTarget(
            name: "FieldsTests", dependencies: ["Corpora", "Fields", "Memory", "Search", "Storage", "TestSupport"]),
        .testTarget(
            name: "EvaluationTests", dependencies: ["Corpora", "Evaluation", "TestSupport"],
            resources: [.copy("Fixtures")]),
        .testTarget(name: "ChartsTests", dependencies: ["Charts", "Memory"]),
        .testTarget(
            name: "StudiesTests",
            dependencies: [
                "Charts", "Corpora", "Docids", "Engine", "Evaluation", "FMIndex", "Memory", "SampleIndexes", "Storage",
                "Studies", "Transformers",
            ],
            exclude: ["Golden"]),
        .testTarget(
            name: "RankingTests",
            dependencies: [
                "Decoding", "Docids", "FMIndex", "Memory", "Ranking", "Search", "Storage", "Tensors",
                "TestSupport",
            ]),
        .testTarget(name: "SearchTests", dependencies: ["Memory", "Search", "TestSupport"]),
        // Indexes of the sample corpus, for the tests of what opens, builds and trains.
        .target(
            name: "SampleIndexes",
            dependencies: [
                "Corpora", "Engine", "Evaluation", "Indexing", "IndexStore", "Memory", "Search", "TestSupport",
                "Transformers",
            ],
            path: "Tests/SampleIndexes"),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "Corpora", "Engine", "Evaluation", "Fields", "FMIndex", "Indexing", "IndexStore", "Memory", "Ranking",
                "SampleIndexes", "Search", "Storage", "Tensors", "TestSupport", "Text", "Transformers",
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Corpora", "Docids", "Engine", "Indexing", "IndexStore", "Learning", "Memory", "Ranking",
                "SampleIndexes", "Search", "Storage", "Tensors", "TestSupport", "Training", "Transformers",
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "CompatTests",
            dependencies: [
                "Corpora", "Engine", "Indexing", "IndexStore", "Ranking", "Search", "Storage", "Tensors", "TestSupport",
                "Transformers",
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "IndexingTests",
            dependencies: [
                "Corpora", "Engine", "Fields", "FMIndex", "Indexing", "IndexStore", "Learning", "Memory", "Ranking",
                "SampleIndexes",
                "Search", "Storage", "Tensors", "TestSupport", "Training", "Transformers",
            ]),
        .testTarget(
            name: "RerankersTests", dependencies: ["Memory", "Rerankers", "Tensors", "Transformers"], exclude: ["Fixtures"]),
        .testTarget(
            name: "ServingTests",
            dependencies: ["Corpora", "Engine", "Memory", "SampleIndexes", "Search", "Serving"]),
        .testTarget(
            name: "WebServerTests",
            dependencies: ["Search", "Serving", "WebServer", .product(name: "HTTPTypes", package: "swift-http-types")]),
        .testTarget(
            name: "TelemetryTests",
            dependencies: ["Telemetry", .product(name: "CoreMetrics", package: "swift-metrics")]),
        .testTarget(
            name: "ToolServerTests", dependencies: ["Memory", "SampleIndexes", "Search", "Serving", "ToolServer"]),
        // The built genret, for the tests that know it from outside.
        .target(name: "BuiltTool", path: "Tests/BuiltTool"),
        .testTarget(name: "CommandLineTests", dependencies: ["BuiltTool", "Corpora", "Evaluation"]),
        .testTarget(name: "DocsTests", dependencies: ["BuiltTool", "Transformers"]),
        .testTarget(name: "PeerTests", dependencies: ["BuiltTool", "Transformers"]),
        .testTarget(name: "GoldenTests", dependencies: ["BuiltTool"], exclude: ["Golden", "README.md"]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["BuiltTool", "Corpora", "Memory", "TestSupport", "Transformers"]),

        .testTarget(
            name: "GenretCTests",
            dependencies: ["BuiltTool", "CGenret", "GenretC", "IndexStore", "SampleIndexes", "Search", "TestSupport"],
            exclude: ["Fixtures"]),

        // Hostile bytes for every reader, in processes of their own: see docs/hostile-input.md.
        .target(
            name: "FuzzTargets",
            dependencies: [
                "CKernels", "CZlib", "CZstd", "Corpora", "Decoding", "Docids", "Engine", "FMIndex", "Fields",
                "Indexing",
                "IndexStore", "Memory", "Ranking", "Search", "Storage", "Tensors", "Text", "Transformers",
            ],
            path: "Tests/Fuzz/Targets"),
        .executableTarget(name: "fuzz-runner", dependencies: ["FuzzTargets"], path: "Tests/Fuzz/Runner"),
        .testTarget(
            name: "FuzzTests", dependencies: ["BuiltTool", "FuzzTargets", "fuzz-runner"], path: "Tests/Fuzz/Suite"),

        // Who uses the library as others do: without what only the package sees.
        .testTarget(name: "GenretTests", dependencies: ["Genret"], packageAccess: false),
        .executableTarget(
            name: "IndexAndSearch", dependencies: ["Genret"], path: "Examples/IndexAndSearch", packageAccess: false),
        .executableTarget(
            name: "CustomRetriever", dependencies: ["Genret"], path: "Examples/CustomRetriever", packageAccess: false),
        .executableTarget(
            name: "CustomReranker", dependencies: ["Genret"], path: "Examples/CustomReranker", packageAccess: false),
        .testTarget(
            name: "ExamplesTests", dependencies: ["BuiltTool", "CustomReranker", "CustomRetriever", "IndexAndSearch"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// Measurements beside other programs, which nobody needs to build who uses genret: see Benchmarks/README.md.
if Context.environment["GENRET_BENCHMARKS"] != nil {
    let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
    package.targets += [
        // Token files, workloads and the lines in which every program prints its figures.
        .target(name: "Workloads", dependencies: ["Memory"], path: "Benchmarks/Sources/Workloads"),
        .executableTarget(
            name: "token-text", dependencies: ["Corpora", "Memory", "Text", "Workloads", arguments],
            path: "Benchmarks/Sources/token-text"),
        .executableTarget(
            name: "fm-workload", dependencies: ["Memory", "Workloads", arguments],
            path: "Benchmarks/Sources/fm-workload"),
        .executableTarget(
            name: "fm-bench", dependencies: ["FMIndex", "Memory", "Storage", "Succinct", "Workloads", arguments],
            path: "Benchmarks/Sources/fm-bench"),
        .executableTarget(
            name: "decode-bench",
            dependencies: [
                "Decoding", "FMIndex", "Memory", "Ranking", "Tensors", "Transformers", "Workloads", arguments,
            ],
            path: "Benchmarks/Sources/decode-bench"),
        .executableTarget(
            name: "dense-bench",
            dependencies: [
                "Corpora", "Docids", "Engine", "Memory", "Ranking", "Search", "Tensors", "Transformers", "Workloads",
                arguments,
            ],
            path: "Benchmarks/Sources/dense-bench"),
        .executableTarget(
            name: "rerank-bench",
            dependencies: ["Corpora", "Engine", "Memory", "Ranking", "Search", "Workloads", arguments],
            path: "Benchmarks/Sources/rerank-bench"),
        .executableTarget(
            name: "train-bench", dependencies: ["Learning", "Tensors", "Transformers", arguments],
            path: "Benchmarks/Sources/train-bench"),
    ]
}

// The site of the library's documentation: see scripts/docs.
if Context.environment["GENRET_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.4.0"))
}

// A file imports what it uses.
for target in package.targets where target.type != .system {
    target.swiftSettings = [.enableUpcomingFeature("MemberImportVisibility")]
}

// Tests are compiled as they are written: optimising them took half of the build. What they test, and the naive models
// in TestSupport, are optimised. Those who depend on the package build no tests of it.
for target in package.targets where target.type == .test {
    target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-Onone"])]
}
