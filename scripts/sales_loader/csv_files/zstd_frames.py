"""Whether a Zstandard file is whole and how far it can expand, from the lengths that it states (RFC 8878).

DuckDB reads a truncated Zstandard file up to the cut without an error, so the loader checks for itself.
Nothing is decompressed.
"""

import os
from typing import BinaryIO

_FRAME = 0xFD2FB528
_SKIPPABLE = 0x184D2A50  # and the fifteen numbers after it
_DICTIONARY_BYTES = (0, 1, 2, 4)
_CONTENT_SIZE_BYTES = (0, 2, 4, 8)
_RUN_LENGTH_BLOCK = 1
_COMPRESSED_BLOCK = 2
_RESERVED_BLOCK = 3
_MOST_BLOCK_BYTES = 128 * 1024  # what a compressed block may expand to, and all but the last of a frame do


def most_text_bytes(stream: BinaryIO) -> int | None:
    """Most bytes that a file can expand to; None unless it consists of complete frames and nothing else.

    Args:
        stream: the compressed file, open for reading bytes, at its beginning.
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    text_bytes = 0
    while stream.tell() < size:
        of_frame = _skip_frame(stream)
        if of_frame is None:
            return None
        text_bytes += of_frame
    return text_bytes if stream.tell() == size else None


def _skip_frame(stream: BinaryIO) -> int | None:
    magic = _number(stream, 4)
    if magic & 0xFFFFFFF0 == _SKIPPABLE:
        stream.seek(_number(stream, 4), os.SEEK_CUR)
        return 0
    if magic != _FRAME:
        return None
    descriptor = _number(stream, 1)
    stream.seek(_rest_of_header(descriptor), os.SEEK_CUR)
    text_bytes = 0
    while True:
        header = stream.read(3)
        of_block = _skip_block(stream, int.from_bytes(header, "little")) if len(header) == 3 else None
        if of_block is None:
            return None
        text_bytes += of_block
        if header[0] & 1:  # the last block
            stream.seek(4 * (descriptor >> 2 & 1), os.SEEK_CUR)  # a checksum, where there is one
            return text_bytes


def _rest_of_header(descriptor: int) -> int:
    single_segment = descriptor >> 5 & 1
    content_size = _CONTENT_SIZE_BYTES[descriptor >> 6] or single_segment
    return (1 - single_segment) + _DICTIONARY_BYTES[descriptor & 3] + content_size


def _skip_block(stream: BinaryIO, header: int) -> int | None:
    kind, length = header >> 1 & 3, header >> 3
    stream.seek(1 if kind == _RUN_LENGTH_BLOCK else length, os.SEEK_CUR)
    if kind == _RESERVED_BLOCK:
        return None
    return _MOST_BLOCK_BYTES if kind == _COMPRESSED_BLOCK else length


def _number(stream: BinaryIO, length: int) -> int:
    return int.from_bytes(stream.read(length), "little")
