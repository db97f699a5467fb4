"""The secret is made by us, kept to ourselves, and never a sample."""

from pathlib import Path

import pytest

from web.secret import WeakSecret, load_secret


def test_the_first_start_makes_a_secret_only_we_can_read(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    secret = load_secret(path)
    assert len(secret) == 64
    assert path.stat().st_mode & 0o777 == 0o600
    assert load_secret(path) == secret


@pytest.mark.parametrize("text", ["", "secret", "changeme", "a" * 64, "secret" * 10, "0123456789" * 3])
def test_weak_and_sample_secrets_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secret"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(WeakSecret, match="too easy"):
        load_secret(path)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_secret_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "secret"
    load_secret(path)
    path.chmod(mode)
    with pytest.raises(WeakSecret, match="chmod 600"):
        load_secret(path)
