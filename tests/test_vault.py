"""What is sealed opens with the same key and for the same owner only."""

import pytest

from app.vault import seal, unseal

KEY, SECRET = "k" * 40, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def test_a_seal_opens_for_its_owner():
    sealed = seal(SECRET, key=KEY, bound_to="7")
    assert unseal(sealed, key=KEY, bound_to="7") == SECRET
    assert SECRET not in sealed and len(sealed) <= 200


def test_the_same_secret_never_looks_the_same_twice():
    assert len({seal(SECRET, key=KEY, bound_to="7") for _ in range(50)}) == 50


def test_another_key_another_owner_or_a_changed_letter_opens_nothing():
    sealed = seal(SECRET, key=KEY, bound_to="7")
    assert unseal(sealed, key="x" * 40, bound_to="7") is None
    assert unseal(sealed, key=KEY, bound_to="8") is None
    for place in range(len(sealed)):
        touched = sealed[:place] + ("A" if sealed[place] != "A" else "B") + sealed[place + 1 :]
        assert unseal(touched, key=KEY, bound_to="7") is None


@pytest.mark.parametrize("junk", ["", "A", "AAAA", "不是", "=" * 20, "A" * 199])
def test_junk_opens_nothing(junk):
    assert unseal(junk, key=KEY, bound_to="7") is None
