import Foundation

/// A file, mapped by a worker, that says what it is doing: an input that kills the worker is left behind in it.
package final class CaseFile: @unchecked Sendable {
    /// What is known of a worker, at fixed places of the file.
    package enum Field: Int, CaseIterable {
        /// The number of the input that is being read.
        case number
        case length
        /// 1 while an input is read.
        case isReading
        case executions
        /// Inputs that were read without an error.
        case accepted
        case slowest
        case slowestNumber
        /// Peak memory in KiB, of the whole worker.
        case peak
        /// The same before the first input.
        case start
    }

    private static let head = 128
    private static let length = head + Mutator.longest
    private let address: UnsafeMutableRawPointer

    package init(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, ftruncate(descriptor, off_t(Self.length)) == 0 else {
            throw FuzzFailure("no case file at \(path)")
        }
        defer { close(descriptor) }
        guard
            let mapped = mmap(nil, Self.length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), mapped != MAP_FAILED
        else { throw FuzzFailure("no case file at \(path)") }
        address = mapped
    }

    deinit { munmap(address, Self.length) }

    package subscript(field: Field) -> Int {
        get { address.load(fromByteOffset: field.rawValue * 8, as: Int.self) }
        set { address.storeBytes(of: newValue, toByteOffset: field.rawValue * 8, as: Int.self) }
    }

    package func reset() { for field in Field.allCases { self[field] = 0 } }

    package var input: [UInt8] {
        get { [UInt8](UnsafeRawBufferPointer(start: address + Self.head, count: min(self[.length], Mutator.longest))) }
        set {
            self[.length] = min(newValue.count, Mutator.longest)
            (address + Self.head).copyMemory(from: newValue, byteCount: self[.length])
        }
    }
}

/// What a run of the fuzzer cannot go on after.
package struct FuzzFailure: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
