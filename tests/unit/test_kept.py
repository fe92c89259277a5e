"""What is kept on disk: read once, and read again when the file or what was kept has changed."""

import pytest

from model import kept as keeping
from model.kept import kept


@pytest.fixture
def source(tmp_path, monkeypatch):
    monkeypatch.setattr(keeping, "cache_root", lambda _: tmp_path / "cache")
    file = tmp_path / "page.txt"
    file.write_text("one")
    return file


def refuse(_):
    raise AssertionError("read again")


def test_the_same_text_is_read_once(source):
    assert kept(source, lambda file: file.read_text()) == "one"
    assert kept(source, refuse) == "one"


def test_a_changed_text_is_read_again(source):
    kept(source, lambda file: file.read_text())
    source.write_text("two")
    assert kept(source, lambda file: file.read_text()) == "two"


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\x80\x04\x95", b"cnowhere\nNothing\n.", b"I1x\n."])
def test_a_damaged_file_costs_nothing_but_time(source, damage):
    kept(source, lambda file: file.read_text())
    (place,) = (source.parent / "cache").iterdir()
    place.write_bytes(damage)
    assert kept(source, lambda file: file.read_text()) == "one"
    assert kept(source, refuse) == "one"
