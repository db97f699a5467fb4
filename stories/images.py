"""Pictures of stories: written anew in a child process, in several sizes, without what they told of their maker."""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from catalog import child
from stories.story import Image, Story
from web.values import Refused, Value

WIDTHS = (480, 960, 1600)
MOST_BYTES = 15_000_000
MOST_PIXELS = 60_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
QUALITY = 80
LIMITS = child.Limits(memory_mb=1536, seconds=30, output_mb=32)
NAME = re.compile(r"[0-9a-f]{16}-[0-9]{1,4}\.webp")


class Picture(Value):
    """A picture as kept: its name, and the size of its largest drawing."""

    image: str
    width: int
    height: int


class Images:
    """The folder of uploaded pictures; each file is named by the hash of what was uploaded."""

    def __init__(self, folder: Path):
        self.folder = folder

    def keep(self, uploaded: bytes) -> Picture:
        """Write an uploaded picture anew in every size.

        Raises Refused: ``image_large``, ``image_unreadable``, or what a child's limits refuse.
        """
        if len(uploaded) > MOST_BYTES:
            raise Refused("image_large", megabytes=MOST_BYTES // 1_000_000)
        name = hashlib.sha256(uploaded).hexdigest()[:16]
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=self.folder) as work:
            source = Path(work) / "uploaded"
            source.write_bytes(uploaded)
            width, height = child.run(
                "stories.images:write_here", {"path": str(source), "work": work}, LIMITS
            )
            for size in sizes(width):
                made = Path(work) / f"{size}.webp"
                made.replace(self.folder / f"{name}-{size}.webp")
        return Picture(image=name, width=width, height=height)

    def file(self, name: str) -> bytes:
        """Return one size of a picture; raises Refused ``image_unknown``."""
        if not NAME.fullmatch(name):
            raise Refused("image_unknown", where=name)
        try:
            return (self.folder / name).read_bytes()
        except OSError:
            raise Refused("image_unknown", where=name) from None

    def has(self, block: Image) -> bool:
        """Tell whether every size of a picture is here."""
        return all((self.folder / name).is_file() for name in files_of(block))


def sizes(width: int) -> tuple[int, ...]:
    """Return the widths a picture is offered in, the largest its own."""
    smaller = tuple(each for each in WIDTHS if each < width)
    return (*smaller, width)


def files_of(block: Image) -> tuple[str, ...]:
    """Return the names of a picture's files."""
    return tuple(f"{block.image}-{width}.webp" for width in sizes(block.width)) if block.image else ()


def every_file(story: Story) -> tuple[str, ...]:
    """Return the names of all pictures of a story."""
    return tuple(name for block in story.blocks if isinstance(block, Image) for name in files_of(block))


def write_here(
    path: str, work: str, progress: Callable[[int, int | None], None] | None = None
) -> tuple[int, int]:
    """Write a picture in every size, in this process; return the largest size."""
    from PIL import Image as Pixels
    from PIL import ImageOps

    try:
        with Pixels.open(path, formats=FORMATS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Refused("image_large_pixels", megapixels=MOST_PIXELS // 1_000_000)
            opened.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
            turned = ImageOps.exif_transpose(opened)
            plain = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    except (OSError, ValueError, SyntaxError, Pixels.DecompressionBombError) as error:
        raise Refused("image_unreadable", reason=type(error).__name__) from None
    plain.thumbnail((WIDTHS[-1], 2 * WIDTHS[-1]), Pixels.Resampling.LANCZOS)
    for width in sizes(plain.width):
        _write(plain, width, Path(work) / f"{width}.webp")
    return plain.width, plain.height


def _write(plain: Any, width: int, path: Path) -> None:
    """Write one size; only pixels are carried over."""
    height = max(1, round(plain.height * width / plain.width))
    sized = plain if width == plain.width else plain.resize((width, height))
    bare = sized.copy()
    bare.info = {}
    bare.save(path, "WEBP", quality=QUALITY, method=4)
    os.chmod(path, 0o644)
