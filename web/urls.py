"""Every path, spelled once."""

from urllib.parse import quote, urlencode

HOME = "/"
SEARCH = "/search"
BUILD = "/build"
STUDIO = "/studio"
STORIES = "/stories"
IMAGES = "/studio/images"
TODAY = "/today"
FEED = "/stories.atom"
SITEMAP = "/sitemap.xml"
DESK = "/desk"
LOGIN = "/login"
LOGOUT = "/logout"
REGISTER = "/register"
JOIN = "/join"
ACCOUNT = "/account"
PEOPLE = "/desk/people"
FRONT = "/desk/front"
COLLECTIONS_DESK = "/desk/collections"
FIGURES = "/desk/figures"
LOG = "/desk/log"
CATALOG_DESK = "/desk/catalog"
COUNT = "/api/count"
OIDC = "/login/oidc"
OIDC_BACK = "/login/oidc/back"
HEALTH = "/healthz"
OEMBED = "/oembed"
STATIC = "/assets"
OPENAPI = "/api/openapi.json"
SUGGEST = "/api/suggest"


def _with(path: str, **query: str | int | None) -> str:
    kept = {name: value for name, value in query.items() if value not in (None, "")}
    return f"{path}?{urlencode(kept)}" if kept else path


def search(text: str = "", **query: str | int | None) -> str:
    return _with(SEARCH, q=text, **query)


def dataset(name: str) -> str:
    return f"/datasets/{quote(name, safe='')}"


def file(dataset_name: str, resource_id: str) -> str:
    """Path of a dataset's file as we fetched it."""
    return f"{dataset(dataset_name)}/files/{quote(resource_id, safe='')}"


def check(dataset_name: str, resource_id: str, **query: str | int | None) -> str:
    """Path of how a dataset's file was read, to be corrected."""
    return _with(f"{dataset(dataset_name)}/check/{quote(resource_id, safe='')}", **query)


def build(*, resource: str | None = None, chart: str | None = None, spec: str | None = None) -> str:
    return _with(BUILD, resource=resource, chart=chart, spec=spec)


def chart(chart_id: str, form: str | None = None) -> str:
    return f"/api/charts/{chart_id}.{form}" if form else f"/charts/{chart_id}"


def embed(chart_id: str) -> str:
    return f"/embed/{chart_id}"


def oembed(address: str) -> str:
    return _with(OEMBED, url=address)


def story(slug: str) -> str:
    return f"{STORIES}/{slug}/"


def review(story_id: str) -> str:
    """Path of one story at the desk."""
    return f"{DESK}/{story_id}"


def collection(slug: str) -> str:
    return f"/collections/{slug}"


def theme(name: str) -> str:
    """Path of the published stories of a theme."""
    return _with(STORIES, theme=name)


def edition(slug: str, number: int) -> str:
    """Path of one edition of a story, for good."""
    return f"{STORIES}/{slug}@{number}/"


def today(slug: str, chart: str) -> str:
    """Path of a published chart beside the same chart of today's data; ``slug`` may name an edition."""
    return f"{TODAY}/{slug}/{chart}"


def editor(story_id: str, **query: str | int | None) -> str:
    """Path of the story editor; one Panel route, so the story is named in the query."""
    return _with(f"{STUDIO}/story", id=story_id, **query)


def add_to_story(chart_id: str) -> str:
    """Path where the author picks the story a saved chart goes to."""
    return _with(f"{STUDIO}/add", chart=chart_id)


def join(token: str) -> str:
    """Path of a link that makes an account or a new password."""
    return f"{JOIN}/{token}"


def sign_in(then: str) -> str:
    """Path of the login that leads back to a path of ours."""
    return _with(LOGIN, next=then)


def preview(story_id: str, revision: int) -> str:
    """Path of a revision as it would be published; for its author and curators."""
    return f"{STUDIO}/preview/{story_id}/{revision}/"


def history(story_id: str) -> str:
    return f"{STUDIO}/history/{story_id}"


def difference(story_id: str, before: int, after: int) -> str:
    """Path of what changed between two versions of a story."""
    return f"{history(story_id)}/{before}/{after}"


def asset(name: str) -> str:
    return f"{STATIC}/{name}"
