from __future__ import annotations

from fractions import Fraction

from domain_values import told

from tp.domain.accommodation import Accommodation, Conditions, check_accommodation, resolve
from tp.domain.problem import Code


def test_the_later_layer_wins_field_by_field() -> None:
    layers = [
        Accommodation(time_factor=Fraction(4, 3), extra_minutes=10, past_window=True),
        Accommodation(extra_minutes=20),
        Accommodation(past_window=False),
    ]
    assert resolve(layers) == Conditions(time_factor=Fraction(4, 3), extra_minutes=20, past_window=False)


def test_without_layers_nothing_is_granted() -> None:
    assert resolve([]) == Conditions(time_factor=Fraction(1))


def test_an_accommodation_gives_time_within_reason() -> None:
    assert check_accommodation(Accommodation()) == []
    most = Accommodation(time_factor=Fraction(10), extra_minutes=1_440, extension_minutes=10_080)
    assert check_accommodation(most) == []
    for unsound in (
        Accommodation(time_factor=Fraction(1, 2), extra_minutes=-1, extension_minutes=-1),
        Accommodation(time_factor=Fraction(11), extra_minutes=1_441, extension_minutes=10_081),
    ):
        assert told(check_accommodation(unsound, ("input",))) == [
            (Code.INVALID, ("input", name)) for name in ("timeFactor", "extraMinutes", "extensionMinutes")
        ]
