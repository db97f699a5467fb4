"""Who may do what to a story, and when: rules without effects."""

from typing import Literal

from web.values import Value

Role = Literal["author", "curator", "admin"]
State = Literal["draft", "submitted", "published", "withdrawn"]
Step = Literal["edit", "submit", "publish", "approve", "send_back", "withdraw", "rebake"]


class Standing(Value):
    """Where a story stands: the revision waiting for approval, and its life in public."""

    revision: int
    submitted: int | None = None
    published: int | None = None
    withdrawn: bool = False

    @property
    def state(self) -> State:
        """The one word for it; a live story with a waiting revision is ``submitted``."""
        if self.submitted is not None:
            return "submitted"
        if self.published is not None:
            return "published"
        return "withdrawn" if self.withdrawn else "draft"

    @property
    def has_newer_edits(self) -> bool:
        """Whether the author went on writing after what readers see."""
        return self.published is not None and self.revision > self.published


def refusal(step: Step, standing: Standing, role: str, *, owns: bool, authors_publish: bool) -> str | None:
    """Return the problem code that forbids a step, or None when it is allowed."""
    curates = role in ("curator", "admin")
    if not (owns or curates):
        return "story_forbidden"
    if step in ("approve", "send_back"):
        if not curates:
            return "story_review_forbidden"
        return None if standing.submitted is not None else "story_not_submitted"
    if step == "publish" and not (curates or authors_publish):
        return "story_publish_forbidden"
    if step in ("withdraw", "rebake") and standing.published is None:
        return "story_not_published"
    return None
