import Foundation

extension Error {
    /// The file that a failed operation of Foundation was about, and ``systemReason``.
    package var fileReason: String {
        let information = (self as NSError).userInfo
        let path = information[NSFilePathErrorKey] as? String ?? (information[NSURLErrorKey] as? URL)?.path
        return (path.map { "\($0): " } ?? "") + systemReason
    }

    /// What the operating system says, in its own short words ("No space left on device"), where a system
    /// call failed; else the error's description.
    package var systemReason: String {
        var error = self as NSError
        while let below = error.userInfo[NSUnderlyingErrorKey] as? NSError { error = below }
        if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(error.code))) }
        // Errors of our own say themselves what they are.
        guard error.domain == NSCocoaErrorDomain else { return "\(self)" }
        let code: Int32? =
            switch CocoaError.Code(rawValue: error.code) {
            case .fileNoSuchFile, .fileReadNoSuchFile: ENOENT
            case .fileReadNoPermission, .fileWriteNoPermission: EACCES
            case .fileWriteOutOfSpace: ENOSPC
            case .fileWriteFileExists: EEXIST
            case .fileWriteVolumeReadOnly: EROFS
            case .fileReadUnknown, .fileWriteUnknown: EIO
            default: nil
            }
        return code.map { String(cString: strerror($0)) } ?? error.localizedDescription
    }
}
