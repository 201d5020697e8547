"""Limits that are rules of validation, over the document as it is written."""

from __future__ import annotations

from typing import Any

from graphql import ASTValidationRule, DirectiveNode, ListValueNode, VisitorAction
from graphql.validation import specified_rules

from api.graphql.codes import ErrorCode
from api.graphql.limits import Limits
from api.graphql.problems import problem


def rules(limits: Limits) -> tuple[type[ASTValidationRule], ...]:
    """Return the specification's rules and those of `limits`."""

    class DirectiveLimit(ASTValidationRule):
        """At most so many directives in a document: each is looked up and its arguments read."""

        count = 0

        def enter_directive(self, node: DirectiveNode, *_: Any) -> VisitorAction:
            self.count += 1
            if self.count == limits.directives + 1:
                message = f"The document has more than {limits.directives} directives."
                self.report_error(problem(ErrorCode.LIMIT_EXCEEDED, message, node))
            return None

    class InputListLimit(ASTValidationRule):
        """At most so many items in a list that is written in the document; variables are counted apart."""

        def enter_list_value(self, node: ListValueNode, *_: Any) -> VisitorAction:
            if len(node.values) > limits.input_list:
                message = f"A list has {len(node.values)} items; at most {limits.input_list} are taken at once."
                self.report_error(problem(ErrorCode.LIMIT_EXCEEDED, message, node))
            return None

    return (DirectiveLimit, InputListLimit, *specified_rules)
