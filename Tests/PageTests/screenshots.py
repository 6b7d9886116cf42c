"""Pictures of the states for a person to look at: screenshots.py FOLDER."""

import pathlib
import sys

import states
from browser import PageTest, teardown


def main(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for state in states.PICTURES:
        for theme in ("light", "dark"):
            # A test that checks nothing gives the states what they ask for: page, gate and server.
            test = PageTest()
            test.setUp()
            test.page.theme(theme)
            for width in (360, 800, 1400):
                test.page.size(width)
                state(test)
                test.page.picture(folder / f"{state.__name__}-{width}-{theme}.png", width)
            test.doCleanups()
    teardown()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: screenshots.py FOLDER")
    main(sys.argv[1])
