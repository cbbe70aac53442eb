"""Reading ahead: memory is asked for what will be read soon, and nobody waits for it.

A processor looks some 200 steps ahead by itself, which is a point or two; whoever knows the next hundred reads can have
them all on their way at once.
"""

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

_TO_READ, _KEEP_NEAR, _DATA = 0, 3, 1  # how LLVM's prefetch numbers its wishes


@intrinsic
def fetch(_typing, array, row):
    """Ask for the start of a row of an array (row along its first axis); where there is none, nothing happens."""

    def generate(context, builder, signature, arguments):
        array_type, row_type = signature.args
        rows = context.make_array(array_type)(context, builder, arguments[0])
        stride = cgutils.unpack_tuple(builder, rows.strides, array_type.ndim)[0]
        row = context.cast(builder, arguments[1], row_type, types.intp)
        start = builder.ptrtoint(rows.data, stride.type)
        address = builder.inttoptr(builder.add(start, builder.mul(row, stride)), cgutils.voidptr_t)
        number = ir.IntType(32)
        prefetch = ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, number, number, number])
        function = cgutils.get_or_insert_function(builder.module, prefetch, "llvm.prefetch.p0i8")
        builder.call(function, [address, *(number(wish) for wish in (_TO_READ, _KEEP_NEAR, _DATA))])
        return context.get_dummy_value()

    return types.void(array, row), generate
