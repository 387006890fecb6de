"""Packaging: `rules/`, `parsers/` and `combiners/` enter the package through the symlinks in `src/nopage`."""
from __future__ import annotations

from pathlib import Path

from setuptools import find_packages, setup

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
]
VMCORE = ["drgn>=0.0.30"]
REMOTE = ["fsspec>=2024.2"]
FLEET = ["pyarrow>=15", "duckdb>=1", "dask>=2024.2", "distributed>=2024.2", "pebble>=5.0.7", *REMOTE]

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
    ],
    extras_require={
        "vmcore": VMCORE,
        "remote": REMOTE,
        "fleet": FLEET,
        "test": TEST + FLEET,
        "all": VMCORE + FLEET,
    },
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
