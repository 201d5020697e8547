"""Questions as an author sends them: options named by labels of the author's own, to be given random ids."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tp.domain.marking import Rule
from tp.domain.problem import Code, PathStep, Problem
from tp.domain.question import (
    ChoiceKey,
    Content,
    EssayKey,
    Key,
    MatrixKey,
    NumericAnswer,
    NumericKey,
    Option,
    OrderKey,
    QuestionType,
    Tags,
    TextAnswer,
    TextKey,
)
from tp.domain.value import Frozen, Localized, Marks
from tp.errors import Refused


class OptionSpec(Frozen):
    """`ref` is how the key of the same question names this option, row or column."""

    ref: str
    text: Localized


class WeightSpec(Frozen):
    ref: str
    fraction: Marks


class RowSpec(Frozen):
    ref: str
    columns: tuple[str, ...]


class KeySpec(Frozen):
    """`correct` and `weights` serve choices, `order` ORDER, `numbers` NUMERIC, `texts` TEXT, `rows` matrices."""

    correct: tuple[str, ...] = ()
    weights: tuple[WeightSpec, ...] = ()
    order: tuple[str, ...] = ()
    numbers: tuple[NumericAnswer, ...] = ()
    texts: tuple[TextAnswer, ...] = ()
    case_sensitive: bool = False
    rows: tuple[RowSpec, ...] = ()


class QuestionSpec(Frozen):
    """With `id`, a new version of that question. Without `key`, a draft that cannot be published yet."""

    id: str | None = None
    title: str | None = None
    type: QuestionType
    text: Localized
    options: tuple[OptionSpec, ...] = ()
    rows: tuple[OptionSpec, ...] = ()
    columns: tuple[OptionSpec, ...] = ()
    key: KeySpec | None = None
    passage_id: str | None = None
    tags: Tags = Tags()
    feedback: Localized | None = None
    marking: Rule | None = None


class _Labels:
    """The author's labels of one list, and the random id that each was given."""

    def __init__(self, specs: tuple[OptionSpec, ...], new_option_id: Callable[[], str]) -> None:
        self.options = tuple(Option(id=new_option_id(), text=spec.text) for spec in specs)
        self._ids = {spec.ref: option.id for spec, option in zip(specs, self.options, strict=True)}

    def id(self, ref: str) -> str:
        """Return the id of a label; the label itself when the list has none such, for the check to find."""
        return self._ids.get(ref, ref)

    def ids(self, refs: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(self.id, refs))


def content_and_key(
    spec: QuestionSpec, path: tuple[PathStep, ...], new_option_id: Callable[[], str]
) -> tuple[Content, Key | None]:
    """Return the content with random option ids and the key in terms of them.

    Raises Refused with every label that is used twice, or named by the key and not defined, or by it twice.
    """
    problems = [*_repeated(spec, path), *_named_twice(spec.key, path), *_undefined(spec, path)]
    if problems:
        raise Refused(problems)
    options, rows, columns = (_Labels(specs, new_option_id) for specs in (spec.options, spec.rows, spec.columns))
    content = Content(
        type=spec.type, text=spec.text, options=options.options, rows=rows.options, columns=columns.options
    )
    return content, None if spec.key is None else _key(spec.type, spec.key, options, rows, columns)


def _key(type: QuestionType, key: KeySpec, options: _Labels, rows: _Labels, columns: _Labels) -> Key:
    match type:
        case QuestionType.SINGLE_CHOICE | QuestionType.MULTIPLE_CHOICE:
            weights: dict[str, Fraction] = {options.id(w.ref): w.fraction for w in key.weights}
            return ChoiceKey(correct=options.ids(key.correct), weights=weights)
        case QuestionType.NUMERIC:
            return NumericKey(answers=key.numbers)
        case QuestionType.TEXT:
            return TextKey(answers=key.texts, case_sensitive=key.case_sensitive)
        case QuestionType.MATRIX_MATCH:
            return MatrixKey(rows={rows.id(row.ref): columns.ids(row.columns) for row in key.rows})
        case QuestionType.ORDER:
            return OrderKey(order=options.ids(key.order))
        case QuestionType.ESSAY:
            return EssayKey()


def _repeated(spec: QuestionSpec, path: tuple[PathStep, ...]) -> list[Problem]:
    problems = []
    for name, specs in (("options", spec.options), ("rows", spec.rows), ("columns", spec.columns)):
        seen: set[str] = set()
        for place, option in enumerate(specs):
            if option.ref in seen:
                told = f"{option.ref!r} is used for another of the {name} too"
                problems.append(Problem(Code.INVALID, (*path, name, place, "ref"), told))
            seen.add(option.ref)
    return problems


def _named_twice(key: KeySpec | None, path: tuple[PathStep, ...]) -> list[Problem]:
    """Return the weights and rows of a key that are there twice: it keeps one of each."""
    if key is None:
        return []
    return [
        Problem(Code.INVALID, (*path, "key", name, place, "ref"), f"{what} is given twice")
        for name, what, refs in (
            ("weights", "the option's weight", [weight.ref for weight in key.weights]),
            ("rows", "the row", [row.ref for row in key.rows]),
        )
        for place, ref in enumerate(refs)
        if ref in refs[:place]
    ]


def _undefined(spec: QuestionSpec, path: tuple[PathStep, ...]) -> list[Problem]:
    if spec.key is None:
        return []
    options, rows, columns = ({o.ref for o in specs} for specs in (spec.options, spec.rows, spec.columns))
    named = [
        *((("correct", place), ref, options) for place, ref in enumerate(spec.key.correct)),
        *((("weights", place, "ref"), weight.ref, options) for place, weight in enumerate(spec.key.weights)),
        *((("order", place), ref, options) for place, ref in enumerate(spec.key.order)),
        *((("rows", place, "ref"), row.ref, rows) for place, row in enumerate(spec.key.rows)),
        *(
            (("rows", place, "columns", inner), ref, columns)
            for place, row in enumerate(spec.key.rows)
            for inner, ref in enumerate(row.columns)
        ),
    ]
    return [
        Problem(Code.UNKNOWN_OPTION, (*path, "key", *step), f"nothing here is labelled {ref!r}")
        for step, ref, defined in named
        if ref not in defined
    ]
