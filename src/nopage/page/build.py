"""The page's folder: everything that a static host needs, and a list of it with hashes."""
from __future__ import annotations

import base64
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from nopage.kernel.release import RHEL_BASE, minors
from nopage.page.folder import LISTED_BY, UNLISTED, must_be_free, names_of, put, size_of
from nopage.page.inputs import LOCK, MSGSPEC_WHEEL, inputs
from nopage.page.packs import packs
from nopage.page.words import WORDS
from nopage.report.html import LANGUAGE_TAGS, SCRIPTS, STYLES, asset, page_environment
from nopage.report.languages import LANGUAGES
from nopage.report.speaker import speaker
from nopage.version import __version__

HERE: Final = Path(__file__).parent
STATIC: Final = ("app.js", "icon.svg", "page.css", "runner.js", "worker.js")
ENGINE: Final = "engine"  # the folder of Pyodide and the packages
POLICY: Final = "; ".join((
    "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "img-src 'self'",
    "connect-src 'self'", "worker-src 'self' blob:", "base-uri 'none'", "form-action 'none'",
))  # fmt: skip
HEADERS: Final = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
}
EXAMPLES: Final = ("rhel6-jumbo", "rhel9-receive", "rhel8-sleeping")


def build(target: Path) -> int:
    """Make the folder anew; returns its size in bytes. Raises Missing or Foreign, and then nothing was changed."""
    must_be_free(target)
    with tempfile.TemporaryDirectory(prefix="nopage-page-") as work:
        fetched = Path(work) / "fetched"
        fetched.mkdir()
        made = Path(work) / "page"
        engine = made / ENGINE
        engine.mkdir(parents=True)
        for name, path in inputs(fetched).items():
            shutil.copyfile(path, engine / name)
        archives = [MSGSPEC_WHEEL, *(path.name for path in packs(engine, engine))]
        write_static(made, archives)
        write_list(made)
        put(made, target)
        return size_of(target, names_of(made))


def write_static(folder: Path, archives: list[str]) -> None:
    """The page itself."""
    for name in STATIC:
        shutil.copyfile(HERE / "static" / name, folder / name)
    (folder / "report.css").write_text("".join(map(asset, STYLES)), encoding="utf-8")
    (folder / "report.js").write_text("".join(map(asset, SCRIPTS)), encoding="utf-8")
    (folder / "charts.LICENSE").write_text(asset("vendor/charts.LICENSE"), encoding="utf-8")
    given = {
        "words": {language: spoken(language) for language in LANGUAGES},
        "tags": LANGUAGE_TAGS,
        "archives": archives,
        "lock": LOCK,
        "examples": [example(name) for name in EXAMPLES],
    }
    (folder / "given.js").write_text(f"export const GIVEN = {json.dumps(given)};\n", encoding="utf-8")
    index = page_environment().from_string((HERE / "static" / "index.html").read_text(encoding="utf-8")).render(
        words=spoken("en"), policy=POLICY, releases=releases(), version=__version__, languages=LANGUAGES,
    )
    (folder / "index.html").write_text(index, encoding="utf-8")
    lines = "".join(f"  {name}: {value}\n" for name, value in HEADERS.items())
    (folder / "_headers").write_text(f"/*\n{lines}", encoding="utf-8")


def releases() -> list[str]:
    """What can be typed as a kernel: every minor of RHEL."""
    return [f"RHEL {minor}" for generation in RHEL_BASE.values() for minor in minors(generation)]


def spoken(language: str) -> dict[str, str]:
    """What the page says, in one language; places for what is known later stay as they are."""
    speak = speaker(language)
    return {name: speak(message) for name, message in WORDS.items()}


def example(name: str) -> dict[str, str]:
    """The texts of one example by their names."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted((HERE / "examples" / name).iterdir())}


def write_list(folder: Path) -> None:
    """The service worker, with the name and hash of every file that it keeps."""
    files: list[list[Any]] = [
        [name, integrity(folder / name)] for name in sorted(names_of(folder) - UNLISTED)
    ]
    text = (HERE / "static" / LISTED_BY).read_text(encoding="utf-8")
    version = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:16]
    listed = text.replace('"VERSION"', json.dumps(version)).replace('"FILES"', json.dumps(files))
    (folder / LISTED_BY).write_text(listed, encoding="utf-8")


def integrity(path: Path) -> str:
    """The hash of a file as a browser wants it."""
    return "sha256-" + base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()
