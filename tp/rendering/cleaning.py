"""The second wall: whatever the renderers let through, only what is listed here leaves."""

from __future__ import annotations

from typing import Final

from nh3 import Cleaner

from tp.rendering.mathml import CLASSES

_TEXT: Final = """
    a blockquote br code del em h1 h2 h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul
"""
_MATH: Final = """
    math menclose mfrac mi mn mo mover mpadded mphantom mroot mrow mspace msqrt mstyle msub msubsup msup
    mtable mtd mtext mtr munder munderover
"""
_MATH_ATTRIBUTES: Final = """
    accent accentunder depth display displaystyle height largeop linethickness lspace mathvariant
    maxsize minsize movablelimits notation rspace scriptlevel stretchy symmetric voffset width
"""
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "ol": {"start"},
    **{name: set(_MATH_ATTRIBUTES.split()) for name in _MATH.split()},
}


def cleaner() -> Cleaner:
    """Return what keeps of HTML the elements and attributes that are listed, and links to web addresses alone.

    Links open beside the page: a tap on one must not leave an exam.
    """
    return Cleaner(
        tags={*_TEXT.split(), *_MATH.split()},
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        allowed_classes={"mtd": set(CLASSES)},
    )
