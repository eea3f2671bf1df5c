"""The members of a ZIP archive that is no document itself (as EPUB, DOCX and others are)."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from indexer.unpack.limits import MOST_BYTES, TOO_LARGE, Budget, Member, Refused, leads_out

_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BROKEN = (BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)
# Members by which a ZIP is one document: EPUB and OpenDocument, Microsoft's formats.
_DOCUMENTS = ("mimetype", "META-INF/container.xml", "[Content_Types].xml", "word/document.xml")


def recognises(head: bytes) -> bool:
    """Whether a file begins as a ZIP archive does."""
    return head.startswith(_MAGIC)


def of_texts(opened: BinaryIO) -> bool:
    """Whether a ZIP archive holds files of their own right; not so an EPUB or DOCX, which is one text.

    One that is damaged can be either: it is kept as it is, and fails when it is indexed.
    """
    try:
        names = ZipFile(opened).NameToInfo
    except _BROKEN:
        return False
    return not any(name in names for name in _DOCUMENTS)


def members(opened: BinaryIO, name: str, budget: Budget) -> Iterator[Member]:
    """The files of an archive in its order. Raises Refused where it cannot be read on."""
    try:
        archive = ZipFile(opened)
    except _BROKEN:
        raise Refused("it is a ZIP archive that is damaged or cut short: fetch it again") from None
    infos = [info for info in archive.infolist() if not info.is_dir()]
    size = opened.seek(0, io.SEEK_END)
    if sum(info.compress_size for info in infos) > size:
        raise Refused("its files overlap each other, as in a bomb: it was not unpacked")
    top = _top(PurePosixPath(name).stem, infos)
    for info in infos:
        budget.member()
        yield _member(archive, info, Member(info.filename, top + _plain(info)), budget)


def _plain(info: ZipInfo) -> str:
    """A member's name as other systems than that of its packer write it."""
    return info.filename.replace("\\", "/")


def _top(stem: str, infos: list[ZipInfo]) -> str:
    """The folder for all files: named as the archive, if they do not lie in one of that name already."""
    folder = f"{stem.lstrip('.') or 'zip'}/"
    return "" if all(_plain(info).startswith(folder) for info in infos) else folder


def _member(archive: ZipFile, info: ZipInfo, member: Member, budget: Budget) -> Member:
    if reason := _refusal(info):
        return member.refused(reason)
    try:
        with archive.open(info) as stream:
            content = budget.read(stream)
    except _BROKEN:
        return member.refused("it is damaged, or not as large as the archive says")
    return member.refused(TOO_LARGE) if content is None else Member(member.name, member.path, content)


def _refusal(info: ZipInfo) -> str:
    if leads_out(_plain(info)):
        return "its name leads out of the archive"
    if any(part.startswith(".") for part in PurePosixPath(_plain(info)).parts[:-1]):
        return "it lies in a hidden folder"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "it is a link, not a file"
    if info.flag_bits & 1:
        return "it is encrypted: unpack it with its password and add what is in it"
    if info.compress_type not in _METHODS:
        return "it is packed in a way that is not read here: unpack it and add what is in it"
    return TOO_LARGE if info.file_size > MOST_BYTES else ""
