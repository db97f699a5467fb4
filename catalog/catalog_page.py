"""What every page of the catalogue shares."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from catalog.catalog import Catalog
from catalog.impacts import Uses
from catalog.models import Dataset
from catalog.views import Views
from web.pages import Page
from web.values import Refused

Answer = TypeVar("Answer")


class CatalogPage(Page):
    """A page of the catalogue; slow work runs in a thread, answers may be kept and revalidated."""

    catalog: Catalog
    views: Views
    uses: Uses

    async def off_loop(self, work: Callable[[], Answer]) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(None, work)

    def keep(self) -> None:
        """Let caches keep the answer as long as they ask whether it is still the same."""
        if self.account is None:
            self.set_header("Cache-Control", "public, no-cache")

    def argument(self, name: str) -> str:
        return self.get_query_argument(name, "") or ""

    def find(self, name: str) -> Dataset:
        dataset = self.catalog.dataset(name)
        if dataset is None:
            raise Refused("dataset_unknown", name)
        return dataset
