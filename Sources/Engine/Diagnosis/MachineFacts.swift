import Corpora
import Foundation
import Memory
import Storage
import Tensors

/// The machine that genret runs on.
public struct MachineFacts: Sendable, Codable, Equatable {
    /// The distribution, or the version of the system.
    public var system: String
    /// "Linux 6.1.0 x86_64".
    public var kernel: String
    /// The model of the processor; nil where the system does not say.
    public var processor: String?
    /// The instructions that kernels run with here.
    public var instructions: String
    /// Those of 8-bit products.
    public var int8Instructions: String
    /// Where single-precision products go to a library, what it says of itself.
    public var productLibrary: String?
    /// Cores that the machine has, and that this process may use.
    public var cores: Int
    public var usableCores: Int
    /// What a control group grants, in cores; nil for no limit.
    public var coreLimit: Double?
    /// In bytes; nil where the system does not say.
    public var memory: Int?
    public var availableMemory: Int?
    /// The least that a control group grants; nil for no limit.
    public var memoryLimit: Int?
    /// The versions of native libraries that tell theirs.
    public var libraries: [String: String]

    public init() {
        var name = utsname()
        uname(&name)
        kernel = [Self.text(&name.sysname), Self.text(&name.release), Self.text(&name.machine)].joined(separator: " ")
        system =
            Self.value("PRETTY_NAME", of: "/etc/os-release", separator: "=")
            ?? ProcessInfo.processInfo.operatingSystemVersionString
        processor = Self.value("model name", of: "/proc/cpuinfo", separator: ":") ?? Self.darwinProcessor
        instructions = Instructions.ofKernels
        int8Instructions = Precision.int8Instructions
        productLibrary = Instructions.library
        cores = ProcessInfo.processInfo.processorCount
        usableCores = ProcessInfo.processInfo.activeProcessorCount
        memory = Int(exactly: ProcessInfo.processInfo.physicalMemory)
        availableMemory = Self.kibibytes("MemAvailable")
        let group = ControlGroup()
        (memoryLimit, coreLimit) = (group.memory, group.cores)
        libraries = StorageLibraries.versions.merging(CorpusLibraries.versions) { first, _ in first }
    }

    private static func text<Characters>(_ characters: inout Characters) -> String {
        withUnsafeBytes(of: &characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// A value of a file of names and values, one a line.
    private static func value(_ name: String, of file: String, separator: Character) -> String? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: separator, maxSplits: 1)
            guard parts.count == 2, parts[0].trimmingCharacters(in: .whitespaces) == name else { continue }
            return parts[1].trimmingCharacters(in: CharacterSet(charactersIn: " \t\""))
        }
        return nil
    }

    private static func kibibytes(_ name: String) -> Int? {
        value(name, of: "/proc/meminfo", separator: ":").flatMap { $0.split(separator: " ").first }.flatMap { Int($0) }
            .map { $0 << 10 }
    }

    private static var darwinProcessor: String? {
        #if canImport(Darwin)
        var length = 0
        guard sysctlbyname("machdep.cpu.brand_string", nil, &length, nil, 0) == 0, length > 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: length)
        guard sysctlbyname("machdep.cpu.brand_string", &bytes, &length, nil, 0) == 0 else { return nil }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        #else
        return nil
        #endif
    }
}
