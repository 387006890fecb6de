"""The page's folder, built once; skipped, and said why, where what it is made from cannot be had."""
from __future__ import annotations

from pathlib import Path

import pytest

from nopage.page.build import build
from nopage.page.inputs import Missing


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as it goes to a static host."""
    folder = tmp_path_factory.mktemp("page") / "page"
    try:
        build(folder)
    except Missing as why:
        pytest.skip(f"the page cannot be built here: {why}")
    return folder
