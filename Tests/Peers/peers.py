"""What the tests with other people's programs share: the program, an index of the sample corpus, a running server.

GENRET_BINARY is the program and GENRET_INDEX an index of corpora/sample with everything in it.
"""

import contextlib
import os
import signal
import subprocess

GENRET = os.environ["GENRET_BINARY"]
INDEX = os.environ["GENRET_INDEX"]


@contextlib.contextmanager
def server(*options, index=INDEX, environment=None):
    """A server on a free port; gives its address, and checks that it ends well."""
    process = subprocess.Popen(
        [GENRET, "serve", index, "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **(environment or {})},
    )
    try:
        yield process.stdout.readline().split()[-1]
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=60)
        assert code == 0, f"genret serve ended with {code}"
