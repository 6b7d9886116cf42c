"""Every state: no violation of axe-core in light and dark, and nothing wider than the screen."""

import importlib.util
import pathlib
import unittest

import states
from browser import PageTest


def axe():
    """axe-core's script, out of the package that carries it."""
    for package in ("axe_playwright_python", "axe_core_python"):
        found = importlib.util.find_spec(package)
        if found:
            return (pathlib.Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")
    raise unittest.SkipTest("no package with axe-core is installed: pip install --no-deps axe-playwright-python")


class StateTests(PageTest):
    def test_axe_finds_nothing(self):
        script = axe()
        for state in states.ALL:
            for theme in ("light", "dark"):
                for width in (360, 1280):
                    with self.subTest(state=state.__name__, theme=theme, width=width):
                        self.fresh()
                        self.page.theme(theme)
                        self.page.size(width)
                        state(self)
                        self.page.script(script)
                        found = self.page.driver.execute_async_script("axe.run(document).then(arguments[0])")
                        self.assertGreater(len(found["passes"]), 10)
                        self.assertEqual([(one["id"], [node["html"][:200] + node["failureSummary"] for node in one["nodes"]]) for one in found["violations"]], [])

    def test_nothing_is_wider_than_the_screen(self):
        for state in states.ALL:
            with self.subTest(state=state.__name__):
                self.fresh()
                self.page.size(1400)
                state(self)
                for width in (320, 360, 800, 1280, 1400):
                    self.page.size(width)
                    self.assertLessEqual(self.page.value("document.documentElement.scrollWidth"), width)

    def fresh(self):
        """Takes the state before back at the gate and in the browser's memory."""
        self.gate.busy, self.gate.token, self.gate.indexes = 0, None, None
        self.page.driver.get("about:blank")


if __name__ == "__main__":
    unittest.main()
