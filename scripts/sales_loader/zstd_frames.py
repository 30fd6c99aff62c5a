"""Whether a Zstandard file is whole, told from the lengths it states (RFC 8878).

DuckDB reads a Zstandard file that was cut short up to the cut and says nothing, so the loader looks itself.
Nothing is decompressed.
"""

import os
from typing import BinaryIO

_FRAME = 0xFD2FB528
_SKIPPABLE = 0x184D2A50  # and the fifteen numbers after it
_DICTIONARY_BYTES = (0, 1, 2, 4)
_CONTENT_SIZE_BYTES = (0, 2, 4, 8)
_RUN_LENGTH_BLOCK = 1
_RESERVED_BLOCK = 3


def is_whole(stream: BinaryIO) -> bool:
    """Whether a file consists of complete frames and nothing else.

    Args:
        stream: the compressed file, open for reading bytes, at its beginning.
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    while stream.tell() < size:
        if not _skip_frame(stream):
            return False
    return stream.tell() == size


def _skip_frame(stream: BinaryIO) -> bool:
    magic = _number(stream, 4)
    if magic & 0xFFFFFFF0 == _SKIPPABLE:
        stream.seek(_number(stream, 4), os.SEEK_CUR)
        return True
    if magic != _FRAME:
        return False
    descriptor = _number(stream, 1)
    stream.seek(_rest_of_header(descriptor), os.SEEK_CUR)
    while True:
        header = stream.read(3)
        if len(header) < 3 or not _skip_block(stream, int.from_bytes(header, "little")):
            return False
        if header[0] & 1:  # the last block
            stream.seek(4 * (descriptor >> 2 & 1), os.SEEK_CUR)  # a checksum, where there is one
            return True


def _rest_of_header(descriptor: int) -> int:
    single_segment = descriptor >> 5 & 1
    content_size = _CONTENT_SIZE_BYTES[descriptor >> 6] or single_segment
    return (1 - single_segment) + _DICTIONARY_BYTES[descriptor & 3] + content_size


def _skip_block(stream: BinaryIO, header: int) -> bool:
    kind = header >> 1 & 3
    stream.seek(1 if kind == _RUN_LENGTH_BLOCK else header >> 3, os.SEEK_CUR)
    return kind != _RESERVED_BLOCK


def _number(stream: BinaryIO, length: int) -> int:
    return int.from_bytes(stream.read(length), "little")
