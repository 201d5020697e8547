"""How large an operation is with its fragments expanded: the bound on what may ever be compiled of it."""

from __future__ import annotations

from collections.abc import Mapping

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

MOST_FIELDS = 5_000
MOST_DEPTH = 200


def expanded_fields(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """Return how many fields the operation selects, those of a fragment counted wherever it is spread.

    A fragment is measured once, so it takes no longer than the document is. Raises RecursionError for selections
    nested too deeply, cycles among fragments included.
    """
    return _Measure(fragments).of(operation.selection_set, 0)


class _Measure:
    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode]) -> None:
        self._fragments = fragments
        self._known: dict[str, int] = {}

    def of(self, selections: SelectionSetNode, depth: int) -> int:
        if depth > MOST_DEPTH:
            raise RecursionError
        total = 0
        for selection in selections.selections:
            if isinstance(selection, FragmentSpreadNode):
                total += self._of_fragment(selection.name.value, depth)
                continue
            if isinstance(selection, FieldNode):
                total += 1
            inner: SelectionSetNode | None = selection.selection_set  # type: ignore[attr-defined]
            if inner is not None:
                total += self.of(inner, depth + 1)
        return total

    def _of_fragment(self, name: str, depth: int) -> int:
        known = self._known.get(name)
        if known is None:
            fragment = self._fragments.get(name)
            known = self._known[name] = 0 if fragment is None else self.of(fragment.selection_set, depth + 1)
        return known
