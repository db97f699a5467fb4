"""``/datasets/<name>/check/<resource id>``: how a file was read, each column to be corrected by who answers for it."""

from typing import Any

from catalog import checking
from catalog.catalog_page import CatalogPage
from catalog.choices import Choices
from catalog.models import Table
from catalog.preview import Look, rows
from web import urls
from web.values import Refused

SHOWN = 10


class CheckPage(CatalogPage):
    """What was understood of a file; curators correct it for everybody, and everybody sees who did when."""

    async def get(self, name: str, resource_id: str) -> None:
        table = self._table(name, resource_id)
        values = await self.off_loop(lambda: self._shown(resource_id, table))
        self.set_header("Cache-Control", "private, no-cache")
        dataset = self.find(name)
        resource = next(r for r in dataset.resources if r.id == resource_id)
        self.page("catalog_check.html", wide=True, dataset=dataset, resource=resource, table=table, **values)

    def _shown(self, resource_id: str, table: Table) -> dict[str, Any]:
        said = self.catalog.corrections(resource_id)
        was = self.catalog.table(self.argument("was")) if self.argument("was") else None
        chosen = table.column(self.argument("column"))
        warnings, changes = checking.remarks(table, self.language)
        found = rows(self.catalog.parquet(table.id), table, Look(), self.language)
        return {
            "heads": checking.heads(table, said, self.language),
            "rows": found.rows[:SHOWN],
            "warnings": warnings,
            "changes": changes,
            "chosen": chosen,
            "choice": checking.of_column(said, chosen.name) if chosen else None,
            "said": said,
            "types": checking.types(self.language),
            "roles": checking.roles(self.language),
            "differences": checking.differences(was, table, self.language)
            if was and was.id != table.id
            else (),
            "was_same": was is not None and was.id == table.id,
            "history": [(at, self._by(by)) for at, by, _ in self.catalog.files.kept.history(resource_id)],
            "may": self.account is not None and self.account.may("curator"),
        }

    def _by(self, account: str) -> str:
        return account or self._("somebody")

    def _table(self, name: str, resource_id: str) -> Table:
        if not any(r.id == resource_id for r in self.find(name).resources):
            raise Refused("resource_unknown", resource_id)
        table = self.catalog.table_of(resource_id)
        if table is None:
            raise Refused("check_unread", resource_id)
        return table

    async def post(self, name: str, resource_id: str) -> None:
        account = self.require("curator")
        before = self._table(name, resource_id)
        form = {field: self.get_body_argument(field) for field in self.request.body_arguments}
        said = self.catalog.corrections(resource_id)
        match form.get("do"):
            case "column":
                wanted = checking.with_column(said, form.get("column", ""), form)
            case "layout":
                wanted = checking.with_layout(said, form)
            case "forget":
                wanted = Choices()
            case _:
                raise Refused("choice_unknown", form.get("do", ""), reason=form.get("do", ""))
        await self.off_loop(lambda: self.catalog.correct(resource_id, wanted, account.name))
        self.redirect(urls.check(name, resource_id, was=before.id))
