import CGenret
import GenretCommand

@_cdecl("genret_main")
public func programMain(_ count: CInt, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> CInt {
    let given = (0..<max(0, Int(count))).compactMap { place in arguments?[place].map { String(cString: $0) } }
    CommandLineTool.run(Array(given.dropFirst()))
}
