"""The month pass in C: compiled here, fed with the same columns, put in the place of the compiled pass.

The structs of `month.c` are written from the Python declarations, so that a column that changes its type
or its order changes in C too; a column that is renamed makes the compiler say so.
"""

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from agents import columns, demography, ledger, tile
from agents.rules import acceptance

SOURCE = Path(__file__).with_name("month.c")
#: No flag that changes a result: no contraction; traps and errno, which numba does not know either, are off.
FLAGS = (
    "-std=gnu11", "-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math",
    "-fopenmp", "-fPIC", "-shared",
)  # fmt: skip
#: Structs in the order of the arguments of `live_a_month`; counts are one per block.
STRUCTS = ("Pass", "Columns", "Offers", "Behaviour", "Work", "Moment", "Ledger", "Counts")
_TYPES = {
    "bool": "bool", "uint8": "uint8_t", "uint16": "uint16_t", "uint32": "uint32_t", "uint64": "uint64_t",
    "int8": "int8_t", "int16": "int16_t", "int32": "int32_t", "int64": "int64_t",
    "float32": "float", "float64": "double",
}  # fmt: skip
_EXTENTS = ("rows", "columns", "layers", "sheets")


class Pass(NamedTuple):
    """What a pass is told beside columns, offers, rules and moment."""

    last: int  # which of the two mask buffers holds last month
    size: int  # consumers in a chunk
    threads: int
    first: np.ndarray  # first chunk of each block
    end: np.ndarray  # the chunk after its last one
    rivals_open: np.ndarray  # (F, G) share of the rivals' counters that are open
    closed_somewhere: np.ndarray  # (G,) bool
    awake: np.ndarray  # (K,) bool, some firm has ever offered a channel for the task
    decides: bool


def compiler() -> str | None:
    """Return the C compiler of this machine, None without one."""
    return shutil.which("gcc")


class MonthInC:
    """Takes the place of `month.live_a_month` in a population: same arguments, all blocks at once.

    Parameters
    ----------
    population : whose columns will be passed; its types make the structs.
    """

    def __init__(self, population: Any) -> None:
        self._population = population
        self._compiled: tuple[tuple, Any] | None = None

    def __call__(self, arguments: list[tuple], threads: int) -> None:
        """Let all blocks live through the month, given what the compiled pass is given for each of them."""
        _, last, rivals_open, offers, closed, awake, decides, *own = arguments[0]
        people = self._population.columns  # as one reads them: the memory is that of what is stored by task
        behaviour, work, moment, books = own[:4]
        bounds = np.array([(block[0], block[-1] + 1) for block in self._population._blocks], np.int64)
        told = Pass(
            last, self._population.chunk_size, threads,
            *(np.ascontiguousarray(column) for column in (*bounds.T, rivals_open, closed, awake)), decides,
        )  # fmt: skip
        given = dict(zip(STRUCTS, (told, people, offers, behaviour, work, moment, books), strict=False))
        counts = [block[-2] for block in arguments]
        structs = [_filled(name, value) for name, value in given.items()]
        many = (_structure("Counts", _shape(counts[0])) * len(counts))(
            *(_filled("Counts", block) for block in counts)
        )
        self._function(given | {"Counts": counts[0]})(*(ctypes.byref(struct) for struct in structs), many)

    def _function(self, given: Mapping[str, Any]) -> Any:
        kinds = tuple((name, _shape(value)) for name, value in given.items())
        if self._compiled is None or self._compiled[0] != kinds:
            self._compiled = kinds, compiled("\n".join(header_lines(given)))
        return self._compiled[1]


@lru_cache(maxsize=8)
def compiled(header: str) -> Any:
    """Return the function of the compiled C file."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "month_state.h").write_text(header, encoding="utf-8")
        library = folder / "month.so"
        command = [str(compiler()), *FLAGS, f"-I{folder}", str(SOURCE), "-o", str(library), "-lm"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{SOURCE.name} does not compile:\n{done.stderr[:4000]}")
        return ctypes.CDLL(str(library)).live_a_month


def compiler_version() -> str:
    """Return the first line of what the compiler says of itself."""
    done = subprocess.run([str(compiler()), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.partition("\n")[0]


def header_lines(given: Mapping[str, Any]) -> Iterator[str]:
    """Yield `month_state.h`: numbers, the table of quantiles, structs, accessors."""
    yield f"#define TILE {tile.SIZE}"
    for module in (columns, ledger):
        for name, value in vars(module).items():
            if name.isupper() and not name.startswith("_") and isinstance(value, int | float):
                yield f"#define {name} ({value!r})"
    for name in ("SELF_REALISATION_MEAN", "SELF_REALISATION_SPREAD"):
        yield f"#define {name} ({getattr(demography, name)!r})"
    quantiles = acceptance._QUANTILES
    values = ", ".join(f"{value!r}" for value in quantiles.tolist())
    yield f"static const double QUANTILES[{len(quantiles)}] = {{{values}}};"
    for name, value in given.items():
        yield from _struct_lines(name, value)


def _struct_lines(name: str, value: Any) -> Iterator[str]:
    """Yield a struct with the lengths of its arrays, and accessors of those that are no mere rows."""
    yield "typedef struct {"
    for field, given in value._asdict().items():
        if isinstance(given, np.ndarray):
            sizes = "".join(f" size_t {field}_{extent};" for extent in _extents(given))
            yield f"    {_TYPES[given.dtype.name]} *{field};{sizes}"
        else:
            yield f"    {_type_of(given)} {field};"
    yield f"}} {name};"
    for field, given in value._asdict().items():
        if isinstance(given, np.ndarray) and given.ndim > 1:
            yield from _accessor_lines(name, field, given)


def _accessor_lines(name: str, field: str, given: np.ndarray) -> Iterator[str]:
    """Yield `type *columns_use(of, i, j)`: the address of an entry, in the order of the array."""
    places = "ijkl"[: given.ndim]
    of = f"const {name} *of, " + ", ".join(f"size_t {place}" for place in places)
    sizes = [f"of->{field}_{extent}" for extent in _extents(given)]
    order = list(range(given.ndim))
    if not given.flags.c_contiguous:
        if not given.flags.f_contiguous:
            raise ValueError(f"{name}.{field} must be contiguous, rows or columns first")
        order.reverse()
    inside = places[order[0]]
    for axis in order[1:]:
        inside = f"({inside}) * {sizes[axis]} + {places[axis]}"
    yield f"static inline {_TYPES[given.dtype.name]} *{name.lower()}_{field}({of})"
    yield f"{{ return of->{field} + {inside}; }}"


def _extents(array: np.ndarray) -> tuple[str, ...]:
    return _EXTENTS[: array.ndim]


def _type_of(value: Any) -> str:
    if isinstance(value, np.generic):
        return _TYPES[value.dtype.name]
    return {bool: "bool", int: "int64_t", float: "double"}[type(value)]


_NUMBERS = {"bool": ctypes.c_bool, "float": ctypes.c_float, "double": ctypes.c_double}


def _number_type(kind: str) -> Any:
    return _NUMBERS.get(kind) or getattr(ctypes, f"c_{kind.removesuffix('_t')}")


def _shape(value: Any) -> tuple[tuple[str, str, int, bool], ...]:
    """Return fields: C type, number of dimensions (0 for a number), whether rows come first."""
    return tuple(
        (field, _TYPES[given.dtype.name], given.ndim, given.flags.c_contiguous)
        if isinstance(given, np.ndarray)
        else (field, _type_of(given), 0, True)
        for field, given in value._asdict().items()
    )


@lru_cache(maxsize=64)
def _structure(name: str, shape: tuple[tuple[str, str, int, bool], ...]) -> type[ctypes.Structure]:
    fields: list[tuple[str, Any]] = []
    for field, kind, dimensions, _ in shape:
        fields.append((field, ctypes.c_void_p if dimensions else _number_type(kind)))
        fields += [(f"{field}_{extent}", ctypes.c_size_t) for extent in _EXTENTS[:dimensions]]
    return type(name, (ctypes.Structure,), {"_fields_": fields})


def _filled(name: str, value: Any) -> ctypes.Structure:
    struct = _structure(name, _shape(value))()
    for field, given in value._asdict().items():
        if isinstance(given, np.ndarray):
            setattr(struct, field, given.ctypes.data)
            for extent, length in zip(_extents(given), given.shape, strict=True):
                setattr(struct, f"{field}_{extent}", length)
        else:
            setattr(struct, field, given.item() if isinstance(given, np.generic) else given)
    return struct
