"""Which modules a page needs: those that its own import, and those that these import."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from api.web.files import WebFile

IMPORT = re.compile(r"""^(?:import|export)\b[^;"']*["'](\.{1,2}/[^"']+)["']""", re.MULTILINE)
"""A static import of a file; what is imported by a call is fetched when it is wanted."""


def modules_of(entry: str, files: Mapping[str, WebFile]) -> list[str]:
    """Return `entry` and the paths of all modules that load with it. Raises KeyError for a missing one."""
    found = [entry]
    for name in found:
        for target in IMPORT.findall(files[name].body.decode()):
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
            if path not in found:
                found.append(path)
    return found
