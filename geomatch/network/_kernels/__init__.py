"""Private kernels of the streets, on plain arrays.

Law: no classes, no checks; a kernel makes arrays only for scratch and for results whose size it alone knows; every
kernel has an oracle in the tests. Each is compiled with `cache=True, nogil=True`, and none has linear algebra in it.
The rooms above check and map before they call.
"""

from geomatch.opening import kernels  # noqa: F401 - opens numba
