import Foundation

/// All files of a folder and of the folders in it, by the bytes of their names.
///
/// Hidden files, folders of other people's code, links, pipes and devices are not among them; each is
/// counted. Links are followed only where that is asked for, and never twice to one place.
struct FolderWalk {
    struct File {
        /// The path within the folder.
        let name: [UInt8]
        let path: [UInt8]
    }

    /// In the order of the bytes of their names.
    private(set) var files: [File] = []
    /// What is not among the files.
    private(set) var passedOver = FileTally()
    /// Files and folders that cannot be opened: nobody knows what is there.
    private(set) var unreadable: [[UInt8]] = []

    private let options: CorpusOptions
    private let excludes: [FilePattern]
    private let wantsHidden: Bool
    private let rootPath: [UInt8]
    private var folders: [(name: [UInt8], path: [UInt8], ignore: GitIgnore)] = []
    private var links: [File] = []
    private var visited: Set<FileIdentity> = []
    private var isBehindLink = false

    /// - Throws: ``CorpusError/unreadable`` where the folder itself cannot be listed.
    init(path: String, options: CorpusOptions) throws(CorpusError) {
        self.options = options
        excludes = options.exclude.map(FilePattern.init)
        wantsHidden = (options.include.map(FilePattern.init)).contains(where: \.asksForHidden)
        let root = Array(path.utf8)
        rootPath = Self.resolved(root) ?? root
        guard Self.names(in: root) != nil else {
            throw .unreadable(path: path, reason: "the folder cannot be listed: \(String(cString: strerror(errno)))")
        }
        if let identity = FileIdentity(root) { visited.insert(identity) }
        folders = [([], root, GitIgnore())]
        listFolders()
        guard !unreadable.contains([]) else {
            throw .unreadable(path: path, reason: "its .gitignore cannot be opened")
        }
        takeLinksToFiles()
        files.sort { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// Whether a folder is an index of this program: what it holds is no text of anybody's.
    private static func isIndex(_ path: [UInt8]) -> Bool {
        guard PathBytes.withPointer(to: PathBytes.join(path, Array("manifest.json".utf8)), { access($0, F_OK) == 0 }),
            let names = names(in: path)
        else { return false }
        // Of older formats, and of those whose folders' names end in the digest of what is in them.
        return ["segment-", "tokenizer"].allSatisfy { kind in
            names.contains { $0.starts(with: Array(kind.utf8)) }
        }
    }

    private mutating func listFolders() {
        while let (name, path, ignore) = folders.popLast() { list(name, path, ignore) }
    }

    private mutating func list(_ folder: [UInt8], _ folderPath: [UInt8], _ above: GitIgnore) {
        guard let names = Self.names(in: folderPath) else {
            passUnreadable(folder)
            return
        }
        var ignore = above
        if options.obeysIgnoreFiles, names.contains(GitIgnore.fileName) {
            guard let own = above.adding(fileIn: folderPath, as: folder) else {
                // Nobody knows what of the folder is to be read.
                return passUnreadable(folder)
            }
            ignore = own
        }
        for last in names {
            let name = PathBytes.join(folder, last)
            let path = PathBytes.join(folderPath, last)
            if last.first == 0x2e, !wantsHidden || options.obeysIgnoreFiles && last == GitIgnore.repositoryName {
                passedOver.add(.hidden, name: FileName.shown(name))
            } else if excludes.contains(where: { $0.matches(name) }) {
                passedOver.add(.excluded, name: FileName.shown(name))
            } else {
                take(name, path, last, ignore)
            }
        }
    }

    private mutating func passUnreadable(_ name: [UInt8]) {
        // What is gone meanwhile is not there.
        if errno != ENOENT { unreadable.append(name) }
        passedOver.add(.unreadable, name: FileName.shown(name))
    }

    private mutating func take(_ name: [UInt8], _ path: [UInt8], _ last: [UInt8], _ ignore: GitIgnore) {
        var status = stat()
        guard PathBytes.withPointer(to: path, { lstat($0, &status) }) == 0 else {
            passUnreadable(name)
            return
        }
        if options.obeysIgnoreFiles, ignore.ignores(name, isFolder: status.st_mode & S_IFMT == S_IFDIR) {
            passedOver.add(.ignored, name: FileName.shown(name))
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            // Two names of one file are two files, unless one of them was met behind a link.
            if visited.insert(FileIdentity(status)).inserted || !isBehindLink {
                files.append(File(name: name, path: path))
            } else {
                passedOver.add(.linkInside, name: FileName.shown(name))
            }
        case S_IFDIR:
            if Self.dependencyFolders.contains(last) {
                passedOver.add(.dependencies, name: FileName.shown(name))
            } else if Self.isIndex(path) {
                passedOver.add(.index, name: FileName.shown(name))
            } else if visited.insert(FileIdentity(status)).inserted {
                folders.append((name, path, ignore))
            }
        case S_IFLNK: links.append(File(name: name, path: path))
        default: passedOver.add(.special, name: FileName.shown(name))
        }
    }

    /// Links come after everything else: what they lead to may have been met by then.
    private mutating func takeLinksToFiles() {
        while !links.isEmpty {
            let met = links.sorted { $0.name.lexicographicallyPrecedes($1.name) }
            links = []
            for link in met { follow(link) }
            isBehindLink = true
            listFolders()
        }
    }

    private mutating func follow(_ link: File) {
        var status = stat()
        guard PathBytes.withPointer(to: link.path, { stat($0, &status) }) == 0,
            let target = Self.resolved(link.path)
        else {
            passedOver.add(.linkBroken, name: FileName.shown(link.name))
            return
        }
        let isInside = target == rootPath || target.starts(with: PathBytes.join(rootPath, []))
        guard isInside || options.followLinks else {
            passedOver.add(
                .linkOutside, name: "\(FileName.shown(link.name)) -> \(FileName.shown(target))")
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG where visited.insert(FileIdentity(status)).inserted: files.append(link)
        case S_IFDIR where !isInside && visited.insert(FileIdentity(status)).inserted:
            // The files above it are of another tree.
            folders.append((link.name, link.path, GitIgnore()))
        case S_IFREG, S_IFDIR: passedOver.add(.linkInside, name: FileName.shown(link.name))
        default: passedOver.add(.special, name: FileName.shown(link.name))
        }
    }

    /// The names in a folder but `.` and `..`, in the order of their bytes; nil where it cannot be read.
    private static func names(in folder: [UInt8]) -> [[UInt8]]? {
        guard let stream = PathBytes.withPointer(to: folder, { opendir($0) }) else { return nil }
        defer { closedir(stream) }
        var names: [[UInt8]] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
            if name != [0x2e], name != [0x2e, 0x2e] { names.append(name) }
        }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func resolved(_ path: [UInt8]) -> [UInt8]? {
        guard let real = PathBytes.withPointer(to: path, { realpath($0, nil) }) else { return nil }
        defer { free(real) }
        return Array(UnsafeRawBufferPointer(start: real, count: strlen(real)))
    }

    private static let dependencyFolders: Set<[UInt8]> = Set(
        ["node_modules", "bower_components", "__pycache__", "site-packages", "__MACOSX"].map { Array($0.utf8) })
}

/// One file on one device, whatever it is called.
struct FileIdentity: Hashable {
    private let device: UInt64
    private let number: UInt64

    init(_ status: stat) {
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }

    init?(_ path: [UInt8]) {
        var status = stat()
        guard PathBytes.withPointer(to: path, { stat($0, &status) }) == 0 else { return nil }
        self.init(status)
    }
}
