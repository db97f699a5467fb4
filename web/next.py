"""Where a visitor may be led: to our own pages only."""

from urllib.parse import urlsplit

from web import urls


def safe_next(path: str) -> str:
    """Return a path on this site to go to after signing in, or the studio when it leads elsewhere.

    Browsers read backslashes and control characters in their own ways; such paths are not followed.
    """
    has_trick = "\\" in path or any(ord(letter) < 33 or ord(letter) == 127 for letter in path)
    if has_trick or not path.startswith("/") or path.startswith("//"):
        return urls.STUDIO
    parts = urlsplit(path)
    return urls.STUDIO if parts.scheme or parts.netloc else path
