"""What can go wrong with portals, files and tables, in words."""

from web.i18n import N_, sentences

sentences(
    package_invalid=N_(
        "The portal describes {where} without an id or with files that are no list, so it is left out."
    ),
    portal_silent=N_("The portal {where} does not answer. The last data stays; try again later."),
    portal_moved=N_(
        "The portal {where} sends us to another host ({to}). Use that address if it is the same portal."
    ),
    portal_forbidden=N_(
        "The portal {where} refuses to answer “{action}” without an account. Ask who runs it to open its API."
    ),
    portal_not_ckan=N_("What {where} answers is not CKAN’s. Check the address; the last data stays."),
    portal_broken=N_(
        "The portal {where} sent an answer that is cut off or unreadable. The last data stays; try again later."
    ),
    portal_incomplete=N_(
        "The portal {where} left out {missing} of the datasets it counts. Nothing was removed; try again later."
    ),
    portal_shrunk=N_(
        "{gone} of {stored} datasets vanished at once from {where}, so none was removed. "
        "If that is meant, synchronise with --accept-gone."
    ),
    dump_missing=N_("There is no readable file {where}. Check its path."),
    dump_broken=N_(
        "The file {where} cannot be read beyond line {line}: it is cut off or not JSON. The last data stays."
    ),
    dump_not_ckan=N_("The file {where} holds no CKAN packages. Make one with “ckanapi dump datasets --all”."),
    dump_partial=N_("The file {where} holds {held} of the {listed} datasets its portal lists."),
    sync_running=N_("Another synchronisation is running. Wait until it ends."),
    dataset_unknown=N_(
        "There is no dataset {where}. Its portal may have withdrawn or renamed it; search for it."
    ),
    resource_unknown=N_(
        "There is no file {where} in the catalogue. Its portal may have withdrawn it; search for its dataset."
    ),
    table_unknown=N_("There is no table {where}. Open its file again from the dataset’s page."),
    reading_failed=N_("Reading {where} failed on our side. The other files work; we try again in an hour."),
)
