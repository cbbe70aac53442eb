"""Private kernels of the right wing, on plain arrays.

Law: as in network/_kernels: no classes, no checks, compiled with `cache=True, nogil=True`, each with an oracle in the
tests.
"""

from geomatch.opening import kernels  # noqa: F401 - opens numba
