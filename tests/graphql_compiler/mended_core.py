"""graphql-core's interpreter with two defects of its 3.2 mended, to compare with where they would show."""

from __future__ import annotations

from typing import Any

from graphql import ExecutionContext
from graphql.pyutils import Path, Undefined


class MendedContext(ExecutionContext):
    """Give as `execution_context_class`."""

    def execute_fields_serially(self, parent_type: Any, source_value: Any, path: Any, fields: Any) -> Any:
        """Call no field of a mutation before the one ahead of it is done, as the specification has it.

        graphql-core calls them all, and awaits one after the other what they return.
        """
        results: dict[str, Any] = {}
        fields_left = iter(fields.items())

        def execute_next() -> Any:
            for name, nodes in fields_left:
                result = self.execute_field(parent_type, source_value, nodes, Path(path, name, parent_type.name))
                if self.is_awaitable(result):
                    return go_on(name, result)
                if result is not Undefined:
                    results[name] = result
            return results

        async def go_on(name: str, result: Any) -> dict[str, Any]:
            results[name] = await result
            following = execute_next()
            return await following if self.is_awaitable(following) else following  # type: ignore[no-any-return]

        return execute_next()

    def complete_object_value(self, *of: Any) -> Any:
        """Await the fields of an object whose `is_type_of` was awaited; graphql-core leaves a coroutine there."""
        completed = super().complete_object_value(*of)
        if not self.is_awaitable(completed):
            return completed

        async def complete() -> Any:
            value = await completed
            return await value if self.is_awaitable(value) else value

        return complete()
