"""Hostile texts, faults of the server, and what the page may not do."""

import base64
import hashlib
import re
import unittest
import urllib.request

from selenium.common.exceptions import NoAlertPresentException

from browser import Keys, PageTest
from server import PAGE, passages


class TextTests(PageTest):
    def nothing_has_run(self):
        with self.assertRaises(NoAlertPresentException):
            self.page.driver.switch_to.alert.text
        faults = [entry for entry in self.page.driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
        self.assertEqual(faults, [], "the console has errors, or reports of the Content-Security-Policy")
        self.assertEqual(self.page.value("document.querySelectorAll('#out img, #out script, #out iframe').length"), 0)

    def test_text_like_html_stays_text(self):
        passage = next(one for one in passages() if one["_id"] == "markup")
        self.page.open(q="careful notice board pinned laughing", **self.at)
        self.assertEqual(self.page.titles[0], passage["title"])
        self.page.open_why()
        shown = self.page.value("(() => { const node = document.querySelector('.text').cloneNode(true); node.querySelectorAll('sup').forEach(one => one.remove()); return node.textContent; })()")
        self.assertEqual(shown, passage["title"] + passage["text"])
        self.nothing_has_run()

    def test_a_hostile_question_stays_text(self):
        question = "<img src=x onerror=alert(1)> \"'><script>alert(2)</script>"
        self.page.open(q=question, where="year > 3000", **self.at)
        self.assertIn(question, self.page.find("#out h2").text)
        self.nothing_has_run()

    def test_text_from_right_to_left(self):
        passage = next(one for one in passages() if one["_id"] == "arabic")
        self.page.open(q="مصباح الميناء الضباب", **self.at)
        self.assertEqual(self.page.titles[0], passage["title"])
        self.assertTrue(self.page.value("document.querySelector('.hit h2').matches(':dir(rtl)') && document.querySelector('.snip').matches(':dir(rtl)')"))
        self.page.open_why()
        self.assertTrue(self.page.value("document.querySelector('.text').matches(':dir(rtl)')"))
        self.nothing_has_run()


class FaultTests(PageTest):
    def test_a_token_is_asked_for_and_kept(self):
        self.gate.token = "sesame"
        self.page.driver.get(self.page.origin + "/?q=harbour+lamp" + "".join(f"&{key}={value}" for key, value in self.at.items()))
        self.page.until("document.querySelector('#ask').open")
        self.page.find("#token").send_keys("wrong", Keys.ENTER)
        self.page.until("document.querySelector('#askBad').textContent.includes('refused') && document.querySelector('#ask').open")
        self.page.find("#token").send_keys("sesame", Keys.ENTER)
        self.page.until("document.querySelector('.hit')")
        self.assertEqual(self.page.titles[0], "Relighting the harbour lamp")
        self.page.driver.refresh()  # It is not asked for again.
        self.page.until("document.querySelector('.hit')")
        self.assertEqual(self.page.value("localStorage.length"), 0)
        self.assertEqual(self.page.driver.get_cookies(), [])

    def test_without_a_token_nothing_is_shown(self):
        self.gate.token = "sesame"
        self.page.driver.get(self.page.origin + "/?q=harbour+lamp")
        self.page.until("document.querySelector('#ask').open")
        self.page.find("#askX").click()
        self.page.until("document.querySelector('#alert h2')")
        self.assertIn("token", self.page.find("#alert").text)

    def test_busy_is_said_and_asked_once_more(self):
        self.page.open(**self.at)
        self.gate.busy = 1
        self.page.find("#q").send_keys("fish soup", Keys.ENTER)
        self.page.until("document.querySelector('#status').textContent.includes('busy')")
        self.page.until("document.querySelector('.hit')")
        self.assertEqual([request.status for request in self.gate.searches], [503, 200])
        self.gate.busy = 5
        self.page.find("#q").send_keys(" garlic", Keys.ENTER)
        self.page.until("document.querySelector('#alert h2')")
        self.assertIn("busy", self.page.find("#alert").text)
        self.assertEqual([request.status for request in self.gate.searches], [503, 200, 503, 503])
        self.gate.busy = 0
        self.page.find("#alert button").click()
        self.page.until("document.querySelector('.hit')")
        self.assertEqual(self.page.find("#alert").text, "")

    def test_an_error_is_said_in_the_words_of_the_server(self):
        self.gate.fault = (500, "internal", "Internal error", "the index has failed: a checksum is wrong")
        self.page.open(q="lamp", **self.at)
        self.assertIn("a checksum is wrong", self.page.find("[role=alert]#alert").text)
        self.assertIn("gate-1", self.page.find("#alert").text)

    def test_a_stopped_server_is_an_error_in_words(self):
        self.page.open(**self.at)
        self.gate.stop()
        self.page.find("#q").send_keys("lamp", Keys.ENTER)
        self.page.until("document.querySelector('#alert h2')")
        self.assertIn("does not answer", self.page.find("#alert").text)
        self.gate.stop = lambda: None

    def test_nothing_leaves_the_server(self):
        self.page.open(**self.at)
        self.page.ask("harbour lamp")
        self.page.open_why()
        addresses = [request["url"] for request in self.page.sent()]
        self.assertTrue(any(address.endswith("/explain") for address in addresses), addresses)
        foreign = [address for address in addresses if not address.startswith((self.page.origin + "/", "data:"))]
        self.assertEqual(foreign, [])


class FileTests(PageTest):
    def test_size_and_shape(self):
        page = PAGE.read_bytes()
        self.assertLessEqual(len(page), 48 * 1024)
        text = page.decode()
        self.assertEqual((text.count("<style>"), text.count("<script>"), text.count("</style>"), text.count("</script>")), (1, 1, 1, 1))
        markup = re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.S)
        self.assertEqual(re.findall(r"\s(?:style|on\w+)=", markup), [])
        self.assertEqual(re.findall(r"https?://(?!www\.w3\.org/2000/svg)", text), [])
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "cookie"):
            self.assertNotIn(word, text)

    def test_the_policy_allows_this_style_and_this_script_only(self):
        request = urllib.request.Request(self.server.origin + "/", headers={"Accept": "text/html"})
        with urllib.request.urlopen(request, timeout=30) as response:
            policy, page = response.headers["Content-Security-Policy"], response.read()
        self.assertEqual(page, PAGE.read_bytes(), "the server gives another page than the one in the sources")
        for tag in ("style", "script"):
            text = re.search(f"<{tag}>(.*?)</{tag}>".encode(), page, re.S)[1]
            self.assertIn(f"{tag}-src 'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'", policy)
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)


if __name__ == "__main__":
    unittest.main()
