"""The bytes of a source's file: plain, out of gzip, or out of a zip archive, and not too many."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

from bots.datasets.source.config import SourceLimits
from bots.datasets.source.faults import SourceError, error

LONGEST_RECORD = 32 * 1024 * 1024
"""Bytes; a record that is longer ends the reading: it would have to be held in memory."""

_MB = 1024 * 1024
_BUFFER = 256 * 1024
_ALWAYS = 16 * _MB
"""So much may come out of any packed file, whatever the ratio."""
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_PACKED = (_GZIP, _ZIP, b"PK\x05\x06", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd")
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")
_END = b"PK\x05\x06"
_END_SIZE = 22
_LONGEST_COMMENT = 65_535
_LONGEST_DIRECTORY = _MB
_DAMAGED = (zlib.error, gzip.BadGzipFile, zipfile.BadZipFile, NotImplementedError)


Unpacking = io.BufferedReader | gzip.GzipFile | zipfile.ZipExtFile
"""What gives bytes as far as they are whole, before it says that the rest is not."""


class Meter(io.RawIOBase):
    """Counts the bytes of a file as it is unpacked, and stops what becomes too much.

    `since`: bytes read since the caller last set it to 0, at the end of a record. `packed`: the
    packed file's size; 0 for a plain one.
    """

    def __init__(self, source: Unpacking, packed: int, limits: SourceLimits) -> None:
        self.since = 0
        self.packed = packed
        self._source = source
        self._count = 0
        self._limits = limits

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            piece = self._source.read1(len(buffer))
        except EOFError as reason:
            raise error("broken", reason=str(reason)) from reason
        except _DAMAGED as reason:
            raise error("unpack", reason=str(reason)) from reason
        except OSError as reason:
            raise error("broken", reason=str(reason.strerror or reason)) from reason
        count = len(piece)
        buffer[:count] = piece
        self._count += count
        self.since += count
        self._check()
        return count

    def _check(self) -> None:
        if self._count > self._limits.unpacked_mb * _MB:
            raise error("unpacked", megabytes=str(self._limits.unpacked_mb))
        most = max(_ALWAYS, self.packed * self._limits.ratio)
        if self.packed and self._count > most:
            raise error("bomb", ratio=str(self._limits.ratio))
        if self.since > LONGEST_RECORD:
            raise error("record-long", megabytes=str(LONGEST_RECORD // _MB))


@contextmanager
def unpacked(
    path: Path, innerpath: str, limits: SourceLimits
) -> Iterator[tuple[io.BufferedReader[Meter], Meter]]:
    """The bytes inside the file, after a byte order mark, with their meter. Raises `SourceError`.

    What the file is, its first bytes say, not its name. Out of an archive comes the one file
    that is in it, or the one named `innerpath`; nothing is ever unpacked to disk.
    """
    with ExitStack() as stack:
        try:
            file = stack.enter_context(path.open("rb"))
            size = path.stat().st_size
            start = file.read(4)
            file.seek(0)
        except OSError as reason:
            raise error("unreadable", place=path.name, reason=str(reason.strerror)) from reason
        source: Unpacking = file
        if start.startswith(_GZIP):
            source = stack.enter_context(gzip.GzipFile(fileobj=file))
        elif start in (_ZIP, _PACKED[2]):
            source = _member(stack, file, size, innerpath)
        meter = Meter(source, 0 if source is file else size, limits)
        buffered = stack.enter_context(io.BufferedReader(meter, _BUFFER))
        _look(buffered, source is not file)
        meter.since = 0
        yield buffered, meter


def verify(path: Path, innerpath: str, limits: SourceLimits) -> None:
    """Unpack a packed file once, whole, and hold it against its sum. Raises `SourceError`.

    What comes out of a damaged file before its end, where the sum is, may look like data. A file
    that only breaks off passes: what is there of it is right.
    """
    with unpacked(path, innerpath, limits) as (stream, meter):
        if not meter.packed:
            return
        try:
            while stream.read(_MB):
                meter.since = 0
        except SourceError as reason:
            if reason.faults[0].message.key != "source-broken":
                raise


def _look(buffered: io.BufferedReader[Meter], packed: bool) -> None:
    """Tell what is no data at all from its first bytes, and pass over a byte order mark."""
    try:
        head = buffered.peek(512)[:512]
    except SourceError as reason:
        why = reason.faults[0].message.params.get("reason", "")
        raise error("unpack", reason=str(why)) from reason
    if not head:
        raise error("empty")
    if head.startswith(_PACKED):
        raise error("nested" if packed else "packing")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_HTML):
        raise error("html-file")
    if head.startswith(b"\xef\xbb\xbf"):
        buffered.read(3)


def _member(stack: ExitStack, file: IO[bytes], size: int, innerpath: str) -> zipfile.ZipExtFile:
    _check_directory(file, size)
    try:
        archive = stack.enter_context(zipfile.ZipFile(file))
        member = archive.open(_chosen(archive, innerpath))
    except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OSError) as reason:
        raise error("unpack", reason=str(reason)) from reason
    return cast(zipfile.ZipExtFile, stack.enter_context(member))


def _chosen(archive: zipfile.ZipFile, innerpath: str) -> zipfile.ZipInfo:
    # What a Mac puts beside every file is nothing that people see.
    members = [
        each
        for each in archive.infolist()
        if not each.is_dir() and not each.filename.startswith("__MACOSX/")
    ]
    for each in members:
        steps = PurePosixPath(each.filename)
        if steps.is_absolute() or ".." in steps.parts or "\\" in each.filename:
            raise error("zip-name", name=each.filename)
    found = [each for each in members if each.filename == innerpath] if innerpath else members
    if len(found) != 1:
        raise error("zip-members", num_files=len(members), name=innerpath or "innerpath")
    if found[0].flag_bits & 1:
        raise error("zip-secret", name=found[0].filename)
    if found[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise error("packing")
    return found[0]


def _check_directory(file: IO[bytes], size: int) -> None:
    """Refuse an archive whose list of files alone would fill the memory: `zipfile` reads it whole.

    The end of the list is found where `zipfile` finds it (APPNOTE.TXT, 4.3.16).
    """
    file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - 20))
    tail = file.read()
    file.seek(0)
    end = len(tail) - _END_SIZE
    if tail[end : end + 4] != _END or tail[-2:] != b"\0\0":
        end = tail.rfind(_END)
    if end < 0 or len(tail) < end + _END_SIZE:
        raise error("unpack", reason="no end of central directory")
    (length,) = struct.unpack_from("<L", tail, end + 12)
    if length > _LONGEST_DIRECTORY or tail[max(0, end - 20) : end].startswith(b"PK\x06\x07"):
        raise error("zip-directory")
