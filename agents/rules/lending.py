"""Named tuples of columns, lent to compiled passes: an address is passed on, not a hundred arrays.

Numba passes a tuple by value, field by field, loads all of it wherever one field is read, and unpacks every
field in line where Python calls: what compiling takes grows with fields times reads, and is much less for
a tuple that is lent.
"""

from hashlib import md5
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.datamodel.registry import register_default
from numba.core.imputils import lower_getattr_generic
from numba.core.pythonapi import NativeValue
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, typeof_impl, unbox


class Lent(types.Type):
    """The address of a named tuple, the type ``dtype``."""

    def __init__(self, dtype: Any) -> None:
        self.dtype = dtype
        super().__init__(f"Lent[{dtype.instance_class.__name__}, {_digest(dtype)}]")


def _digest(kind: Any) -> str:
    """Return a short name; the full one of a tuple, repeated for each call, is longer than its code."""
    return md5(str(kind).encode(), usedforsecurity=False).hexdigest()


register_default(Lent)(models.PointerModel)


def lent[Columns: type](columns: Columns) -> Columns:
    """Let compiled code get a class of named tuples by its address; read fields by name only.

    Examples
    --------
    >>> from typing import NamedTuple
    >>> from numba import njit
    >>> @lent
    ... class Firms(NamedTuple):
    ...     price: float
    ...     load: float
    >>> njit(_nrt=False)(lambda firms: firms.price * firms.load)(Firms(price=8.0, load=0.5))
    4.0
    """
    by_value = typeof_impl.dispatch(tuple)
    typeof_impl.register(columns)(lambda given, context: Lent(by_value(given, context)))
    return columns


@infer_getattr
class _Fields(AttributeTemplate):
    """A field is of its own type."""

    key = Lent

    def generic_resolve(self, value: Any, attr: str) -> Any:  # type: ignore[override]
        return value.dtype[value.dtype.fields.index(attr)] if attr in value.dtype.fields else None


@lower_getattr_generic(Lent)
def _read(context: Any, builder: Any, lent: Lent, address: Any, name: str) -> Any:
    place = lent.dtype.fields.index(name)
    at = cgutils.gep_inbounds(builder, address, 0, place)
    return context.data_model_manager[lent.dtype[place]].load_from_data_pointer(builder, at)


@unbox(Lent)
def _lend(lent: Lent, given: Any, c: Any) -> NativeValue:
    """Unpack the fields of Python's tuple one by one to where the pass will read them."""
    if c.context.enable_nrt:
        raise TypeError("a tuple is lent to code that counts no references: compile with _nrt=False")
    address = cgutils.alloca_once(c.builder, c.context.get_data_type(lent.dtype))
    failed = cgutils.alloca_once_value(c.builder, cgutils.false_bit)
    end = c.builder.append_basic_block("lent")
    for place, field in enumerate(lent.dtype):
        at = cgutils.gep_inbounds(c.builder, address, 0, place)
        wrong = _unpack(field, c.pyapi.tuple_getitem(given, place), at, c)
        with c.builder.if_then(wrong, likely=False):
            c.builder.store(cgutils.true_bit, failed)
            c.builder.branch(end)
    c.builder.branch(end)
    c.builder.position_at_end(end)
    return NativeValue(address, is_error=c.builder.load(failed))


def _unpack(field: Any, given: Any, at: Any, c: Any) -> Any:
    """Unpack a field, each type of field by a function of its own; return whether that failed."""
    if isinstance(field, Lent):  # lies where the pass itself was called, not where a function has returned
        return _store(field, given, at, c)
    signature = ir.FunctionType(ir.IntType(1), [given.type, at.type])
    function = cgutils.get_or_insert_function(c.builder.module, signature, f"unpack.{_digest(field)}")
    if function.is_declaration:
        function.linkage = "internal"
        function.attributes.add("noinline")
        builder = ir.IRBuilder(function.append_basic_block("entry"))
        within = c._replace(builder=builder, pyapi=c.context.get_python_api(builder))
        builder.ret(_store(field, function.args[0], function.args[1], within))
    return c.builder.call(function, [given, at])


def _store(field: Any, given: Any, at: Any, c: Any) -> Any:
    native = c.unbox(field, given)
    c.builder.store(c.context.data_model_manager[field].as_data(c.builder, native.value), at)
    return native.is_error


@intrinsic
def at_hand(_: Any, columns: Lent) -> Any:
    """Return a lent tuple copied to the pass's own frame, where no write to an array can change it.

    For a pass with long loops over consumers: addresses of columns need not be read again after each write.
    """

    def copied(_: Any, builder: Any, __: Any, given: Any) -> Any:
        return cgutils.alloca_once_value(builder, builder.load(given[0]))

    return columns(columns), copied
