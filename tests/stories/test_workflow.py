import pytest

from stories.workflow import Standing, refusal

DRAFT = Standing(revision=1)
WAITING = Standing(revision=2, submitted=2)
LIVE = Standing(revision=3, published=3)
EDITED = Standing(revision=4, published=3)
GONE = Standing(revision=3, withdrawn=True)


def test_the_state_is_derived():
    states = [standing.state for standing in (DRAFT, WAITING, LIVE, EDITED, GONE)]
    assert states == ["draft", "submitted", "published", "published", "withdrawn"]
    assert EDITED.has_newer_edits
    assert not LIVE.has_newer_edits
    assert Standing(revision=5, published=3, submitted=5).state == "submitted"


@pytest.mark.parametrize(
    ("step", "standing", "role", "owns", "open_house", "code"),
    [
        ("edit", DRAFT, "author", True, False, None),
        ("edit", DRAFT, "author", False, True, "story_forbidden"),
        ("edit", DRAFT, "curator", False, False, None),
        ("submit", DRAFT, "author", True, False, None),
        ("publish", DRAFT, "author", True, True, None),
        ("publish", DRAFT, "author", True, False, "story_publish_forbidden"),
        ("publish", DRAFT, "author", False, True, "story_forbidden"),
        ("publish", DRAFT, "curator", False, False, None),
        ("approve", WAITING, "author", True, True, "story_review_forbidden"),
        ("approve", WAITING, "curator", False, False, None),
        ("approve", DRAFT, "curator", False, False, "story_not_submitted"),
        ("send_back", WAITING, "admin", False, False, None),
        ("send_back", LIVE, "admin", False, False, "story_not_submitted"),
        ("withdraw", LIVE, "author", True, False, None),
        ("withdraw", GONE, "author", True, False, "story_not_published"),
    ],
)
def test_who_may_do_what_when(step, standing, role, owns, open_house, code):
    assert refusal(step, standing, role, owns=owns, authors_publish=open_house) == code
