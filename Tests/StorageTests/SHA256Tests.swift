import Storage
import Testing

@Suite struct SHA256Tests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { SHA256.hex(of: $0) }
    }

    @Test(
        "Examples of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func examples(text: String, digest: String) {
        #expect(hex(Array(text.utf8)) == digest)
    }

    @Test func aMillionLetters() {
        let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(hex([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)) == digest)
    }

    @Test("Any split of the message gives the same digest") func streaming() {
        let message = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let whole = hex(message)
        for step in [1, 3, 63, 64, 65, 128, 200] {
            var hash = SHA256()
            for start in stride(from: 0, to: message.count, by: step) {
                hash.update(Array(message[start..<min(start + step, message.count)]))
            }
            #expect(hash.hex() == whole)
            #expect(hash.hex() == whole, "asking must not change the state")
        }
    }
}
