"""Field envelopes, keyed blind indexes, commitments and masks; the keys live outside the database. Pure but for `keyring`."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, Literal, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

type Provider = Literal["std", "gm"]

VERSION: Final = "v1"
ALGORITHMS: Final[Mapping[Provider, str]] = {"std": "aes256gcm", "gm": "sm4gcm"}
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class CannotDecrypt(Exception):
    """The envelope is damaged, was moved to another column, or its key is missing: something is broken."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Data and index keys by id. `current` seals; every id still opens.

    `provider` chooses the cipher of new envelopes: "std" AES-256-GCM, "gm" SM4-GCM. Old
    envelopes name theirs, so both may stand side by side.
    """

    current: str
    data: Mapping[str, bytes] = field(repr=False)
    index: Mapping[str, bytes] = field(repr=False)
    provider: Provider = "std"

    def __post_init__(self) -> None:
        if self.current not in self.data or self.current not in self.index:
            raise ValueError("the current key id needs a data key and an index key")
        for key in (*self.data.values(), *self.index.values()):
            if len(key) != 32:
                raise ValueError("keys are 32 bytes, 64 hexadecimal digits")
        for key_id in (*self.data, *self.index):
            if not key_id.isalnum():
                raise ValueError("key ids are letters and digits")

    @classmethod
    def read(cls, keys: Mapping[str, Any], *, provider: Provider = "std") -> Self:
        """Read {"current": id, "data": {id: hex}, "index": {id: hex}}; other entries are ignored."""
        return cls(
            current=str(keys["current"]),
            data={key_id: bytes.fromhex(value) for key_id, value in keys["data"].items()},
            index={key_id: bytes.fromhex(value) for key_id, value in keys["index"].items()},
            provider=provider,
        )

    def encrypt(self, plain: str, context: str) -> str:
        """Return the envelope `v1:alg:key_id:nonce:ciphertext`; `context` is "table.column".

        An envelope copied into another column, or relabelled, does not open.
        """
        algorithm = ALGORITHMS[self.provider]
        nonce = os.urandom(NONCE_BYTES)
        bound = _bound(algorithm, self.current, context)
        sealed = _SEAL[algorithm](self.data[self.current], nonce, plain.encode(), bound)
        return f"{VERSION}:{algorithm}:{self.current}:{_text(nonce)}:{_text(sealed)}"

    def decrypt(self, envelope: str, context: str) -> str:
        """Return the text inside an envelope made with the same context; "" for "".

        Raises:
            CannotDecrypt: see there.
        """
        if not envelope:
            return ""
        try:
            version, algorithm, key_id, nonce, sealed = envelope.split(":")
            if version != VERSION:
                raise CannotDecrypt(f"envelope version {version!r} is unknown")
            opened = _OPEN[algorithm](
                self.data[key_id],
                _bytes(nonce),
                _bytes(sealed),
                _bound(algorithm, key_id, context),
            )
        except (ValueError, KeyError, InvalidTag) as broken:
            raise CannotDecrypt(f"an envelope of {context} does not open") from broken
        return opened.decode()

    def is_current(self, envelope: str) -> bool:
        """Say whether an envelope was sealed as one would be sealed now; others are due for rotation."""
        return envelope.startswith(f"{VERSION}:{ALGORITHMS[self.provider]}:{self.current}:")

    def blind_index(self, value: str, purpose: str) -> str:
        """Return "key_id:hex", equal for equal values of one purpose, worthless without the key."""
        return self._index(self.current, value, purpose)

    def blind_candidates(self, value: str, purpose: str) -> tuple[str, ...]:
        """Return the blind index under every live key, the current first: look up with IN."""
        old = (key_id for key_id in self.index if key_id != self.current)
        return tuple(self._index(key_id, value, purpose) for key_id in (self.current, *old))

    def _index(self, key_id: str, value: str, purpose: str) -> str:
        message = f"{purpose}\0{value}".encode()
        return f"{key_id}:{hmac.digest(self.index[key_id], message, 'sha256').hex()}"


def _bound(algorithm: str, key_id: str, context: str) -> bytes:
    return f"{VERSION}:{algorithm}:{key_id}:{context}".encode()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode(), altchars=b"-_", validate=True)


# ----------------------------------------------------------------------------------- ciphers


@lru_cache(maxsize=32)
def _aes(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=32)
def _sm4(key: bytes) -> algorithms.SM4:
    # SM4 takes 128 bits; derived, so that no two ciphers share key material.
    return algorithms.SM4(hmac.digest(key, b"wuju sm4", "sha256")[:16])


def _seal_aes(key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
    return _aes(key).encrypt(nonce, plain, bound)


def _open_aes(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    return _aes(key).decrypt(nonce, sealed, bound)


def _seal_sm4(key: bytes, nonce: bytes, plain: bytes, bound: bytes) -> bytes:
    encryptor = Cipher(_sm4(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _open_sm4(key: bytes, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(_sm4(key), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(bound)
    return decryptor.update(body) + decryptor.finalize()


_SEAL: Final = {"aes256gcm": _seal_aes, "sm4gcm": _seal_sm4}
_OPEN: Final = {"aes256gcm": _open_aes, "sm4gcm": _open_sm4}


# ------------------------------------------------------------------------- commitments, masks


def new_salt() -> str:
    """Return 16 random bytes as hex: one a commitment, kept beside the encrypted value."""
    return secrets.token_hex(16)


def commitment(value: str, salt: str) -> str:
    """Return the SHA-256 of salt and value: proves the value later, tells nothing once the salt is purged."""
    return hashlib.sha256(bytes.fromhex(salt) + value.encode()).hexdigest()


def mask_id(id_number: str) -> str:
    """Return an id number of which only the county and the last four characters show.

    >>> mask_id("621102199001011234")
    '6211**********1234'
    """
    if len(id_number) < 12:
        return "*" * len(id_number)
    return f"{id_number[:4]}{'*' * (len(id_number) - 8)}{id_number[-4:]}"


def mask_phone(phone: str) -> str:
    """Return a phone number without its middle.

    >>> mask_phone("13800001234")
    '138****1234'
    """
    if len(phone) < 7:
        return "*" * len(phone)
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


# ------------------------------------------------------------------------ the installation's


def new_keys(current: str = "k1") -> dict[str, Any]:
    """Return fresh keys in the form `Keys.read` takes, to be kept outside the database."""
    return {
        "current": current,
        "data": {current: secrets.token_hex(32)},
        "index": {current: secrets.token_hex(32)},
    }


_configured: list[Keys] = []


def configure(keys: Keys | None) -> None:
    """Use these keys from now on; None goes back to the settings."""
    _configured[:] = [keys] if keys else []


def keyring() -> Keys:
    """Return the keys in use: those configured, else those of the installation's settings."""
    if not _configured:
        from django.conf import settings  # noqa: PLC0415 - the one place that knows Django, and only when asked

        provider: Provider = "gm" if getattr(settings, "WUJU_CIPHERS", "std") == "gm" else "std"
        _configured.append(Keys.read(settings.WUJU_KEYS, provider=provider))
    return _configured[0]


def encrypt(plain: str, context: str) -> str:
    """Seal with the installation's current key; see `Keys.encrypt`."""
    return keyring().encrypt(plain, context)


def decrypt(envelope: str, context: str) -> str:
    """Open with the installation's keys; see `Keys.decrypt`."""
    return keyring().decrypt(envelope, context)


def blind_index(value: str, purpose: str) -> str:
    """Index with the installation's current key; see `Keys.blind_index`."""
    return keyring().blind_index(value, purpose)


def blind_candidates(value: str, purpose: str) -> tuple[str, ...]:
    """Index with every live key of the installation; see `Keys.blind_candidates`."""
    return keyring().blind_candidates(value, purpose)
