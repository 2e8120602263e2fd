"""Office files are ZIP files of parts: their bounds, and the parts that are left out."""

import re
import zipfile
from collections import Counter
from collections.abc import Mapping

from .output import LOCKED, TOO_MUCH, Output, Refused

PARTS_MOST = 5_000
UNPACKED_MOST = 200 * 1024 * 1024


def check(package: zipfile.ZipFile) -> None:
    """Raises Refused for what is unpacked larger than can be read.

    The library reads no more of a part than its size says.
    """
    parts = package.infolist()
    if len(parts) > PARTS_MOST or sum(each.file_size for each in parts) > UNPACKED_MOST:
        raise Refused(TOO_MUCH)
    if any(each.flag_bits & 1 for each in parts):
        raise Refused(LOCKED)


def leave_out(package: zipfile.ZipFile, parts: Mapping[str, str], output: Output) -> None:
    """Tell how many parts of each kind the package has, by the patterns of their names."""
    counts = Counter(
        what
        for name in package.namelist()
        for pattern, what in parts.items()
        if re.match(pattern, name)
    )
    for what, number in counts.items():
        output.left_out(what, number)
