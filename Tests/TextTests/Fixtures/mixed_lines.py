"""Lines of mixed-script text from a seed. `MixedLines.swift` makes the same ones.

A line is one to twelve segments, most followed by a space. Every choice is `below(n)`, the next
SplitMix64 number of the line's own generator modulo n.
"""

WORDS = """the of and to in is for that it with as was on by are this be from or have an not which
one search index query document token language model retrieval because between through different
important information international understanding unbelievable running jumped quickly happiness
state-of-the-art e-mail HTTP JSON iPhone McDonald naïve café Zürich""".split()
CONTRACTIONS = ["don't", "I'm", "we'll", "THEY'RE", "he'd", "it's", "You've", "'tis", "O'Neil's",
                "DON'T", "i\u2019m", "'", "''", "'S", "'\u017f"]
SPACES = [" ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", "\r", "\u00a0", "\u3000", "\u2028",
          "\u200b", "\u0085", " \n ", "      ", "\u2009", "\u1680", "\u180e"]
ESCAPES = ["\\n", "\\t", "\\u00e9", "\\x41", "%20", "&amp;", "C:\\temp\\new", "https://a.example/b?c=d#e",
           "{\"a\": [1, 2.5e-3]}", "x += 1; // y", "<b>bold</b>", "user@mail.example"]
EMOJI = ["\U0001f600", "\U0001f44d\U0001f3fd", "\U0001f468\u200d\U0001f469\u200d\U0001f467",
         "\U0001f1e9\U0001f1ea", "\u2764\ufe0f", "\u263a", "1\ufe0f\u20e3", "\U0001f3f4\u200d\u2620\ufe0f",
         "\U0001f1e9", "\u200d", "\u2708"]
MARKED = ["e\u0301", "n\u0303", "a\u0308\u0323", "\u0301", "o\u0302\u0301", "c\u0327", "\u212b", "\u1e9b\u0323",
          "\u01d5", "\u0958", "\u0344", "s\u0323\u0307", "\u1100\u1161\u11a8", "\uac00\u11a8", "I\u0307",
          "\u03b1\u0345\u0301", "d\u0307\u0323x", "\u0915\u093c"]
ODD = ["<s>", "</s>", "<unk>", "<pad>", "<mask>", "[CLS]", "[SEP]", "[MASK]", "<|endoftext|>",
       "\u2581", "\u2581\u2581a", "<0x41>", "\u0120", "##ing", "\ufb01", "\u2460", "\uff21\uff42\uff11",
       "\u00bd", "\u2167", "\u33a5", "\ufdfa", "\u00ad", "\u2122", "\u3392", "\uff76\uff9e", "\u1d2c", "\ufffd",
       "\u0130", "\u1e9e", "\u03a3\u03c3\u03c2", "\u017f", "\u2026", "\u00aa", "\ue000", "\U000f0000", "<extra>"]
CONTROLS = ["\0", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x80", "\x9f", "\u200e",
            "\u202e", "\u2060", "\ufeff", "\x1f"]
PUNCTUATION = ".,;:!?-_()[]{}<>@#$%^&*+=/\\|~`\"'\u2013\u2014\u201c\u201d\u2018\u00ab\u00bb\u00bf\u3002\u3001\u060c\u0964"

# First scalar and number of scalars.
LATIN = (0x00C0, 0x1C0)
GREEK = (0x0391, 0x39)
CYRILLIC = (0x0400, 0x100)
HAN = (0x4E00, 0x1000)
KANA = (0x3041, 0xB6)
ARABIC = (0x0620, 0x40)
HEBREW = (0x05B0, 0x3B)
DEVANAGARI = (0x0900, 0x70)
TAMIL = (0x0B82, 0x70)
THAI = (0x0E01, 0x5B)
HANGUL = (0xAC00, 0x2BA4)
MATHEMATICAL = (0x1D400, 0x100)
DIGITS = [0x30, 0x660, 0x966, 0xFF10, 0x2070, 0x2160]

MASK = (1 << 64) - 1


class Generator:
    def __init__(self, seed):
        self.state = seed & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, n):
        return self.next() % n

    def pick(self, items):
        return items[self.below(len(items))]

    def run(self, block, longest):
        return "".join(chr(block[0] + self.below(block[1])) for _ in range(1 + self.below(longest)))


def segment(g):
    kind = g.below(28)
    if kind < 9:
        word = g.pick(WORDS)
        case = g.below(8)
        return word[:1].upper() + word[1:] if case == 0 else word.upper() if case == 1 else word
    if kind == 9:
        return g.run((0x61, 26), 12)
    if kind == 10:
        start = g.pick(DIGITS) if g.below(4) == 0 else 0x30
        return "".join(chr(start + g.below(10)) for _ in range(1 + g.below(7)))
    if kind == 11:
        return "".join(g.pick(PUNCTUATION) for _ in range(1 + g.below(4)))
    if kind == 12:
        return g.pick(CONTRACTIONS)
    if kind == 13:
        return g.pick(SPACES)
    if kind == 14:
        return g.pick(ESCAPES)
    if kind == 15:
        return "".join(g.pick(EMOJI) for _ in range(1 + g.below(3)))
    if kind == 16:
        return g.run((0x61, 26), 3) + g.pick(MARKED) + g.run((0x61, 26), 3)
    if kind == 17:
        return g.pick(ODD)
    if kind == 18:
        return g.pick(CONTROLS)
    if kind == 19:
        return g.run(g.pick([LATIN, GREEK, CYRILLIC]), 8)
    if kind == 20:
        return g.run(g.pick([HAN, KANA]), 6)
    if kind == 21:
        return g.run(g.pick([ARABIC, HEBREW]), 7)
    if kind == 22:
        return g.run(g.pick([DEVANAGARI, TAMIL]), 7)
    if kind == 23:
        return g.run(THAI, 9)
    if kind == 24:
        return g.run(HANGUL, 4)
    if kind == 25:
        return g.run(MATHEMATICAL, 4)
    if kind == 26:
        return g.pick(WORDS) + g.pick(MARKED)
    return g.pick(WORDS) + g.pick(PUNCTUATION)


def line(number):
    g = Generator(0x6D69786564 + number)
    text = ""
    for _ in range(1 + g.below(12)):
        text += segment(g)
        if g.below(5) > 0:
            text += " "
    return text
