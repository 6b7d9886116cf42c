"""Retrievers, weights, reranking, filter and facets: what they send, and what the address says of it."""

import json
import unittest

from browser import By, Keys, PageTest


class ControlTests(PageTest):
    QUERY = "the harbour lamp"

    def setUp(self):
        super().setUp()
        self.page.open(q=self.QUERY, **self.at)

    def last_search(self, number):
        """The newest search, once there are so many."""
        self.page.until("true")
        for _ in range(300):
            if len(self.gate.searches) >= number:
                break
            self.page.driver.execute_async_script("setTimeout(arguments[0], 20)")
        self.assertEqual(len(self.gate.searches), number)
        self.page.settle()
        return self.gate.searches[-1].body

    def chip(self, value):
        return self.page.find(f".chip input[value={value}]")

    def test_unticking_a_retriever_sends_the_others(self):
        first = self.last_search(1)
        self.assertNotIn("retrievers", first)
        counts = self.page.texts("#chips .n")
        self.page.sent()
        self.chip("ngram").send_keys(Keys.SPACE)
        self.last_search(2)
        sent = [json.loads(request["postData"]) for request in self.page.sent() if request["url"].endswith("/search")]
        self.assertEqual(len(sent), 1)
        rest = [name for name in self.server.index["retrievers"] if self.server.runs(name) and name != "ngram"]
        self.assertEqual(sent[0]["retrievers"], rest)
        self.assertEqual(self.page.state["r"], ",".join(rest))
        self.assertNotEqual(self.page.texts("#chips .n"), counts)
        self.assertEqual(self.page.focused().get_attribute("value"), "ngram")
        self.page.type(Keys.SPACE)
        self.assertNotIn("retrievers", self.last_search(3))
        self.assertNotIn("r", self.page.state)

    def test_a_shared_address_has_the_same_choices(self):
        self.page.open(q=self.QUERY, r="bm25", rerank="0", **self.at)
        body = self.gate.searches[-1].body
        self.assertEqual((body["retrievers"], body["rerank"]), (["bm25"], 0))
        self.assertEqual(self.page.value("[...document.querySelectorAll('#chips :checked')].map(box => box.value)"), ["bm25"])

    def test_no_retriever_at_all_asks_nothing(self):
        self.page.open(q=self.QUERY, r="none", **self.at)
        self.assertEqual(len(self.gate.searches), 1)  # The one of setUp.
        self.assertIn("at least one", self.page.find("#out").text)

    def test_weights_are_sent_and_reset(self):
        self.page.script("document.getElementById('side').open = document.getElementById('tune').open = true")
        slider = self.page.find("#weights input")
        start = float(slider.get_attribute("value"))
        slider.send_keys(Keys.ARROW_RIGHT * 3)
        weights = self.last_search(2)["weights"]
        self.assertAlmostEqual(weights[next(iter(weights))], start + 0.03, delta=0.006)
        self.assertEqual(set(weights), {name for name in self.server.index["retrievers"] if self.server.runs(name)})
        self.assertIn("weights", self.page.state)
        self.page.find("#weights .link").click()
        self.assertNotIn("weights", self.last_search(3))
        self.assertNotIn("weights", self.page.state)

    def test_reranking_can_be_turned_off(self):
        if not self.server.index.get("rerank"):
            self.skipTest("nothing is reranked on this index")
        self.chip("rerank").send_keys(Keys.SPACE)
        self.assertEqual(self.last_search(2)["rerank"], 0)
        self.assertEqual(self.page.state["rerank"], "0")

    def test_facets_make_conditions_and_chips_take_them_away(self):
        first = self.last_search(1)
        self.assertEqual(first["facets"], self.server.index["fields"])
        self.assertNotIn("where", first)
        self.press_facet("lang", "de")
        self.assertEqual(self.last_search(2)["where"], "lang = de")
        self.press_facet("year", "2019")
        self.assertEqual(self.last_search(3)["where"], "lang = de and year = 2019")
        self.assertEqual(self.page.titles, ["Der Leuchtturm von Ostwick"])
        self.assertEqual(self.page.state["where"], "lang = de and year = 2019")
        self.assertEqual(self.page.texts(".conds button"), ["lang = de", "year = 2019"])
        self.page.find(".conds button").click()
        self.assertEqual(self.last_search(4)["where"], "year = 2019")
        self.press_facet("year", "2019")  # A pressed one takes its condition away.
        self.assertNotIn("where", self.last_search(5))

    def press_facet(self, field, value):
        self.page.script("document.getElementById('side').open = true")
        group = self.page.find(f".vals[aria-label={field}]")
        for button in group.find_elements(By.CSS_SELECTOR, "button"):
            if button.find_element(By.CSS_SELECTOR, ".v").get_attribute("textContent") == value:
                self.page.script("arguments[0].closest('details').open = true; arguments[0].focus()", button)
                return self.page.type(Keys.ENTER)
        self.fail(f"{field} has no {value}: {group.text}")

    def test_a_filter_is_typed_and_either_or_stays_together(self):
        self.page.script("document.getElementById('side').open = true")
        self.page.find("#where").send_keys('lang = fr or topic = "kitchen"', Keys.ENTER)
        self.assertEqual(self.last_search(2)["where"], 'lang = fr or topic = "kitchen"')
        self.press_facet("draft", "false")
        self.assertEqual(self.last_search(3)["where"], '(lang = fr or topic = "kitchen") and draft = false')

    def test_values_are_spelt_so_that_the_filter_reads_them(self):
        spelt = self.page.value("['de', 'New York', 'and', 'say \"no\"', 'a\\\\b', '2020'].map(value => condition('lang', value)).concat(condition('open since', 7), condition('draft', true))")
        self.assertEqual(spelt, ["lang = de", 'lang = "New York"', 'lang = "and"', 'lang = "say ""no"""', 'lang = "a\\\\b"', 'lang = "2020"',
                                 '"open since" = 7', "draft = true"])

    def test_conditions_are_split_outside_quotes_and_parentheses(self):
        split = lambda text: self.page.value("(state.where = arguments[0], conditions())", text)
        self.assertEqual(split("a = 1 and b in (x, y) and not c"), ["a = 1", "b in (x, y)", "not c"])
        self.assertEqual(split("a = \"x and y\" and (b = 1 and c = 2)"), ['a = "x and y"', "(b = 1 and c = 2)"])
        self.assertEqual(split("a = 'it''s and' and b"), ["a = 'it''s and'", "b"])
        self.assertEqual(split("a = 1 or b = 2 and c"), ["(a = 1 or b = 2 and c)"])
        self.assertEqual(split("android = 1 and orange = 2"), ["android = 1", "orange = 2"])

    def test_a_filter_that_cannot_be_read_is_said(self):
        self.page.open(q=self.QUERY, where="year ==", **self.at)
        self.assertEqual(self.gate.searches[-1].status, 400)
        self.assertIn("expected a value", self.page.find("#alert").text)
        self.assertEqual(self.page.find("#where").get_attribute("aria-invalid"), "true")

    def test_the_menu_changes_the_index(self):
        if not self.server.plain or self.server.plain is self.server.index:
            self.skipTest("this server has no second index without an encoder")
        name = self.server.plain["name"]
        self.page.find("#in select").send_keys(name)
        self.page.until("new URLSearchParams(location.search).get('i') === arguments[0]", name)
        self.page.settle()
        self.assertIn(f"/v1/{name}/search", [request.path for request in self.gate.searches])
        off = self.page.value("[...document.querySelectorAll('#chips :disabled')].map(box => box.value)")
        self.assertEqual(sorted(off), ["dense", "docid"])
        for box in self.page.driver.find_elements(By.CSS_SELECTOR, "#chips :disabled"):
            reason = self.page.value("document.getElementById(arguments[0]).textContent", box.get_attribute("aria-describedby"))
            self.assertIn("not run", reason)


if __name__ == "__main__":
    unittest.main()
