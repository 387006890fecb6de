"""What nopage did not make is neither removed nor overwritten nor served; what it made is made anew in place."""
from __future__ import annotations

from pathlib import Path

import pytest

from nopage.cli.commands.page import main
from nopage.page import inputs
from nopage.page.build import write_list, write_static
from nopage.page.folder import Foreign, is_whole, made_files, must_be_free, names_of, put

FOREIGN_LIST = """const KEPT = "site-" + "1";\nconst FILES = [["index.html", "sha256-x"]];\n"""
OUTSIDE = """const KEPT = "nopage-" + "1";\nconst FILES = [["index.html", "x"], ["../mine.txt", "x"]];\n"""
BROKEN = """const KEPT = "nopage-" + "1";\nconst FILES = [[1, [2]]];\n"""


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """A page without what has to be fetched."""
    folder = tmp_path / "made"
    (folder / "engine").mkdir(parents=True)
    (folder / "engine" / "x.wasm").write_bytes(b"\0asm")
    write_static(folder, [])
    write_list(folder)
    return folder


def tree(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in names_of(folder)}


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"mine.txt": "mine"}, "mine.txt"),
        ({"sw.js": "// a worker of another site"}, "sw.js"),
        ({"sw.js": FOREIGN_LIST, "index.html": "mine"}, "(sw.js|index.html)"),
        ({"sw.js": OUTSIDE, "index.html": "mine"}, "(sw.js|index.html)"),
        ({"sw.js": BROKEN}, "sw.js"),
        ({"index.html": "mine", "_headers": "mine"}, "(index.html|_headers)"),
        ({".git/config": "mine"}, ".git"),
        ({"engine/deep/mine": "mine"}, "engine"),
    ],
    ids=str,
)
def test_a_folder_of_others_is_left_alone(
    tmp_path: Path, files: dict[str, str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "www"
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    before = tree(folder)
    assert main(["--build", "--dir", str(folder)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"nopage: {folder}: holds ")
    assert line.endswith("which nopage did not make; nothing was changed, name another folder by --dir")
    assert tree(folder) == before
    assert made_files(folder) == frozenset()
    with pytest.raises(Foreign, match=f"holds '{named}'"):
        must_be_free(folder)


def test_a_page_to_which_others_added_is_left_alone_but_served(made: Path) -> None:
    (made / "robots.txt").write_text("mine")
    with pytest.raises(Foreign, match=r"holds 'robots\.txt'"):
        must_be_free(made)
    assert is_whole(made)
    assert "robots.txt" not in made_files(made)


def test_no_folder_and_links_are_left_alone(made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("file", "dangling"):
        assert main(["--build", "--dir", str(tmp_path / name)]) == 2
        assert "is no folder" in capsys.readouterr().err
    (made / "app.js").unlink()
    (made / "app.js").symlink_to(tmp_path / "file")
    with pytest.raises(Foreign, match=r"holds 'app\.js'"):
        must_be_free(made)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_new_page_takes_the_place_of_the_old_one(made: Path, tmp_path: Path) -> None:
    for target in (tmp_path / "a" / "new", tmp_path / "empty"):
        if target.name == "empty":
            target.mkdir()
        put(made, target)
        assert tree(target) == tree(made)
    where = (tmp_path / "empty").stat().st_ino
    (made / "engine" / "x.wasm").unlink()
    (made / "engine" / "y.wasm").write_bytes(b"\0asm")
    write_list(made)
    put(made, tmp_path / "empty")
    assert tree(tmp_path / "empty") == tree(made)
    assert (tmp_path / "empty").stat().st_ino == where
    (tmp_path / "link").symlink_to(tmp_path / "empty")
    put(made, tmp_path / "link")
    assert (tmp_path / "link").is_symlink()


def test_one_that_was_interrupted_is_made_again(made: Path) -> None:
    assert is_whole(made)
    (made / "engine" / "x.wasm").unlink()
    assert not is_whole(made)
    must_be_free(made)


@pytest.mark.parametrize("place", ["/proc/nopage", "/dev/null/page"])
def test_where_nothing_can_be_written_is_one_line(
    place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("nopage.page.build.inputs", lambda fetched: {})
    monkeypatch.setattr("nopage.page.build.packs", lambda engine, pyodide: [])
    monkeypatch.delenv(inputs.GIVEN, raising=False)
    assert main(["--build", "--dir", place]) in (2, 3)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("nopage: /")
