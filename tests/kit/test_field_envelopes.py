"""Identifiers are sealed, found through a blind index, and shown masked."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuju.kit import crypto
from wuju.kit.crypto import CannotDecrypt, Keys

ID = "621102199001011234"
COLUMN = "people.Member.id"
K1, K2 = crypto.new_keys("k1"), crypto.new_keys("k2")
OLD = Keys.read(K1)
ROTATED = Keys.read(
    {
        "current": "k2",
        "data": K1["data"] | K2["data"],
        "index": K1["index"] | K2["index"],
        "seal": "00",
    }
)
GM = Keys.read(K1, provider="gm")


@pytest.fixture
def installed() -> Iterator[None]:
    crypto.configure(OLD)
    yield
    crypto.configure(None)


@pytest.mark.parametrize(("keys", "algorithm"), [(OLD, "aes256gcm"), (GM, "sm4gcm")])
def test_an_envelope_names_its_version_cipher_and_key_and_hides_the_value(
    keys: Keys, algorithm: str
) -> None:
    envelope = keys.encrypt(ID, COLUMN)

    assert envelope.split(":")[:3] == ["v1", algorithm, "k1"]
    assert ID not in envelope
    assert keys.decrypt(envelope, COLUMN) == ID
    assert keys.encrypt(ID, COLUMN) != envelope


@given(st.text(), st.sampled_from([OLD, GM]))
def test_every_text_comes_back(text: str, keys: Keys) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert keys.decrypt(keys.encrypt(text, COLUMN), COLUMN) == text


@pytest.mark.parametrize("keys", [OLD, GM])
def test_an_envelope_opens_only_where_it_belongs_and_unchanged(keys: Keys) -> None:
    envelope = keys.encrypt(ID, COLUMN)
    head, _, sealed = envelope.rpartition(":")
    changed = f"{head}:{'A' if sealed[0] != 'A' else 'B'}{sealed[1:]}"

    for broken, context in [
        (envelope, "people.Member.phone"),
        (changed, COLUMN),
        (envelope.replace("v1", "v2", 1), COLUMN),
        (envelope.replace(":k1:", ":k9:"), COLUMN),
        ("not an envelope", COLUMN),
        (f"{head}:", COLUMN),
    ]:
        with pytest.raises(CannotDecrypt):
            keys.decrypt(broken, context)
    assert keys.decrypt(envelope, COLUMN) == ID


def test_nothing_stays_nothing() -> None:
    assert OLD.decrypt("", COLUMN) == ""


def test_old_keys_still_open_after_rotation_and_both_ciphers_stand_side_by_side() -> None:
    old, gm = OLD.encrypt(ID, COLUMN), GM.encrypt(ID, COLUMN)

    assert ROTATED.decrypt(old, COLUMN) == ID
    assert ROTATED.decrypt(gm, COLUMN) == ID
    assert not ROTATED.is_current(old)
    assert ROTATED.is_current(ROTATED.encrypt(ID, COLUMN))


def test_the_blind_index_is_stable_keyed_and_bound_to_its_purpose() -> None:
    index = OLD.blind_index(ID, "id")

    assert index == OLD.blind_index(ID, "id")
    assert index.startswith("k1:")
    assert len(index) == len("k1:") + 64
    assert index != OLD.blind_index(ID, "phone")
    assert index.split(":")[1] != ROTATED.blind_index(ID, "id").split(":")[1]


def test_candidates_find_values_indexed_under_every_live_key() -> None:
    assert ROTATED.blind_candidates(ID, "id") == (
        ROTATED.blind_index(ID, "id"),
        OLD.blind_index(ID, "id"),
    )


def test_keys_that_cannot_work_are_refused() -> None:
    for broken in (
        K1 | {"current": "k9"},
        K1 | {"data": {"k1": "00"}},
        {"current": "a:b", "data": {"a:b": "0" * 64}, "index": {"a:b": "0" * 64}},
    ):
        with pytest.raises(ValueError, match="key"):
            Keys.read(broken)


def test_keys_do_not_print_themselves() -> None:
    assert str(K1["data"]["k1"]) not in repr(OLD)
    assert repr(bytes.fromhex(K1["data"]["k1"])) not in repr(OLD)


def test_a_commitment_proves_a_value_only_with_its_salt() -> None:
    salt = crypto.new_salt()

    assert crypto.commitment(ID, salt) == crypto.commitment(ID, salt)
    assert crypto.commitment(ID, salt) != crypto.commitment(ID, crypto.new_salt())


def test_masks_show_the_ends_at_most() -> None:
    assert crypto.mask_id(ID) == "6211**********1234"
    assert crypto.mask_phone("13800001234") == "138****1234"
    assert (crypto.mask_id(""), crypto.mask_id("123"), crypto.mask_phone("110")) == (
        "",
        "***",
        "***",
    )


@pytest.mark.usefixtures("installed")
def test_the_installation_seals_and_finds_with_its_own_keys() -> None:
    assert crypto.decrypt(crypto.encrypt(ID, COLUMN), COLUMN) == ID
    assert crypto.blind_candidates(ID, "id") == (crypto.blind_index(ID, "id"),)


def test_sealing_a_district_takes_moments() -> None:
    start = time.process_time()
    for _ in range(10_000):
        OLD.encrypt(ID, COLUMN)

    assert time.process_time() - start < 2
