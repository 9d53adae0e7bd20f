"""GPU memory that two processes share through a file descriptor. Written, not run on a GPU.

REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data

CUDA's driver interface for virtual memory, called directly: a descriptor passes into a sandbox with its own
process and IPC namespaces, where the older CUDA IPC handles and torch's use of them do not work.
See https://docs.nvidia.com/cuda/cuda-driver-api/group__CUDA__VA.html.
"""

import ctypes
import functools

import torch

CU_MEM_ALLOCATION_TYPE_PINNED = 1
CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR = 1
CU_MEM_LOCATION_TYPE_DEVICE = 1
CU_MEM_ACCESS_FLAGS_PROT_READWRITE = 3
CU_MEM_ALLOC_GRANULARITY_MINIMUM = 0
DEVICE = 0


class Location(ctypes.Structure):
    """CUmemLocation."""

    _fields_ = [("type", ctypes.c_int), ("id", ctypes.c_int)]


class AllocationFlags(ctypes.Structure):
    """The member `allocFlags` of CUmemAllocationProp."""

    _fields_ = [
        ("compression_type", ctypes.c_ubyte),
        ("gpu_direct_rdma_capable", ctypes.c_ubyte),
        ("usage", ctypes.c_ushort),
        ("reserved", ctypes.c_ubyte * 4),
    ]


class AllocationProperties(ctypes.Structure):
    """CUmemAllocationProp, 32 bytes."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("requested_handle_types", ctypes.c_int),
        ("location", Location),
        ("win32_handle_metadata", ctypes.c_void_p),
        ("flags", AllocationFlags),
    ]


class Access(ctypes.Structure):
    """CUmemAccessDesc."""

    _fields_ = [("location", Location), ("flags", ctypes.c_int)]


class DeviceArray:
    """A piece of GPU memory as torch takes it in; it stays mapped until the process ends."""

    def __init__(self, address: int, elements: int) -> None:
        self.__cuda_array_interface__ = {
            "shape": (elements,),
            "typestr": "<i4",
            "data": (address, False),
            "version": 3,
        }


def _properties() -> AllocationProperties:
    return AllocationProperties(
        type=CU_MEM_ALLOCATION_TYPE_PINNED,
        requested_handle_types=CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR,
        location=Location(CU_MEM_LOCATION_TYPE_DEVICE, DEVICE),
    )


@functools.cache
def _driver() -> ctypes.CDLL:
    torch.zeros(1, device=f"cuda:{DEVICE}")  # makes the context that the calls below need
    return ctypes.CDLL("libcuda.so.1")


def _call(name: str, *arguments: object) -> None:
    status = getattr(_driver(), name)(*arguments)
    if status != 0:
        raise RuntimeError(f"{name} failed with CUDA driver error {status}")


def round_up(size: int, granularity: int) -> int:
    """Return the least multiple of `granularity` that is at least `size`."""
    return -(-size // granularity) * granularity


def _allocated_bytes(elements: int) -> int:
    granularity = ctypes.c_size_t()
    _call(
        "cuMemGetAllocationGranularity",
        ctypes.byref(granularity),
        ctypes.byref(_properties()),
        CU_MEM_ALLOC_GRANULARITY_MINIMUM,
    )
    return round_up(4 * elements, granularity.value)


def _map(handle: ctypes.c_ulonglong, elements: int) -> torch.Tensor:
    size = ctypes.c_size_t(_allocated_bytes(elements))
    address = ctypes.c_ulonglong()
    zero = ctypes.c_ulonglong(0)
    _call("cuMemAddressReserve", ctypes.byref(address), size, ctypes.c_size_t(0), zero, zero)
    _call("cuMemMap", address, size, ctypes.c_size_t(0), handle, zero)
    access = Access(Location(CU_MEM_LOCATION_TYPE_DEVICE, DEVICE), CU_MEM_ACCESS_FLAGS_PROT_READWRITE)
    _call("cuMemSetAccess", address, size, ctypes.byref(access), ctypes.c_size_t(1))
    return torch.as_tensor(DeviceArray(address.value, elements), device=f"cuda:{DEVICE}")


def export_tensor(elements: int) -> tuple[torch.Tensor, int]:
    """Allocate int32 of shape [elements]; the tensor and the descriptor another process imports."""
    handle = ctypes.c_ulonglong()
    size = ctypes.c_size_t(_allocated_bytes(elements))
    _call("cuMemCreate", ctypes.byref(handle), size, ctypes.byref(_properties()), ctypes.c_ulonglong(0))
    descriptor = ctypes.c_int()
    kind = CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR
    _call("cuMemExportToShareableHandle", ctypes.byref(descriptor), handle, kind, ctypes.c_ulonglong(0))
    return _map(handle, elements), descriptor.value


def import_tensor(descriptor: int, elements: int) -> torch.Tensor:
    """Map memory that another process exported, as int32 of shape [elements]."""
    handle = ctypes.c_ulonglong()
    kind = CU_MEM_HANDLE_TYPE_POSIX_FILE_DESCRIPTOR
    _call("cuMemImportFromShareableHandle", ctypes.byref(handle), ctypes.c_void_p(descriptor), kind)
    return _map(handle, elements)
