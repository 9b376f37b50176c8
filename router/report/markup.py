"""HTML as a tree, so that whatever comes from the records is escaped by its making."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, tostring

from router.report.numbers import plain

Child = Element | str


def tag(_name: str, *children: Child | Iterable[Child], **attributes: str) -> Element:
    """Make one element. `class_` is the attribute class, and an underline in a name is a hyphen."""
    named = {key.rstrip("_").replace("_", "-"): plain(text) for key, text in attributes.items()}
    element = Element(_name, named)
    for child in children:
        if isinstance(child, Element | str):
            _add(element, child)
        else:
            for one in child:
                _add(element, one)
    return element


def document(root: Element) -> bytes:
    """Give a page's bytes."""
    return f"<!DOCTYPE html>\n{tostring(root, encoding='unicode', method='html')}\n".encode()


def _add(element: Element, child: Child) -> None:
    if isinstance(child, Element):
        element.append(child)
    elif len(element):
        element[-1].tail = (element[-1].tail or "") + plain(child)
    else:
        element.text = (element.text or "") + plain(child)
