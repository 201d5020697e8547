from __future__ import annotations

import re
import secrets

from hypothesis import given
from hypothesis import strategies as st

from tp.services.identity.codes import code_hash, new_code, same_hash


def test_a_code_is_128_bits_of_base32_in_groups_of_four():
    code = new_code(lambda count: bytes(range(count)))
    assert code == "AAAQ-EAYE-AUDA-OCAJ-BIFQ-YDIO-B4"
    assert re.fullmatch(r"(?:[A-Z2-7]{4}-){6}[A-Z2-7]{2}", new_code(secrets.token_bytes))


@given(st.binary(min_size=16, max_size=16), st.data())
def test_a_code_is_the_same_however_it_is_typed(random: bytes, data: st.DataObject):
    code = new_code(lambda _: random)
    like = {"O": "0", "I": "1", "B": "8"}
    typed = "".join(
        data.draw(st.sampled_from([letter, letter.lower(), like.get(letter, letter), f"{letter} "]))
        for letter in code.replace("-", data.draw(st.sampled_from(["-", " ", "", " - "])))
    )
    assert code_hash(typed) == code_hash(code)
    assert same_hash(code_hash(code), typed)


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=16, max_size=16))
def test_two_codes_are_the_same_only_when_their_bits_are(one: bytes, other: bytes):
    kept = code_hash(new_code(lambda _: one))
    assert same_hash(kept, new_code(lambda _: other)) is (one == other)


@given(st.text() | st.text(alphabet=st.characters(categories=["Cs"])))
def test_no_text_fits_where_no_code_is_kept(typed: str):
    assert not same_hash(None, typed)
    assert not same_hash("", typed)
