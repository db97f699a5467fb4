"""Ready accounts for a try on one's own machine."""

import hashlib
import hmac

from web.accounts import Role
from web.settings import Settings
from web.site import Site

AUTHOR = "author@demo.local"
PEOPLE: dict[str, tuple[str, Role]] = {
    AUTHOR: ("Autora de prueba", "author"),
    "curator@demo.local": ("Curadora de prueba", "curator"),
}


def is_for_trying(settings: Settings) -> bool:
    """Whether only this machine reaches us, and only the demo portal is shown."""
    return settings.is_demo and settings.is_local and not settings.public_url and settings.role != "public"


def accounts(site: Site) -> dict[str, str]:
    """Return the passwords of the demo accounts by e-mail, creating those accounts when missing.

    Anywhere but on a machine for trying, the accounts are removed and nothing is returned.
    Passwords derive from the secret, so they are the same at each start and differ everywhere.
    """
    if not is_for_trying(site.settings):
        for email in PEOPLE:
            site.accounts.remove(email)
        return {}
    passwords = {email: _password(site.secret, email) for email in PEOPLE}
    for email, (name, role) in PEOPLE.items():
        if site.accounts.by_email(email) is None:
            site.accounts.create(email, name, role, passwords[email])
    return passwords


def _password(secret: bytes, email: str) -> str:
    return hmac.new(secret, email.encode(), hashlib.sha256).hexdigest()[:12]
