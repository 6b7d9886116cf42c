"""Says what pyproject.toml cannot: the version, which is genret's, and that the wheel is for one platform and any Python."""

import os

from setuptools import setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.dist import Distribution


class Wheel(bdist_wheel):
    def get_tag(self):
        return ("py3", "none", os.environ["GENRET_WHEEL_PLATFORM"])


class WithLibrary(Distribution):
    """Has a library in it, which is not built here."""

    def has_ext_modules(self):
        return True


setup(version=os.environ["GENRET_WHEEL_VERSION"], cmdclass={"bdist_wheel": Wheel}, distclass=WithLibrary)
