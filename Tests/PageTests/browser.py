"""Headless Chromium, and the words in which the tests speak of the page."""

import atexit
import base64
import contextlib
import json
import os
import pathlib
import shutil
import tempfile
import time
import unittest
import urllib.parse

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from gate import Gate
from server import Server

SERVER = None
BROWSER = None
WAIT = 15


def setup():
    """One server and one browser for all tests."""
    global SERVER, BROWSER
    if SERVER is None:
        SERVER = Server()
        atexit.register(teardown)
    if BROWSER is None:
        BROWSER = launch()
    return SERVER, BROWSER


def teardown():
    global SERVER, BROWSER
    if BROWSER:
        BROWSER.quit()
    if SERVER:
        SERVER.stop()
    SERVER = BROWSER = None


def launch():
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    driver.set_script_timeout(60)
    return driver


class Page:
    """The page in the browser, reached through a gate."""

    def __init__(self, driver, origin):
        self.driver, self.origin = driver, origin
        self.theme("light")
        self.size(1280)

    def size(self, width, height=900):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def theme(self, theme):
        # Motion is reduced, so that pictures show a state and not the way to it.
        features = [{"name": "prefers-color-scheme", "value": theme}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def open(self, **state):
        self.driver.get(self.origin + "/" + ("?" + urllib.parse.urlencode(state) if state else ""))
        self.until("document.querySelector('#out *, #alert *, #ask[open]')")
        self.settle()

    def settle(self):
        self.until("!document.body.classList.contains('busy')")

    def script(self, text, *arguments):
        return self.driver.execute_script(text, *arguments)

    def value(self, expression, *arguments):
        return self.script("return " + expression, *arguments)

    def until(self, expression, *arguments):
        end = time.monotonic() + WAIT
        while time.monotonic() < end:
            found = self.value(expression, *arguments)
            if found:
                return found
            time.sleep(0.02)
        raise AssertionError(f"the page never came to: {expression}")

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def texts(self, selector):
        return self.value("[...document.querySelectorAll(arguments[0])].map(node => node.textContent)", selector)

    def type(self, *keys):
        """Types where the focus is, as a person without a mouse does."""
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def ask(self, text):
        box = self.find("#q")
        box.clear()
        box.send_keys(text, Keys.ENTER)
        self.until("new URLSearchParams(location.search).get('q') === arguments[0]", text)
        self.settle()

    @property
    def titles(self):
        return self.texts(".hit h2")

    @property
    def state(self):
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.driver.current_url).query))

    def focused(self):
        return self.driver.switch_to.active_element

    def open_why(self):
        self.script("document.querySelector('.why').click()")
        self.until("document.querySelector('.panel section')")

    def sent(self):
        """What the browser's network log says was sent since it was last read."""
        events = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        return [event["params"]["request"] for event in events if event["method"] == "Network.requestWillBeSent"]

    def picture(self, path, width):
        self.size(width)
        height = min(4000, max(700, self.value("document.documentElement.scrollHeight")))
        self.size(width, height)
        time.sleep(0.1)
        data = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(data))


class PageTest(unittest.TestCase):
    """A test with a fresh gate, and thereby an origin without memories. A failing one leaves pictures."""

    def runTest(self):
        """Nothing: a case of its own only brings a state about."""

    def setUp(self):
        self.server, driver = setup()
        self.gate = Gate(self.server.origin)
        self.addCleanup(self.gate.stop)
        self.page = Page(driver, self.gate.origin)
        self.page.driver.get("about:blank")
        for kind in ("browser", "performance"):
            driver.get_log(kind)
        # The index under test, named in the address where it is not the first.
        self.at = {} if self.server.is_first else {"i": self.server.index["name"]}

    def _callTestMethod(self, method):
        try:
            super()._callTestMethod(method)
        except unittest.SkipTest:
            raise
        except Exception:
            with contextlib.suppress(WebDriverException):
                self.keep_pictures()
            raise

    def keep_pictures(self):
        folder = pathlib.Path(os.environ.get("GENRET_PAGE_PICTURES") or tempfile.mkdtemp(prefix="genret-page-pictures-"))
        folder.mkdir(parents=True, exist_ok=True)
        for theme in ("light", "dark"):
            self.page.script("document.documentElement.dataset.theme = arguments[0]", theme)
            for width in (320, 800, 1280):
                self.page.picture(folder / f"{self.id()}-{width}-{theme}.png", width)
        print(f"pictures of {self.id()}: {folder}")

    def explanation(self, query, docid):
        return self.server.post(f"/v1/{self.server.index['name']}/explain", {"query": query, "docid": docid, "offsets": "utf16"})
