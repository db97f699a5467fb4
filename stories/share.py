"""Plain links that hand a story to a network: no script of theirs, nothing asked until they are followed."""

from urllib.parse import quote, urlencode

from stories.edition import Edition
from stories.story import Story


def networks(edition: Edition, story: Story) -> list[tuple[str, str]]:
    """Return name and address of each; empty while the story has no public address."""
    if not edition.address or edition.draft:
        return []
    address, said = edition.address, f"{story.title} {edition.address}"
    return [
        ("WhatsApp", "https://wa.me/?" + urlencode({"text": said})),
        ("Facebook", "https://www.facebook.com/sharer/sharer.php?" + urlencode({"u": address})),
        ("X", "https://x.com/intent/post?" + urlencode({"text": story.title, "url": address})),
        ("Bluesky", "https://bsky.app/intent/compose?" + urlencode({"text": said})),
        ("Telegram", "https://t.me/share/url?" + urlencode({"url": address, "text": story.title})),
        ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?" + urlencode({"url": address})),
        ("E-mail", f"mailto:?subject={quote(story.title)}&body={quote(address)}"),
    ]
