// swift-tools-version: 6.1
import PackageDescription

// Measurements of genret beside other programs. A package of its own, so that nobody who uses
// genret builds it. README.md says what each program measures.

let package = Package(
    name: "genret-benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "genret", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    ],
    targets: [
        // Token files, workloads and the lines in which every program prints its figures.
        .target(name: "Workloads", dependencies: [.product(name: "Memory", package: "genret")]),
        .executableTarget(
            name: "token-text",
            dependencies: [
                "Workloads",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Corpora", package: "genret"),
                .product(name: "Memory", package: "genret"),
                .product(name: "Text", package: "genret"),
            ]),
        .executableTarget(
            name: "fm-workload",
            dependencies: [
                "Workloads", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Memory", package: "genret"),
            ]),
        .executableTarget(
            name: "fm-bench",
            dependencies: [
                "Workloads", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "FMIndex", package: "genret"),
                .product(name: "Memory", package: "genret"),
                .product(name: "Storage", package: "genret"),
                .product(name: "Succinct", package: "genret"),
            ]),
        .executableTarget(
            name: "decode-bench",
            dependencies: [
                "Workloads", .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Decoding", package: "genret"),
                .product(name: "FMIndex", package: "genret"),
                .product(name: "Memory", package: "genret"),
                .product(name: "Ranking", package: "genret"),
                .product(name: "Tensors", package: "genret"),
                .product(name: "Transformers", package: "genret"),
            ]),
        .executableTarget(
            name: "train-bench",
            dependencies: [
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Learning", package: "genret"),
                .product(name: "Tensors", package: "genret"),
                .product(name: "Transformers", package: "genret"),
            ]),
    ],
    swiftLanguageModes: [.v6]
)
