// swift-tools-version: 6.1
import PackageDescription

// Modules lowest first; a target may depend only on targets above it in this list.
// ARCHITECTURE.md walks them in the same order.

let package = Package(
    name: "genret",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "genret", targets: ["genret"]),
        .library(name: "Engine", targets: ["Engine"]),
        // The parts, for Benchmarks/ and for those who want no more than one of them.
        .library(name: "Memory", targets: ["Memory"]),
        .library(name: "Succinct", targets: ["Succinct"]),
        .library(name: "Storage", targets: ["Storage"]),
        .library(name: "Text", targets: ["Text"]),
        .library(name: "Tensors", targets: ["Tensors"]),
        .library(name: "Transformers", targets: ["Transformers"]),
        .library(name: "Learning", targets: ["Learning"]),
        .library(name: "Corpora", targets: ["Corpora"]),
        .library(name: "FMIndex", targets: ["FMIndex"]),
        .library(name: "Decoding", targets: ["Decoding"]),
        .library(name: "Ranking", targets: ["Ranking"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
        .package(url: "https://github.com/apple/swift-numerics", from: "1.0.0"),
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
        .target(name: "CMarisa", dependencies: ["CMarisaTrie"]),
        .target(name: "CKernels"),
        .target(name: "CFileSystem"),

        // Structures and formats.
        .target(name: "Memory"),
        .target(name: "Succinct", dependencies: ["CKernels", "Memory"]),
        .target(name: "Storage", dependencies: ["CFileSystem", "CKernels", "CMarisa", "CZstd", "Memory"]),
        .target(name: "Text", dependencies: ["Storage"]),
        .target(name: "Corpora", dependencies: ["CCmark", "CZlib", "CZstd", "Memory"]),

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

        // Retrieval.
        .target(name: "Search", dependencies: ["Memory"]),
        .target(name: "IndexStore", dependencies: ["Memory", "Search", "Storage"]),
        .target(name: "FMIndex", dependencies: ["CKernels", "Memory", "Storage", "Succinct"]),
        .target(name: "Docids", dependencies: ["Memory", "Tensors"]),
        .target(
            name: "Ranking",
            dependencies: [
                "CKernels", "Decoding", "Docids", "FMIndex", "Memory", "Search", "Storage", "Tensors",
            ]),
        .target(
            name: "Evaluation",
            dependencies: [
                "Corpora", "Memory", .product(name: "RealModule", package: "swift-numerics"),
            ]),

        // The façade, the writer of indexes and the command line.
        .target(
            name: "Engine",
            dependencies: [
                "Corpora", "Decoding", "Docids", "FMIndex", "IndexStore", "Memory", "Ranking", "Search", "Storage",
                "Tensors", "Text", "Transformers",
            ]),
        .target(
            name: "Training",
            dependencies: [
                "Corpora", "Docids", "Engine", "Evaluation", "FMIndex", "IndexStore", "Learning", "Memory", "Ranking",
                "Search", "Storage", "Tensors", "Transformers",
            ],
            path: "indexer/Training"),
        .target(
            name: "Indexing",
            dependencies: [
                "Corpora", "Decoding", "Docids", "Engine", "FMIndex", "IndexStore", "Learning", "Memory", "Ranking",
                "Search", "Storage", "Tensors", "Text", "Training", "Transformers",
            ],
            path: "indexer/Indexing"),
        .executableTarget(
            name: "genret",
            dependencies: [
                "Corpora", "Decoding", "Docids", "Engine", "Evaluation", "FMIndex", "Indexing", "IndexStore", "Search", "Learning",
                "Memory", "Ranking", "Storage", "Tensors", "Text", "Training", "Transformers",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        // Naive models and seeded generators for the tests; file systems that record and fail.
        .target(name: "TestSupport", dependencies: ["Memory", "Storage"]),
        .testTarget(name: "TestSupportTests", dependencies: ["Storage", "TestSupport"]),
        .testTarget(name: "SuccinctTests", dependencies: ["Memory", "Succinct", "TestSupport"]),
        .testTarget(name: "StorageTests", dependencies: ["Memory", "Storage", "TestSupport"]),
        .testTarget(
            name: "IndexStoreTests", dependencies: ["IndexStore", "Memory", "Search", "Storage", "TestSupport"]),
        .testTarget(name: "DecodingTests", dependencies: ["Decoding", "Memory", "TestSupport"]),
        .testTarget(name: "FMIndexTests", dependencies: ["FMIndex", "Storage", "TestSupport"]),
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
            dependencies: ["Decoding", "Learning", "Memory", "Storage", "Tensors", "TestSupport", "Transformers"],
            exclude: ["Fixtures"]),
        .testTarget(name: "DocidsTests", dependencies: ["Docids", "Memory", "Tensors", "TestSupport"]),
        .testTarget(
            name: "CorporaTests", dependencies: ["Corpora", "CZlib", "CZstd", "Memory", "TestSupport"]),
        .testTarget(
            name: "EvaluationTests", dependencies: ["Corpora", "Evaluation", "TestSupport"],
            resources: [.copy("Fixtures")]),
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
                "Corpora", "Engine", "Evaluation", "IndexStore", "Indexing", "Search", "TestSupport", "Transformers",
            ],
            path: "Tests/SampleIndexes"),
        .testTarget(
            name: "EngineTests",
            dependencies: [
                "Corpora", "Docids", "Engine", "Evaluation", "FMIndex", "IndexStore", "Indexing", "Memory", "Ranking",
                "SampleIndexes", "Search", "Storage", "TestSupport", "Transformers",
            ]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Corpora", "Docids", "Engine", "IndexStore", "Indexing", "Learning", "Memory", "Ranking",
                "SampleIndexes", "Search", "Tensors", "TestSupport", "Training", "Transformers",
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "CompatTests",
            dependencies: [
                "Corpora", "Engine", "Indexing", "IndexStore", "Search", "Storage", "TestSupport", "Transformers",
            ],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "IndexingTests",
            dependencies: [
                "Corpora", "Engine", "IndexStore", "Indexing", "Learning", "Memory", "Ranking", "SampleIndexes",
                "Search", "Storage", "TestSupport", "Training", "Transformers",
            ]),
        // The built genret, for the tests that know it from outside.
        .target(name: "BuiltTool", path: "Tests/BuiltTool"),
        .testTarget(name: "CommandLineTests", dependencies: ["BuiltTool", "Corpora", "Evaluation"]),
        .testTarget(name: "GoldenTests", dependencies: ["BuiltTool"], exclude: ["Golden", "README.md"]),
        .testTarget(
            name: "EndToEndTests", dependencies: ["BuiltTool", "Corpora", "Memory", "TestSupport", "Transformers"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

// Tests are compiled as they are written: optimising them took half of the build. What they test, and the naive models
// in TestSupport, are optimised. Those who depend on the package build no tests of it.
for target in package.targets where target.type == .test {
    target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-Onone"])]
}
