"""The only home of numba: private kernels on plain arrays.

Law: no classes, no checks; a kernel makes arrays only for scratch and for results whose size it alone knows; every
kernel has an oracle in the tests. Each is compiled with `cache=True, nogil=True`, and none has linear algebra in it.
The rooms above check and map before they call.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _absent(*names: str) -> Iterator[None]:
    """Let modules that nobody has opened yet look as if they were not installed."""
    modules: dict[str, Any] = sys.modules
    hidden = [name for name in names if name not in modules]
    modules.update(dict.fromkeys(hidden))  # None is how Python marks what must not be found
    try:
        yield
    finally:
        for name in hidden:
            del modules[name]


# numba opens these where it finds them: scipy for matrix products in kernels, cffi for C functions in them, yaml for a
# file of settings. None is used here, and together they would take a fifth of every start
with _absent("scipy", "scipy.linalg", "cffi", "yaml"):
    import numba.core.typing.cffi_utils  # where it looks for cffi
    import numba.np.arraymath  # noqa: F401 - and for scipy
    from numba.core import caching
    from numba.core.runtime.nrt import rtsys


def _load_overload(self: Any, sig: Any, target_context: Any) -> Any:
    """Take a compiled kernel from the disk as numba does, but without first making ready to compile others.

    That opens everything numba can compile, longer than it takes to read an extract; compiling does it by itself.
    """
    rtsys.initialize(target_context)  # what compiled kernels make arrays by
    with self._guard_against_spurious_io_errors():
        return self._load_overload(sig, target_context)


caching.Cache.load_overload = _load_overload  # type: ignore[method-assign] # numba has no setting for it
