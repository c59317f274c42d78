"""Which Python a notebook of the course runs in: the one that has the course."""

from __future__ import annotations

from ipykernel.kernelspec import RESOURCES
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager


class CourseKernels(KernelSpecManager):
    """Jupyter's kernels, of which ``python3`` is always this Python.

    Without this, a kernel of that name that another Python once left in the student's
    home may come first, and the first cell of each lesson says that there is no
    module named coursekit.
    """

    def find_kernel_specs(self) -> dict[str, str]:
        """Give the folder of each kernel by its name."""
        return {**super().find_kernel_specs(), NATIVE_KERNEL_NAME: RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Give the kernel of a name."""
        if kernel_name == NATIVE_KERNEL_NAME:
            return self._get_kernel_spec_by_name(kernel_name, RESOURCES)
        return super().get_kernel_spec(kernel_name)
