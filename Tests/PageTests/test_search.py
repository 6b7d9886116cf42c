"""Searching, the address, and what comes late."""

import time
import unittest

from browser import Keys, PageTest


class SearchTests(PageTest):
    def test_search_shows_marks_and_survives_a_reload(self):
        self.page.open(**self.at)
        self.page.find("#q").send_keys("harbour lamp soot")  # No Enter: it searches as one types.
        self.page.until("document.querySelector('.hit')")
        self.page.settle()
        self.assertEqual(self.page.titles[0], "Relighting the harbour lamp")
        marked = " ".join(self.page.texts(".hit:first-child .snip mark")).lower()
        for word in ("harbour", "lamp", "soot"):
            self.assertIn(word, marked)
        self.assertEqual(self.page.state["q"], "harbour lamp soot")
        self.assertRegex(self.page.find("#status").text, r"^\d+ answers? in [\d.]+ ms$")
        before = self.page.titles
        self.page.driver.refresh()
        self.page.until("document.querySelector('.hit')")
        self.assertEqual(self.page.titles, before)
        self.assertEqual(self.page.find("#q").get_attribute("value"), "harbour lamp soot")

    def test_shows_what_the_server_answers(self):
        self.page.open(q="fish soup", **self.at)
        answer = self.server.post(f"/v1/{self.server.index['name']}/search", {"query": "fish soup", "hits": 10})
        self.assertEqual(self.page.titles, [hit["title"] or hit["docid"] for hit in answer["candidates"]])
        for retriever in self.server.index["retrievers"]:
            if self.server.runs(retriever):
                listed = sum(hit["retrievers"].get(retriever, {}).get("rank") is not None for hit in answer["candidates"])
                shown = self.page.value("parseInt(document.querySelector(`.chip:has([value=${arguments[0]}]) .n`).textContent)", retriever)
                self.assertEqual(shown, listed, retriever)

    def test_back_leads_to_the_question_before(self):
        self.page.open(**self.at)
        self.page.ask("harbour lamp")
        first = self.page.titles
        self.page.ask("night train cooks")
        self.assertNotEqual(self.page.titles, first)
        self.page.driver.back()
        self.page.until("document.querySelector('#q').value === 'harbour lamp'")
        self.page.until("document.querySelector('.hit h2')?.textContent === arguments[0]", first[0])
        self.assertEqual(self.page.titles, first)

    def test_an_answer_that_comes_late_is_dropped(self):
        self.page.open(**self.at)
        self.gate.delays["beehive"] = 1.5
        box = self.page.find("#q")
        box.send_keys("beehive")
        deadline = time.monotonic() + 5
        while not any(request.get("postData", "").find("beehive") > 0 for request in self.page.sent()):
            self.assertLess(time.monotonic(), deadline, "the first question was never asked")
            time.sleep(0.02)
        box.clear()
        box.send_keys("fish soup", Keys.ENTER)
        self.page.until("document.querySelector('.hit h2')?.textContent === 'Fish soup for a stormy evening'")
        # The other answer is still to come. Then it must have left no trace.
        deadline = time.monotonic() + 15
        while "beehive" not in [request.body["query"] for request in self.gate.searches]:
            self.assertLess(time.monotonic(), deadline, "the first question was never answered")
            time.sleep(0.05)
        time.sleep(0.5)
        self.assertEqual(self.page.titles[0], "Fish soup for a stormy evening")

    def test_what_is_typed_before_the_page_knows_its_indexes_is_asked_then(self):
        self.gate.delays["/v1/indexes"] = 1
        self.page.driver.get(self.page.origin + "/" + "".join(f"?{key}={value}" for key, value in self.at.items()))
        self.page.find("#q").send_keys("fish soup", Keys.ENTER)
        self.page.until("document.querySelector('.hit')")
        self.assertEqual(self.page.titles[0], "Fish soup for a stormy evening")
        self.assertEqual(self.page.state["q"], "fish soup")

    def test_example_questions_begin_a_search(self):
        examples = self.server.index.get("examples", [])[:3]
        if not examples:
            self.skipTest("this server gives no examples")
        self.page.open(**self.at)
        self.assertEqual(self.page.texts(".try a"), examples)
        self.page.find(".try a").click()
        self.page.until("document.querySelector('.hit')")
        self.assertEqual(self.page.state["q"], examples[0])
        self.assertEqual(self.page.titles[0], examples[0])

    def test_more_answers_keep_what_is_open(self):
        self.page.open(q="the harbour", **self.at)
        self.assertEqual(len(self.page.titles), 10)
        self.page.open_why()
        self.page.find(".more").click()
        self.page.until("document.querySelectorAll('.hit').length > 10")
        self.assertEqual(self.gate.searches[-1].body["hits"], 20)
        self.assertTrue(self.page.find(".panel").is_displayed())
        self.assertEqual(self.page.state["n"], "20")
        self.assertEqual(self.page.focused().get_attribute("class"), "hit")

    def test_nothing_found_is_said(self):
        self.page.open(q="harbour", where="year > 3000", **self.at)
        self.assertEqual(self.page.titles, [])
        self.assertIn("Nothing found", self.page.find("#out h2").text)
        self.assertIn("filter", self.page.find("#out").text)


if __name__ == "__main__":
    unittest.main()
