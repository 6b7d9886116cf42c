"""genret's source of random choices, so that batches are those of genret's own trainings."""

MASK = (1 << 64) - 1


class SeededGenerator:
    """SplitMix64 (Steele, Lea, Flood 2014), as genret and Swift's library use it."""

    def __init__(self, seed, stream=0):
        self.state = seed & MASK
        if stream:
            self.state = (self.state + stream * 0xD1342543DE82EF95) & MASK
            self.state = self.next()

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, bound, bits=64):
        """A number in 0..<bound by Lemire's method (2019) in words of so many bits."""
        mask = (1 << bits) - 1
        product = (self.next() & mask) * bound
        if product & mask < bound:
            least = ((1 << bits) - bound) % bound
            while product & mask < least:
                product = (self.next() & mask) * bound
        return product >> bits

    def unit(self):
        """A number in 0..<1."""
        return (self.next() >> 11) * 2.0 ** -53


def batch_generator(plan, step, part):
    """The source of one batch of a run."""
    stream = step * plan["accumulation"] + part + 1
    return SeededGenerator(SeededGenerator(int(plan["seed"]), stream).next())
