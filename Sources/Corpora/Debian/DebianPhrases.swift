import Foundation

/// How tags are said in English, as parts of a noun phrase.
enum DebianPhrases {
    /// The place of a part in the phrase; parts are put in this order.
    enum Part: Int, Sendable, CaseIterable {
        case use, object, format, topic, protocolName, culture, suite, interface, language, toolkit

        /// Whether the part says what a package is about, not only how it is made.
        var isContent: Bool { rawValue <= Part.culture.rawValue }
    }

    /// What a package is; the most telling of its roles comes first.
    static let nouns: [(tag: String, phrase: String)] = [
        ("game::arcade", "an arcade game"), ("game::puzzle", "a puzzle game"),
        ("game::board:chess", "a chess game"), ("game::board", "a board game"),
        ("game::strategy", "a strategy game"), ("game::simulation", "a simulation game"),
        ("game::adventure", "an adventure game"), ("game::platform", "a jump and run game"),
        ("game::card", "a card game"), ("game::rpg", "a role-playing game"),
        ("game::fps", "a first-person shooter"), ("game::tetris", "a game of falling blocks"),
        ("game::typing", "a typing game"), ("game::toys", "a toy for the desktop"),
        ("role::plugin", "a plugin"), ("role::documentation", "documentation"),
        ("role::program", "a program"), ("role::devel-lib", "a development library"),
    ]

    /// The part and the words of a tag; nil where the tag is not used for questions.
    static func phrase(_ tag: String) -> (part: Part, words: String)? {
        guard let colons = tag.firstRange(of: "::") else { return nil }
        let value = String(tag[colons.upperBound...])
        switch tag[..<colons.lowerBound] {
        case "use": return uses[value].map { (.use, "for \($0)") }
        case "works-with": return objects[value].map { (.object, $0) }
        case "works-with-format": return formats[value].map { (.format, "that handles \($0) files") }
        case "field": return fields[value].map { (.topic, "for \($0)") }
        case "protocol": return protocols[value].map { (.protocolName, "that speaks \($0)") }
        case "culture":
            return cultures.contains(value) ? (.culture, "for \(value.capitalized) speakers") : nil
        case "suite": return suites[value].map { (.suite, "that belongs to \($0)") }
        case "interface": return interfaces[value].map { (.interface, $0) }
        case "implemented-in": return languages[value].map { (.language, "written in \($0)") }
        case "uitoolkit": return toolkits[value].map { (.toolkit, "built on \($0)") }
        default: return topics[tag].map { (.topic, $0) }
        }
    }

    private static let uses = [
        "converting": "converting", "editing": "editing", "checking": "checking",
        "viewing": "viewing", "monitor": "monitoring", "configuring": "configuring",
        "analysing": "analysing", "playing": "playing", "learning": "learning",
        "organizing": "organising", "storing": "storing", "searching": "searching",
        "downloading": "downloading", "scanning": "scanning", "timekeeping": "keeping time",
        "browsing": "browsing", "compressing": "compressing", "synchronizing": "synchronising",
        "chatting": "chatting", "typesetting": "typesetting", "comparing": "comparing",
        "printing": "printing", "filtering": "filtering", "calculating": "calculating",
        "measuring": "measuring", "simulating": "simulating", "entertaining": "entertaining",
    ]
    private static let objects = [
        "text": "text", "audio": "audio", "image": "images", "mail": "mail", "file": "files",
        "software:source": "source code", "db": "databases", "image:raster": "raster images",
        "video": "video", "archive": "archives", "software:package": "software packages",
        "software:running": "running processes", "network-traffic": "network traffic",
        "logfile": "log files", "image:vector": "vector drawings", "dictionary": "dictionaries",
        "pim": "personal information", "font": "fonts", "unicode": "Unicode text",
        "3dmodel": "three-dimensional models", "vcs": "version control repositories",
        "biological-sequence": "biological sequences", "people": "contacts",
        "im": "instant messages", "music-notation": "sheet music", "spreadsheet": "spreadsheets",
        "bugs": "bug reports", "fax": "faxes", "graphs": "graphs", "calendar": "calendars",
    ]
    private static let formats = [
        "html": "HTML", "tex": "TeX", "xml": "XML", "mp3": "MP3", "oggvorbis": "Ogg Vorbis",
        "plaintext": "plain text", "pdf": "PDF", "postscript": "PostScript", "png": "PNG",
        "jpg": "JPEG", "wav": "WAV", "iso9660": "ISO 9660", "man": "manual page", "zip": "ZIP",
        "tar": "tar", "docbook": "DocBook", "xml:rss": "RSS", "svg": "SVG", "gif": "GIF",
        "tiff": "TIFF", "bib": "BibTeX", "json": "JSON", "odf": "OpenDocument", "dvi": "DVI",
        "epub": "EPUB", "djvu": "DjVu", "xml:gpx": "GPX", "diff": "diff", "po": "gettext",
    ]
    private static let fields = [
        "mathematics": "mathematics", "biology": "biology", "biology:bioinformatics": "bioinformatics",
        "finance": "finance", "statistics": "statistics", "geography": "geography",
        "physics": "physics", "linguistics": "linguistics", "electronics": "electronics",
        "chemistry": "chemistry", "arts": "the arts", "medicine": "medicine",
        "medicine:imaging": "medical imaging", "astronomy": "astronomy", "religion": "religion",
        "meteorology": "meteorology", "aviation": "aviation", "geology": "geology",
    ]
    private static let protocols = [
        "http": "HTTP", "ssl": "TLS", "ipv6": "IPv6", "ftp": "FTP", "smtp": "SMTP", "dns": "DNS",
        "irc": "IRC", "ssh": "SSH", "ldap": "LDAP", "imap": "IMAP", "kerberos": "Kerberos",
        "pop3": "POP3", "nntp": "NNTP", "jabber": "Jabber", "dhcp": "DHCP", "smb": "SMB",
        "bittorrent": "BitTorrent", "voip": "voice over IP", "snmp": "SNMP", "telnet": "Telnet",
        "webdav": "WebDAV", "tftp": "TFTP", "radius": "RADIUS", "nfs": "NFS",
    ]
    private static let cultures: Set = [
        "japanese", "german", "chinese", "french", "russian", "spanish", "italian", "korean", "thai",
        "czech", "portuguese", "dutch", "greek", "polish", "arabic", "hungarian", "hebrew", "turkish",
    ]
    private static let suites = [
        "gnu": "the GNU project", "debian": "Debian's own tools", "openstack": "OpenStack",
        "kde": "KDE", "emacs": "Emacs", "gnome": "GNOME", "gnustep": "GNUstep", "apache": "Apache",
        "xfce": "Xfce", "gimp": "GIMP", "openoffice": "the office suite", "samba": "Samba",
    ]
    private static let interfaces = [
        "graphical": "with a graphical interface", "commandline": "for the command line",
        "daemon": "that runs as a daemon", "text-mode": "for the text terminal",
        "web": "with a web interface", "3d": "with three-dimensional graphics",
    ]
    private static let languages = [
        "perl": "Perl", "c": "C", "c++": "C++", "python": "Python", "lisp": "Lisp", "java": "Java",
        "shell": "shell script", "ocaml": "OCaml", "r": "R", "ruby": "Ruby", "objc": "Objective-C",
        "php": "PHP", "haskell": "Haskell", "tcl": "Tcl", "ecmascript": "JavaScript",
        "c-sharp": "C#", "scheme": "Scheme", "lua": "Lua", "fortran": "Fortran", "ada": "Ada",
    ]
    private static let toolkits = [
        "gtk": "GTK", "qt": "Qt", "ncurses": "ncurses", "sdl": "SDL", "wxwidgets": "wxWidgets",
        "tk": "Tk", "fltk": "FLTK", "motif": "Motif",
    ]
    private static let topics = [
        "admin::virtualization": "for virtual machines", "admin::backup": "for backups",
        "admin::filesystem": "for file systems", "admin::boot": "for starting the machine",
        "admin::user-management": "for managing users", "admin::recovery": "for recovering data",
        "admin::cluster": "for clusters", "admin::power-management": "for saving power",
        "admin::benchmarking": "for benchmarks", "admin::package-management": "for managing packages",
        "security::authentication": "for authentication", "security::cryptography": "for encryption",
        "security::log-analyzer": "for analysing logs", "security::integrity": "for checking integrity",
        "security::firewall": "for firewalls", "security::privacy": "for privacy",
        "security::ids": "for detecting intruders", "security::antivirus": "against viruses",
        "hardware::storage:cd": "for compact discs", "hardware::printer": "for printers",
        "hardware::modem": "for modems", "hardware::hamradio": "for amateur radio",
        "hardware::camera": "for cameras", "hardware::input:joystick": "for joysticks",
        "hardware::gps": "for satellite navigation", "hardware::power:ups": "for backup power supplies",
        "hardware::emulation": "for emulating other machines", "hardware::usb": "for USB devices",
        "sound::mixer": "for mixing sound", "sound::midi": "for MIDI music",
        "sound::speech": "for speech", "sound::recorder": "for recording sound",
        "sound::sequencer": "for sequencing music", "accessibility::ocr": "for recognising letters",
        "mail::filters": "for filtering mail", "mail::notification": "for telling about new mail",
        "mail::list": "for mailing lists", "web::wiki": "for wikis", "web::browser": "for the web",
        "web::blog": "for blogs", "web::server": "for serving web pages",
        "science::plotting": "for plotting", "science::visualisation": "for visualising data",
        "x11::screensaver": "that saves the screen", "x11::window-manager": "for managing windows",
        "network::vpn": "for private networks", "network::scanner": "for scanning networks",
        "devel::debugger": "for debugging", "devel::compiler": "for compiling",
        "devel::profiler": "for profiling", "devel::i18n": "for translating programs",
        "devel::testing-qa": "for testing software", "devel::code-generator": "for generating code",
        "office::presentation": "for presentations", "office::project-management": "for planning projects",
    ]
}
