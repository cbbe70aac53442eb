"""numba, opened for kernels that are compiled already; every `_kernels/` opens this before its first kernel."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from geomatch.opening.absent import absent

# numba opens these where it finds them: scipy to look at its version, cffi for C functions in kernels, yaml for a file
# of settings. None is used here; what scipy does for matrix products in kernels is looked for only to compile
with absent("scipy", "cffi", "yaml"):
    import numba.core.typing.cffi_utils  # noqa: F401 - where it looks for cffi
    from numba.core import caching, environment
    from numba.core.runtime.nrt import rtsys


def _load_overload(self: Any, sig: Any, target_context: Any) -> Any:
    """Take a compiled kernel from the disk as numba does, but without first making ready to compile others.

    That opens everything numba can compile, longer than it takes to read an extract; compiling does it by itself.
    """
    rtsys.initialize(target_context)  # what compiled kernels make arrays by
    with self._guard_against_spurious_io_errors():
        return self._load_overload(sig, target_context)


caching.Cache.load_overload = _load_overload  # type: ignore[method-assign] # numba has no setting for it


def _rebuild_env(module: str, constants: list[Any], name: str) -> Any:
    """Give a compiled kernel its constants, without opening the module that it, or a part of it, was written in.

    That of numba's arrays opens all that numba knows of strings. Only code that calls Python looks into the module.
    """
    found = environment.lookup_environment(name)  # type: ignore[no-untyped-call] # numba carries no types
    if found is None:
        found = environment.Environment(vars(sys.modules.get(module, ModuleType(module))))
        found.consts[:] = constants
        found.env_name = name
        environment.Environment._memo[name] = found  # noqa: SLF001 - as numba's own does
    return found


environment._rebuild_env = _rebuild_env  # noqa: SLF001 - as above
