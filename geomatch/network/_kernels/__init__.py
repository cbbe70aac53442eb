"""The only home of numba: private kernels on plain arrays.

Law: no classes, no checks; a kernel makes arrays only for scratch and for results whose size it alone knows; every
kernel has an oracle in the tests. Each is compiled with `cache=True, nogil=True`. The rooms above check and map before
they call.
"""
