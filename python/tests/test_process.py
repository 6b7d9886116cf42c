"""Threads, forks, interrupts, and the program."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import genret
from genret import _native

from .support import FOLDER, PROGRAM, SAMPLE, program, queries, sample, sample_path


class ThreadTests(unittest.TestCase):
    def test_threads_are_in_the_library_at_the_same_time(self) -> None:
        """While one thread's long call runs, another thread begins and ends calls of its own."""
        with sample() as index:
            many = {f"q{place}": text for place, text in enumerate(list(queries().values()) * 40)}
            spans: list[tuple[float, float]] = []
            began = threading.Event()

            def long() -> None:
                began.set()
                start = time.monotonic()
                index.batch_search(many, hits=10, threads=1)
                spans.append((start, time.monotonic()))

            thread = threading.Thread(target=long)
            thread.start()
            began.wait()
            time.sleep(0.02)
            done: list[tuple[float, float]] = []
            while thread.is_alive() and len(done) < 5:
                start = time.monotonic()
                index.search("grey liquid on my starter")
                done.append((start, time.monotonic()))
            thread.join()
            (start, end), *_ = spans
            self.assertGreaterEqual(sum(start <= a and b <= end for a, b in done), 3, (spans, done))

    def test_four_threads_give_what_one_gives(self) -> None:
        with sample() as index, ThreadPoolExecutor(4) as pool:
            texts = list(queries().values())
            expected = [index.search(text).hits for text in texts]
            self.assertEqual(list(pool.map(lambda text: index.search(text).hits, texts)), expected)


class ForkTests(unittest.TestCase):
    def test_a_fork_opens_its_own(self) -> None:
        """A child is told that its parent's index is not its own, and opens one."""
        script = f"""
import os, sys, warnings
import genret
warnings.simplefilter("ignore")
index = genret.Index.open({sample_path()!r})
index.search("starter")
child = os.fork()
if child == 0:
    try:
        index.search("starter")
        os._exit(1)
    except genret.Error as error:
        if error.code != "wrong_process":
            os._exit(2)
    index.close()
    own = genret.Index.open(index.path)
    os._exit(0 if own.search("grey liquid on my starter")[0].id == "sourdough-starter" else 3)
status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
index.search("starter")
sys.exit(status)
"""
        self.assertEqual(subprocess.run([sys.executable, "-c", script], timeout=60).returncode, 0)


class InterruptTests(unittest.TestCase):
    def check_interrupted(self, script: str) -> None:
        """Ctrl-C ends long work by a KeyboardInterrupt: without it the work goes on far longer than is waited for."""
        # Whoever runs the tests in the background may have them ignore the signal.
        unignored = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        with subprocess.Popen([sys.executable, "-c", unignored + script], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            self.addCleanup(process.kill)
            self.assertEqual(process.stdout.readline(), "working\n")
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
            rest = process.communicate(timeout=60)[0]
        self.assertEqual((process.returncode, rest), (0, "interrupted\n"))

    def test_control_c_ends_a_build(self) -> None:
        path = FOLDER / "interrupted.genret"
        script = f"""
import genret
def passages():
    for copy in range(3000):
        for place in range(30):
            yield (f"{{copy}}-{{place}}", f"Passage {{place}} of {{copy}} says that number {{copy * 31 + place}} is odd or even. " * 8)
try:
    genret.Index.build(passages(), {str(path)!r}, encoder=None, progress=lambda _: heard.append(1) or (len(heard) == 1 and print("working", flush=True)))
except KeyboardInterrupt:
    print("interrupted")
""".replace("import genret\n", "import genret\nheard = []\n", 1)
        self.check_interrupted(script)
        self.assertFalse(path.exists())

    def test_control_c_ends_a_batch(self) -> None:
        script = f"""
import genret
index = genret.Index.open({sample_path()!r})
many = {{str(place): "how do I feed a sourdough starter in winter? " * 3 for place in range(10_000)}}
print("working", flush=True)
try:
    while True:
        index.batch_search(many)
except KeyboardInterrupt:
    print("interrupted")
"""
        self.check_interrupted(script)


class ProgramTests(unittest.TestCase):
    def test_the_command_line_comes_along(self) -> None:
        self.assertEqual(program("--version").strip(), genret.__version__)
        said = subprocess.run(
            [sys.executable, "-m", "genret", "query", sample_path(), "grey liquid on my starter"],
            capture_output=True,
            text=True,
        )
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn("sourdough-starter", said.stdout)
        script = os.path.join(os.path.dirname(sys.executable), "genret")
        if os.path.exists(script):
            self.assertEqual(subprocess.run([script, "no-such-command"], capture_output=True).returncode, 64)

    def test_models_that_came_along_are_found(self) -> None:
        self.assertIn("genret-general", program("model", "list"))

    def test_the_library_is_of_this_package(self) -> None:
        self.assertEqual(_native.library().genret_abi(), _native.ABI)
        self.assertTrue(PROGRAM.exists() and SAMPLE.exists())


if __name__ == "__main__":
    unittest.main()
