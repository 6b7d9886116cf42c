"""Why an answer was found: by keyboard alone, and equal to the server's JSON."""

import unittest

from browser import Keys, PageTest


def shown(number):
    """A number as the page writes it."""
    size = abs(number)
    return f"{number:.{1 if size >= 100 else 2 if size >= 10 else 3}f}".replace("-", "−")


def utf16(text, start, end):
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


class WhyTests(PageTest):
    QUERY = "harbour lamp soot"

    def open_by_keyboard(self, query):
        self.page.open(q=query, **self.at)
        self.page.find("#q").send_keys(Keys.ARROW_DOWN)
        self.page.type(Keys.ENTER)
        self.page.until("document.querySelector('.panel section')")
        docid = self.page.find(".hit").get_attribute("data-id")
        return self.explanation(query, docid)

    def test_bars_sum_to_the_score(self):
        answer = self.open_by_keyboard(self.QUERY)
        score = answer["explanation"]["score"]
        rows = self.page.value(
            "[...document.querySelector('.panel table').querySelectorAll('tbody tr')].map(row => [row.cells[4].textContent,"
            " parseFloat(row.querySelector('i').style.width)])")
        self.assertEqual([text for text, _ in rows], [shown(part["contribution"]) for part in score["parts"]])
        total = self.page.value("document.querySelector('.panel tfoot tr').cells[4].textContent")
        self.assertEqual(total, shown(score["total"]))
        sum_of_bars = sum(float(text.replace("−", "-")) for text, _ in rows)
        self.assertAlmostEqual(sum_of_bars, score["total"], delta=0.0006 * len(rows))
        # Bars are as long as what they stand for.
        largest = max(abs(part["contribution"]) for part in score["parts"])
        longest = max(width for _, width in rows)
        for part, (_, width) in zip(score["parts"], rows):
            self.assertAlmostEqual(width / longest, abs(part["contribution"]) / largest, delta=0.01, msg=part["name"])

    def test_bar_of_a_hit_is_its_score(self):
        self.page.open(q=self.QUERY, **self.at)
        hits = self.server.post(f"/v1/{self.server.index['name']}/search", {"query": self.QUERY, "hits": 10})["candidates"]
        gain = lambda hit: sum(max(0, part["contribution"]) for part in hit["retrievers"].values()) + max(
            0, (hit.get("rerank") or {}).get("contribution", 0))
        best = max(gain(hit) for hit in hits)
        widths = self.page.value(
            "[...document.querySelectorAll('.bar')].map(bar => [...bar.querySelectorAll('.seg')].reduce((sum, one) => sum + parseFloat(one.style.width), 0))")
        for hit, width in zip(hits, widths, strict=True):
            self.assertAlmostEqual(width, 100 * max(0, hit["score"]) / best, delta=0.5, msg=hit["docid"])

    def test_marks_are_the_spans_of_the_keys(self):
        for query in (self.QUERY, "Brunnen Trinkwasser Winter"):  # The second passage has a character of two UTF-16 units.
            answer = self.open_by_keyboard(query)
            keys = sorted(answer["explanation"].get("keys", []), key=lambda key: -(key.get("weight") or 0))
            whole = "document.querySelector('.text').cloneNode(true)"
            self.page.script(f"window.bare = {whole}; bare.querySelectorAll('sup').forEach(node => node.remove())")
            self.assertEqual(self.page.value("bare.textContent"), answer["title"] + answer["text"])
            self.assertEqual(self.page.texts(".keys button"), [key["text"].strip() for key in keys])
            expected = [(n, part, span) for n, key in enumerate(keys) for part, spans in key.get("spans", {}).items() for span in spans]
            self.assertTrue(expected, "no key stands in the passage")
            for part, text, root in (("title", answer["title"], "bare.querySelector('b')"), ("text", answer["text"], "bare")):
                for n in range(len(keys)):
                    places = sorted(span for m, where, span in expected if m == n and where == part)
                    marked = self.page.value(
                        f"[...{root}.querySelectorAll('mark')].filter(mark => mark.dataset.k.split(' ').includes('k{n}')"
                        f" && !!mark.closest('b') === {str(part == 'title').lower()}).map(mark => mark.textContent).join('')")
                    covered = sorted({at for start, end in places for at in range(start, end)})
                    self.assertEqual(marked, "".join(utf16(text, start, end) for start, end in stretches(covered)), keys[n]["text"])

    def test_key_and_places_point_at_each_other(self):
        self.open_by_keyboard(self.QUERY)
        self.page.script("document.querySelector('.keys button').focus()")
        lit = self.page.value("[...document.querySelectorAll('.text mark')].map(mark => [mark.dataset.k.split(' ').includes('k0'), mark.classList.contains('on')])")
        self.assertIn([True, True], lit)
        self.assertTrue(all(has == on for has, on in lit), lit)
        # From the text: the number behind a place leads to its key.
        self.page.script("document.querySelector('.text sup button').focus()")
        self.assertIn("on", self.page.value("document.querySelector('.keys li').className"))
        self.page.type(Keys.ENTER)
        self.assertEqual(self.page.focused().get_attribute("data-key"), "0")
        self.page.type(Keys.ENTER)
        self.assertEqual(self.page.focused().get_attribute("aria-pressed"), "true")

    def test_tree_has_the_path_of_the_json(self):
        if not self.server.runs("docid"):
            self.skipTest("docids do not run on this index")
        docid = self.open_by_keyboard(self.QUERY)["explanation"]["docid"]
        levels = docid["levels"]
        names = [level.get("title") or f"node {level['token']}" for level in levels]
        self.assertEqual(len(self.page.texts(".path > li")), len(levels))
        for level, text in zip(levels, self.page.texts(".path > li")):
            self.assertTrue(text.startswith(level.get("title") or f"node {level['token']}"), text)
            for other in level.get("others", []):
                self.assertIn(other.get("title") or f"node {other['token']}", text)
        label = self.page.find(".tree").get_attribute("aria-label")
        for name in names:
            self.assertIn(name, label)
        self.assertEqual(len(self.page.texts(".tree .ring")), sum(len(level.get("others", [])) for level in levels))
        self.assertIn(" – ".join(str(level["token"]) for level in levels), self.page.find(".panel").text)
        if docid.get("text"):
            self.assertTrue(self.page.find("blockquote").text.endswith(docid["text"].strip()))

    def test_words_of_bm25(self):
        terms = self.open_by_keyboard(self.QUERY)["explanation"]["terms"]
        rows = self.page.value("[...[...document.querySelectorAll('.panel table')].at(-1).querySelectorAll('tbody tr')].map(row => [...row.cells].slice(0, 3).map(cell => cell.textContent))")
        self.assertEqual(rows, [[term["term"], f"{term['idf']:.2f}", f"{term['contribution']:.2f}"] for term in terms])

    def test_the_keys_of_the_keyboard(self):
        self.page.open(q=self.QUERY, **self.at)
        self.page.script("document.activeElement.blur()")
        position = "[...document.querySelectorAll('.hit')].indexOf(document.activeElement)"
        self.page.type("j")
        self.assertEqual(self.page.value(position), 0)
        self.page.type("j", Keys.ARROW_DOWN, "k")
        self.assertEqual(self.page.value(position), 1)
        self.page.type("e")
        self.page.until("document.querySelector('.panel section')")
        self.page.type(Keys.ESCAPE)
        self.assertEqual(self.page.value("document.querySelectorAll('.panel:not([hidden])').length"), 0)
        self.assertEqual(self.page.focused().get_attribute("class"), "why")
        self.page.type("t")
        self.assertEqual(self.page.value("document.documentElement.dataset.theme"), "dark")
        self.page.type("?")
        self.assertTrue(self.page.find("#help").is_displayed())
        self.page.type(Keys.ESCAPE)
        self.assertFalse(self.page.find("#help").is_displayed())
        self.page.type("/")
        self.assertEqual(self.page.focused().get_attribute("id"), "q")
        self.page.type("jet?")  # In a text field letters are letters.
        self.assertEqual(self.page.find("#q").get_attribute("value"), "jet?")
        self.page.driver.refresh()
        self.assertEqual(self.page.value("document.documentElement.dataset.theme"), "dark")


def stretches(places):
    """Consecutive numbers as (first, past the last)."""
    found = []
    for place in places:
        if found and found[-1][1] == place:
            found[-1][1] = place + 1
        else:
            found.append([place, place + 1])
    return found


if __name__ == "__main__":
    unittest.main()
