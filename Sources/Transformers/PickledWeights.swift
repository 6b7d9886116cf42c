import Foundation
import Memory

/// Weights that PyTorch pickled. Reading a pickle means running a program that the file holds, so
/// they are refused, with the command that converts them.
enum PickledWeights {
    /// Whether a file's name is one that pickled weights usually have.
    static func isName(_ name: String) -> Bool {
        [".bin", ".pt", ".pth", ".ckpt", ".pkl"].contains { name.hasSuffix($0) }
    }

    /// Whether the bytes are a zip archive, as PyTorch has written since version 1.6, or a pickle
    /// of protocol 2 or later.
    ///
    /// A safetensors file starts with the length of its header, which could have any of these
    /// bytes; the brace that opens the header tells it apart.
    static func isContent(_ bytes: FrozenArray<UInt8>) -> Bool {
        if hasJSONHeader(bytes) { return false }
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return true }
        guard bytes.count >= 3, bytes[0] == 0x80, (2...5).contains(bytes[1]) else { return false }
        // A protocol mark is followed by a frame, a number, a container or a class.
        return [0x95, 0x8A, 0x7D, 0x5D, 0x28, 0x63].contains(bytes[2])
    }

    private static func hasJSONHeader(_ bytes: FrozenArray<UInt8>) -> Bool {
        bytes.count >= 9 && bytes[8] == UInt8(ascii: "{") && bytes[6] == 0 && bytes[7] == 0
    }

    static func refusal(_ file: URL) -> ModelError {
        .unsupported(
            path: file.path,
            reason: "these are pickled weights, which are not read because reading them runs code; "
                + "convert them with: scripts/convert-checkpoint \(quoted(file.path)) NEW_FOLDER")
    }

    /// The path as a shell takes it.
    private static func quoted(_ path: String) -> String {
        let plain = path.utf8.allSatisfy { byte in
            byte >= 0x80 || Character(Unicode.Scalar(byte)).isLetter
                || Character(Unicode.Scalar(byte)).isNumber || "/._-+=@,".utf8.contains(byte)
        }
        return plain ? path : "'" + path.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
