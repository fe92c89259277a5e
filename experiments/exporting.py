"""Pictures as files: SVG, PNG and CSV, each with its passport, and how a passport is read out of each."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from html import escape, unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.errors import BadInput, Problem
from experiments.passport import Passport, digest_of, parsed, text_of
from experiments.storing import whole_files, write_whole

if TYPE_CHECKING:
    from experiments.report_sections import Picture

FORMATS = ("svg", "png", "csv")
KEYWORD = b"prosuming-passport"
"""Of the tEXt chunk in a PNG file."""
METADATA = re.compile(r"<metadata id=\"prosuming-passport\">(.*?)</metadata>", re.DOTALL)
COMMENT = "# prosuming-passport: "
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
NOT_DATA = ("text", "rule")
"""Marks that repeat what others show: words at the ends of lines, lines of reference."""
LARGEST_FILE = 100_000_000
Rows = list[dict[str, Any]]


def export(
    picture: Picture, passport: Passport, folder: Path, formats: Sequence[str] = FORMATS
) -> list[Path]:
    """Write one picture in each format and return the paths."""
    from experiments.theme import spec_of, to_png, to_svg

    spec = spec_of(picture.chart)
    table = csv_of(spec)
    own = {**passport, "figure": picture.stem, "caption": picture.caption, "data_digest": digest_of(table)}
    own["drawn_with"] = drawing_software()
    paths = [folder / f"{picture.stem}.{ending}" for ending in formats]
    for path in paths:
        if path.suffix == ".svg":
            write_whole(path, svg_with(to_svg(spec, picture.caption), {**own, "data": table}))
        elif path.suffix == ".csv":
            write_whole(path, csv_with(table, own))
        else:
            with whole_files(path) as (temporary,):
                temporary.write_bytes(png_with(to_png(spec), {**own, "data": table}))
    return paths


def drawing_software() -> str:
    """Return what draws pictures, with its version: another one may draw the same numbers otherwise."""
    from importlib.metadata import version

    return f"vl-convert {version('vl-convert-python')}, altair {version('altair')}"


def drawn_again(picture: Picture, suffix: str) -> str:
    """Return the digest of a picture's drawing, as its passport has it."""
    from experiments.theme import spec_of, to_png, to_svg

    spec = spec_of(picture.chart)
    if suffix == ".png":
        return digest_of(to_png(spec))
    return digest_of(to_svg(spec, picture.caption))


def svg_with(svg: str, passport: Passport) -> str:
    """Return an SVG picture with its passport as metadata."""
    own = {**passport, "drawing_digest": digest_of(svg)}
    element = f'<metadata id="{KEYWORD.decode()}">{escape(text_of(own))}</metadata>'
    return svg.replace("</title>", f"</title>{element}", 1)


def without_passport(svg: str) -> str:
    """Return an SVG picture as it was before it got a passport."""
    return METADATA.sub("", svg, count=1)


def csv_with(table: str, passport: Passport) -> str:
    """Return a table with its passport in comment lines, which `comment="#"` makes pandas skip."""
    runs = f"{passport['runs']} runs at {passport['design_points']} design points"
    said = [
        passport["caption"],
        f"experiment {passport['experiment']}, hash {passport['hash']}",
        f"model version {passport['model_version']}; {runs}; {passport['interval']}",
    ]
    lines = ["# " + " ".join(line.split()) for line in said]
    own = {**passport, "heading_digest": digest_of("\n".join(lines))}
    return "\n".join([*lines, COMMENT + text_of(own), table])


def png_with(image: bytes, passport: Passport) -> bytes:
    """Return a PNG picture with its passport in a tEXt chunk before its pixels."""
    own = {**passport, "drawing_digest": digest_of(image)}
    body = b"tEXt" + KEYWORD + b"\0" + text_of(own).encode("ascii")
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    first = len(PNG_SIGNATURE) + 25  # IHDR: length, name, 13 bytes, check sum
    return image[:first] + chunk + image[first:]


def csv_of(spec: dict[str, Any]) -> str:
    """Return the data behind a chart as one table: the mark that shows a row, then the row's own columns."""
    rows = list(_rows_of(spec))
    names = list(dict.fromkeys(name for row in rows for name in row))
    shown = [name for name in names if not _is_colour([row.get(name) for row in rows])]
    text = io.StringIO()
    writer = csv.DictWriter(text, shown, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _is_colour(values: Sequence[Any]) -> bool:
    said = [value for value in values if value is not None]
    return bool(said) and all(
        isinstance(value, str) and re.fullmatch(r"#[0-9A-Fa-f]{6}", value) for value in said
    )


def _rows_of(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the rows of every mark, panel by panel; rows that two marks of a panel share come once."""
    seen: set[str] = set()
    panels = {panel for panel, *_ in _marks(spec, "", spec.get("datasets", {}), None)}
    for panel, mark, rows in _marks(spec, "", spec.get("datasets", {}), None):
        content = panel + json.dumps(rows, sort_keys=True, default=str)
        if mark in NOT_DATA or content in seen:
            continue
        seen.add(content)
        for row in rows:
            yield {**({"panel": panel} if len(panels) > 1 else {}), "mark": mark, **row}


def _marks(
    spec: dict[str, Any], panel: str, datasets: dict[str, Rows], inherited: Rows | None
) -> Iterator[tuple[str, str, Rows]]:
    """Yield panel, mark and rows of every mark in a specification; lines before the bands around them."""
    title = spec.get("title")
    said = title.get("text", "") if isinstance(title, dict) else title
    parts = [part for key in ("layer", "hconcat", "vconcat", "concat") for part in spec.get(key, [])]
    parts += [spec["spec"]] if "spec" in spec else []
    single = len(spec.get("vconcat", [])) == 1
    here = panel if not said or single else str(said if isinstance(said, str) else " ".join(said))
    rows = _inline(spec.get("data"), datasets, inherited)
    mark = spec.get("mark")
    if mark is not None and rows is not None:
        yield here, str(mark.get("type") if isinstance(mark, dict) else mark), rows
    found = [entry for part in parts for entry in _marks(part, here, datasets, rows)]
    yield from sorted(found, key=lambda entry: entry[1] == "area")


def _inline(data: Any, datasets: dict[str, Rows], inherited: Rows | None) -> Rows | None:
    if not isinstance(data, dict):
        return inherited
    values = data.get("values", datasets.get(data.get("name", "")))
    return [row if isinstance(row, dict) else {"value": row} for row in values] if values else inherited


class Export:
    """An exported file as `verify` finds it: passport, data, drawing.

    Parameters
    ----------
    data : the table, as text.
    drawing : digest of the picture without its passport; None for a table.
    """

    def __init__(self, path: Path, passport: Passport, data: str, drawing: str | None) -> None:
        self.path, self.passport, self.data, self.drawing = path, passport, data, drawing
        self.heading: str | None = None

    @property
    def faults(self) -> list[str]:
        """What has been changed since the file was written."""
        found = []
        if digest_of(self.data) != self.passport["data_digest"]:
            found.append("its numbers are not those that were exported")
        if self.drawing is not None and self.drawing != self.passport.get("drawing_digest"):
            found.append("its drawing is not the one that was exported")
        if self.heading is not None and self.heading != self.passport.get("heading_digest"):
            found.append("its heading, or a comment in it, is not the one that was exported")
        return found


def read_export(path: Path) -> Export:
    """Return an exported file; raise `BadInput` when it is none of ours."""
    readers = {".svg": _read_svg, ".png": _read_png, ".csv": _read_csv}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        what = "this is no exported picture or table"
        raise BadInput(Problem(what, "an SVG, PNG or CSV file, or a results folder", where=str(path)))
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadInput(
                Problem("the file is too large", f"at most {LARGEST_FILE:,} bytes", where=str(path))
            )
        return reader(path, path.read_bytes())
    except OSError as error:
        raise BadInput(Problem(f"the file cannot be read ({error.strerror})", where=str(path))) from None


def _no_passport(path: Path) -> BadInput:
    what = "this file carries no passport of this software"
    return BadInput(Problem(what, "a file that `report` or `run` has written", where=str(path)))


def _read_svg(path: Path, content: bytes) -> Export:
    text = content.decode("utf-8", errors="replace")
    found = METADATA.search(text)
    if found is None:
        raise _no_passport(path)
    passport = parsed(unescape(found[1]), str(path))
    drawing = text[: found.start()] + text[found.end() :]
    return Export(path, passport, str(passport.get("data", "")), digest_of(drawing))


def _read_csv(path: Path, content: bytes) -> Export:
    text = content.decode("utf-8", errors="replace").replace("\r\n", "\n")
    lines = text.split("\n")
    said = [line for line in lines if line.startswith(COMMENT)]
    if not said:
        raise _no_passport(path)
    passport = parsed(said[0].removeprefix(COMMENT), str(path))
    heading = [line for line in lines if line.startswith("#") and not line.startswith(COMMENT)]
    found = Export(path, passport, "\n".join(line for line in lines if not line.startswith("#")), None)
    found.heading = digest_of("\n".join(heading))
    return found


def _read_png(path: Path, content: bytes) -> Export:
    if not content.startswith(PNG_SIGNATURE):
        raise _no_passport(path)
    at, kept, text = len(PNG_SIGNATURE), [PNG_SIGNATURE], None
    while at + 8 <= len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        chunk = content[at : at + 12 + length]
        if chunk[4:8] == b"tEXt" and chunk[8:].startswith(KEYWORD + b"\0"):
            text = chunk[8 + len(KEYWORD) + 1 : -4]
        else:
            kept.append(chunk)
        at += 12 + length
    if text is None:
        raise _no_passport(path)
    passport = parsed(text.decode("ascii", errors="replace"), str(path))
    return Export(path, passport, str(passport.get("data", "")), digest_of(b"".join(kept)))
