import BuiltTool
import Foundation
import Testing

/// What --output leads to is written, and nothing but a regular file is ever replaced.
@Suite struct OutputPathTests {
    private func shell(_ script: String) throws -> Tool.Outcome {
        let topics = try Tool.write("t.tsv", "1\tbread\n")
        return try Tool.shell(
            "S() { \"$G\" search '\(try Tool.index.get())' --topics '\(topics)' -q --hits 1 --retrievers bm25 -o \"$@\"; }\n"
                + script)
    }

    @Test("Links, streams and devices stay") func places() throws {
        let outcome = try shell(
            """
            set -e
            mkdir dev real; ln -s /proc/self/fd/1 dev/stdout; ln -s ../real/run dev/link; ln -s real/new dangling
            echo old > real/run; chmod 600 real/run
            S dev/stdout; S - ; S dev/link; S dangling; S /dev/fd/1 > plain; (echo head; S dev/stdout) > appended
            mkfifo fifo; cat fifo > copy & S fifo; wait
            S >(cat > sub); sleep 0.2
            [ -L dev/stdout ] && [ -L dev/link ] && [ -L dangling ] && [ -p fifo ]
            for f in real/run real/new plain copy sub; do grep -q '^1 Q0 ' $f; done
            [ "$(wc -l < appended)" = 2 ] && [ "$(head -1 appended)" = head ]
            [ "$(stat -c %a real/run)" = 600 ]
            [ ! -e ./- ]
            [ -z "$(find . -name '*.partial')" ]
            """)
        outcome.expectSuccess()
        #expect(outcome.output.split(separator: "\n").count == 2 && outcome.output.hasPrefix("1 Q0 "))
    }

    @Test("A link where the temporary name used to be") func temporaries() throws {
        let outcome = try shell(
            """
            echo precious > victim
            bash -c 'ln -s victim run.$$.partial; exec "$G" search "'"$(cat <<< '\(try Tool.index.get())')"'" --topics <(printf "1\\tbread\\n") -q --hits 1 --retrievers bm25 -o run'
            cat victim; head -c 5 run
            """)
        outcome.expectSuccess()
        #expect(outcome.output == "precious\n1 Q0 ")
    }

    @Test("Places that cannot be written") func refused() throws {
        for script in ["S /dev/fd/77", "mkdir d; S d", "S d/e/f", "ln -s loop loop; S loop", "S ''"] {
            try shell(script).expectSentence(1)
        }
    }
}
