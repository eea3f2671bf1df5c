"""What is inside a file that is a ZIP in disguise (EPUB, DOCX): members by name, read within limits.

Nothing is ever unpacked to the disk, so a member's name can lead nowhere.
"""

import re
import zipfile
import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from lxml import etree  # type: ignore[import-untyped]

from indexer.errors import UnreadableFile

# A book has some hundred members; a thousand books' worth is no book.
_MOST_MEMBERS = 10_000
# The text of the longest novels is some megabytes, with its mark-up twice that. Pictures do not count:
# they are never read.
_MOST_BYTES = 32_000_000
# Each tag costs a parser a kilobyte; a long novel has some ten thousand.
_MOST_TAGS = 300_000
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DECLARED_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_BROKEN = (BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)


class Pack:
    """The members of a ZIP; what has been read of it all together is bounded."""

    def __init__(self, raw: bytes, name: str) -> None:
        """Raises UnreadableFile where the list of members cannot be read or is too long."""
        self.name = name
        self._bytes = self._tags = 0
        try:
            self._zip = ZipFile(BytesIO(raw))
        except _BROKEN:
            raise UnreadableFile(
                f"{name} is a ZIP archive that is damaged or cut short: fetch or add it again."
            ) from None
        if len(self._zip.namelist()) > _MOST_MEMBERS:
            raise UnreadableFile(f"{name} has more than {_MOST_MEMBERS} files in it: that is no book.")

    def __contains__(self, member: object) -> bool:
        return member in self._zip.NameToInfo

    def read(self, member: str) -> bytes:
        """The bytes of a member. Raises UnreadableFile for one that is missing, broken or too large."""
        info = self._zip.NameToInfo.get(member)
        if info is None:
            raise UnreadableFile(
                f"{self.name} lacks a part of itself: {member or 'the list of its chapters'}."
            )
        self._weigh(info)
        try:
            data = self._zip.read(info)
        except _BROKEN:
            raise UnreadableFile(f"{self.name} is damaged: {member} in it cannot be unpacked.") from None
        self._tags += data.count(b"<")
        if self._tags > _MOST_TAGS:
            raise UnreadableFile(f"{self.name} has more mark-up in it than any book: it was not read.")
        return data

    def _weigh(self, info: ZipInfo) -> None:
        self._bytes += info.file_size
        if self._bytes > _MOST_BYTES:
            raise UnreadableFile(f"{self.name} unpacks to more text than any book: it was not read.")
        if info.flag_bits & 1:
            raise UnreadableFile(f"{self.name} is encrypted: its text cannot be read.")
        if info.compress_type not in _METHODS:
            raise UnreadableFile(f"{self.name} is packed in a way that no book is: it was not read.")

    def tree(self, member: str) -> etree._Element:
        """The root of a member that is XML."""
        return xml(self.read(member), f"{member} in {self.name}")


def xml(data: bytes, name: str) -> etree._Element:
    """The root of an XML text; entities are never followed. Raises UnreadableFile if it is broken."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    if len(data) > _MOST_BYTES or data.count(b"<") > _MOST_TAGS:
        raise UnreadableFile(f"{name} is larger than any book: it was not read.")
    if len(_DECLARED_ENTITY.findall(data[:1_000_000])) > _MOST_ENTITIES:
        raise UnreadableFile(f"{name} declares more entities than any text needs: it was not read.")
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"{name} is damaged or cut short: its XML breaks off ({error}).") from None


_MOST_ENTITIES = 1000


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; "" for what is no element."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def attribute(element: etree._Element, name: str) -> str:
    """An attribute by its name without a namespace; "" if there is none."""
    return next((str(value) for key, value in element.items() if etree.QName(key).localname == name), "")
