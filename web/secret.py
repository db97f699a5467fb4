"""The key that signs builder sessions: made at the first start, readable by us alone."""

import os
import secrets
from pathlib import Path

LENGTH = 32


class WeakSecret(Exception):
    """The secret file cannot be trusted; the message says why and what to do."""


def load_secret(path: Path) -> bytes:
    """Return the secret in a file, creating it with mode 0600 when there is none.

    Raises WeakSecret when others may read it, when it is short, or when it is a
    sample (few different characters).
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(LENGTH))
    if path.stat().st_mode & 0o077:
        raise WeakSecret(f"{path} can be read by others: run “chmod 600 {path}”.")
    secret = path.read_bytes().strip()
    if len(secret) < LENGTH or len(set(secret)) < 10:
        raise WeakSecret(f"{path} is too easy to guess: delete it and start again to have one made.")
    return secret
