"""GraphQL operations compiled to Python, for any graphql-core schema.

`compile_operation` gives an object to keep and to run; `execute`, `execute_sync` and `subscribe` take the place of
graphql-core's functions of these names. The answers are the same, in data, errors, paths and locations.
"""

from graphql_compiler.drop_in import execute, execute_sync, subscribe
from graphql_compiler.frozen import Apart, Frozen, FrozenValues, KeyOf
from graphql_compiler.handing_over import HandedOver, Reason, handed_over
from graphql_compiler.operation import CompiledOperation, compile_operation

__all__ = [
    "Apart",
    "CompiledOperation",
    "Frozen",
    "FrozenValues",
    "HandedOver",
    "KeyOf",
    "Reason",
    "compile_operation",
    "execute",
    "execute_sync",
    "handed_over",
    "subscribe",
]
