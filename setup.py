"""Packaging: `rules/`, `parsers/` and `combiners/` enter the package through the symlinks in `src/nopage`.

The manual page and the completions are made at build by `packaging/share.py`.
"""
from __future__ import annotations

import os
import runpy
import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.sdist import sdist

from distutils.command.install_data import install_data  # isort: skip  (setuptools brings it)

HERE = Path(__file__).parent
ABOUT: dict[str, str] = {}
exec((HERE / "src" / "nopage" / "version.py").read_text(encoding="utf-8"), ABOUT)

TEST = [
    "pytest>=8",
    "pytest-xdist>=3",
    "pytest-benchmark>=4",
    "hypothesis>=6",
    "ruff>=0.4",
    "mypy>=1.10",
    "types-PyYAML",
    "jsonschema>=4",
    "jsonschema-rs>=0.30",  # the same checks a hundred times as quick, for thousands of results
    "markdown-it-py>=3",
    "ansible-core>=2.16",  # the plays are run by it
    "playwright>=1.40",  # drives the distribution's Chromium, downloads none
    "axe-playwright-python>=0.1.4",
    "moto[s3]>=5",  # a storage on loopback, whose server needs Flask
    "flask>=3",
    "flask-cors>=5",
    "s3fs>=2024.2",
    "prometheus-client>=0.20",
    "pandas>=2",  # insights-core's cluster rules
]
VMCORE = ["drgn>=0.0.30"]
REMOTE = ["fsspec>=2024.2"]
FLEET = ["pyarrow>=15", "duckdb>=1", "dask>=2024.2", "distributed>=2024.2", "pebble>=5.0.7", *REMOTE]
MESSAGING = ["insights-core-messaging>=2", "pika>=1.3", "pebble>=5.0.7"]
MCP = ["mcp>=2,<3"]

SHARE = runpy.run_path(str(HERE / "packaging" / "share.py"))
SHARE_FOLDER = Path("build") / "made"


class InstallShare(install_data):  # type: ignore[misc]
    """Makes the files before they are installed; those that cannot be made are left out."""

    def run(self) -> None:
        made = set(SHARE["make"](HERE / SHARE_FOLDER))
        self.data_files = [
            (place, files) for place, files in self.data_files if made.issuperset(path_below(files[0]))
        ]
        super().run()


class Sdist(sdist):  # type: ignore[misc]
    """The floors at the top stay there once: the package has symlinks to them, as in the checkout."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        for floor in ("rules", "parsers", "combiners"):
            inside = Path(base_dir, "src", "nopage", floor)
            shutil.rmtree(inside, ignore_errors=True)
            os.symlink(f"../../{floor}", inside)


def path_below(path: str) -> set[str]:
    """The place below the prefix of a file that was made."""
    return {Path(path).relative_to(SHARE_FOLDER).as_posix()}


setup(
    name="nopage",
    version=ABOUT["__version__"],
    description="Explains the Linux kernel's 'page allocation failure' from a sosreport, archive, log or vmcore",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11",
    package_dir={"": "src"},
    packages=find_packages("src"),
    package_data={
        "nopage": ["py.typed"],
        "nopage.rules.knowledge": ["*.yaml"],
        "nopage.report": ["templates/*", "templates/vendor/*"],
        "nopage.page": ["static/*", "examples/*/*"],
        "nopage.report.languages": ["*.po"],
    },
    install_requires=[
        "insights-core>=3.4",
        "PyYAML>=6",
        "isal>=1.5",
        "msgspec>=0.18",
        "stringzilla>=4",
        "zstandard>=0.22",
        "lzallright>=0.3",
        "cramjam>=2.8",
        "rich>=13",
        "Jinja2>=3",
        "shtab>=1.6",
        "polib>=1.2",  # reads the catalogue of a language that is asked for
    ],
    extras_require={
        "vmcore": VMCORE,
        "remote": REMOTE,
        "fleet": FLEET,
        "messaging": MESSAGING,
        "mcp": MCP,
        "page": [],  # `nopage page` needs npm and node to be made, and no Python package beside nopage's own
        "test": TEST + FLEET + MESSAGING + MCP,
        "all": VMCORE + FLEET + MESSAGING + MCP,
    },
    data_files=[(str(Path(name).parent), [str(SHARE_FOLDER / name)]) for name in SHARE["files"]()],
    cmdclass={"install_data": InstallShare, "sdist": Sdist},
    entry_points={"console_scripts": ["nopage = nopage.cli.main:run"]},
    classifiers=[
        "Environment :: Console",
        "Intended Audience :: System Administrators",
        "License :: OSI Approved :: Apache Software License",
        "Operating System :: POSIX :: Linux",
        "Programming Language :: Python :: 3",
        "Topic :: System :: Operating System Kernels :: Linux",
        "Typing :: Typed",
    ],
)
