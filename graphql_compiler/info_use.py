"""What a resolver reads of its `info`, found in its bytecode: for most it is nothing, or the context.

The finding is on the safe side: whatever is done to `info` but reading an attribute counts as a use of all of it.
"""

from __future__ import annotations

import dis
from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from types import CodeType, FunctionType, MethodType
from typing import Any

from graphql import GraphQLResolveInfo

SEES_LOCALS = frozenset({"locals", "vars", "dir", "eval", "exec", "_getframe", "currentframe", "stack"})
CODES_REMEMBERED = 4096
WITHOUT_PATH = frozenset(GraphQLResolveInfo._fields) - {"path"}


class InfoUse(Enum):
    NOTHING = "nothing"
    CONTEXT = "info.context"
    ALL_BUT_PATH = "any attribute but the path"
    ALL = "everything"
    IS_CONTEXT = "the context in place of info"


def info_use(resolver: Callable[..., Any]) -> InfoUse:
    """Return what a resolver, called with a source and an info, can find out about the info."""
    function = resolver.__func__ if isinstance(resolver, MethodType) else resolver
    place = 2 if isinstance(resolver, MethodType) else 1
    if not isinstance(function, FunctionType) or function.__code__.co_argcount <= place:
        return InfoUse.ALL
    return _use_of(function.__code__, place)


@lru_cache(CODES_REMEMBERED)
def _use_of(code: CodeType, place: int) -> InfoUse:
    """Return what code does with its positional parameter at `place`."""
    name = code.co_varnames[place]
    if name in code.co_cellvars or SEES_LOCALS & {*code.co_names, *code.co_freevars}:
        return InfoUse.ALL
    read = set()
    instructions = list(dis.get_instructions(code))
    for instruction, following in zip(instructions, [*instructions[1:], None], strict=True):
        if not _mentions(instruction, name):
            continue
        if not _loads_at_last(instruction, name) or following is None:
            return InfoUse.ALL
        if following.opname != "LOAD_ATTR" or following.argval not in WITHOUT_PATH:
            return InfoUse.ALL
        read.add(following.argval)
    if not read:
        return InfoUse.NOTHING
    return InfoUse.CONTEXT if read == {"context"} else InfoUse.ALL_BUT_PATH


def _mentions(instruction: dis.Instruction, name: str) -> bool:
    """Tell whether an instruction is about a variable; those of newer Pythons are about two at once."""
    value = instruction.argval
    if isinstance(value, tuple):
        return name in value
    return value == name and instruction.opcode in _ABOUT_VARIABLES


def _loads_at_last(instruction: dis.Instruction, name: str) -> bool:
    """Tell whether an instruction leaves the variable on top of the stack, and nowhere else."""
    value = instruction.argval
    if isinstance(value, tuple):
        return instruction.opname in _LOAD_TWO and value.count(name) == 1 and value[-1] == name
    return instruction.opname in _LOAD_ONE


_LOAD_ONE = frozenset({"LOAD_FAST", "LOAD_FAST_BORROW"})
_LOAD_TWO = frozenset({"LOAD_FAST_LOAD_FAST", "LOAD_FAST_BORROW_LOAD_FAST_BORROW"})
_ABOUT_VARIABLES = frozenset({*dis.haslocal, *dis.hasfree})
