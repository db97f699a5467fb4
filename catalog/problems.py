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
    dump_damaged=N_("The file {where} is damaged or cut off. The last data stays; make it again."),
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

# Reading and fetching files.
sentences(
    child_time=N_(
        "Reading took more than {seconds} seconds and was stopped. Publish the file in smaller parts."
    ),
    child_memory=N_(
        "Reading needed more than {megabytes} MB of memory and was stopped. Publish the file in smaller parts."
    ),
    child_output=N_("The file unfolds to more than {megabytes} MB, so it was not read."),
    child_died=N_(
        "The reader of this file stopped ({reason}). The file is probably damaged; download and open it to check."
    ),
    cancelled=N_("Reading was cancelled."),
    file_unreadable=N_("The file {where} cannot be opened ({reason})."),
    file_empty=N_("The file is empty: it has no bytes. Ask its publisher for it."),
    file_blank=N_("The file holds only blanks. Ask its publisher for the data."),
    file_html=N_(
        "This is a web page, not a table: the download address probably died. Ask the portal for the new one."
    ),
    file_xml=N_(
        "This is XML of a kind we do not read as a table. Look for a CSV, XLSX or JSON of the same data."
    ),
    file_pdf=N_("This is a PDF, not a table. Ask its publisher for the data as CSV or XLSX."),
    file_image=N_("This is a picture, not a table. Ask its publisher for the data as CSV or XLSX."),
    file_document=N_(
        "This is a text document or presentation, not a table. Ask its publisher for CSV or XLSX."
    ),
    file_archive=N_(
        "This is a RAR or 7-Zip archive, which we do not open. Publish it as ZIP or as the file itself."
    ),
    file_binary=N_("This is a program or binary file, not a table."),
    file_encrypted=N_("The file is protected with a password. Ask its publisher for an open copy."),
    file_broken=N_("The file is damaged or incomplete ({reason}). Download it again or ask its publisher."),
    file_encoding=N_("The letters of the file cannot be decoded as {encoding}. Save it as UTF-8."),
    json_broken=N_("The JSON is not well formed near line {line}: {reason}."),
    json_too_deep=N_("The JSON is nested too deeply to hold a table."),
    json_too_large=N_("A JSON file of more than {megabytes} MB is not read. Publish it as CSV or Parquet."),
    line_too_long=N_("A line has more than {characters} characters: this is not a table."),
    too_many_columns=N_("The file has {n} columns; at most 5,000 are read. Check its separator."),
    too_many_rows=N_("The file has {n} rows, more than can be read in this format. Publish it as CSV."),
    sheet_too_wide=N_(
        "A sheet spans {rows} rows and {columns} columns, most of them empty: delete the stray far cells and save it again."
    ),
    sheet_unknown=N_("There is no sheet {where}. Its sheets are: {sheets}."),
    layer_unknown=N_("There is no layer {where}. Its layers are: {layers}."),
    table_part_unknown=N_("The file offers {n} tables; there is no number {part}."),
    archive_bomb=N_("The archive unfolds to more than {megabytes} MB, so it was not opened."),
    archive_entries=N_("The archive holds {n} files; at most 1,000 are looked at."),
    archive_nested=N_("There are more than {n} archives inside one another."),
    archive_empty=N_("The archive holds no file to read."),
    no_table=N_("There is no table here, only text. Look for another file of the same dataset."),
    no_rows=N_("The file names its columns but has no rows."),
    # What was understood, for the data card.
    preamble_skipped=N_("{n} lines above the header are titles or notes, not data."),
    header_levels=N_("The header has {n} rows; they were joined into one name per column."),
    no_header=N_(
        "No row names the columns: they are numbered by position. Look for the dataset’s dictionary."
    ),
    tag_row_skipped=N_("A row of tags or numbers below the header (“{example}”) is not data."),
    blank_rows=N_("{n} blank rows were skipped."),
    short_rows=N_("{n} rows have fewer cells than the header; the missing ones are empty."),
    rows_too_long=N_("{n} rows have more cells than the header and were set aside, such as “{example}”."),
    notes_below=N_(
        "{n} rows below the table are notes or have no data, such as “{example}”; they were set aside."
    ),
    repeated_headers=N_("{n} rows repeat the header and were set aside."),
    sections=N_("{n} rows are titles of sections, such as “{example}”; they became a column."),
    merged_filled=N_("{n} cells take the value of the merged cell that covers them."),
    groups_filled=N_("{where}: {n} blank cells take the name of their group, written above them."),
    date_joined=N_("A date was made from {where}."),
    table_chosen=N_("The sheet holds {n} tables; this is “{where}”."),
    wide_table=N_(
        "{n} columns are periods ({first} to {last}); the table is also offered with one row per period."
    ),
    lengthened=N_("{n} columns of periods ({first} to {last}) became rows."),
    blank_names=N_("{n} columns have no name and are called by their position."),
    repeated_names=N_("{n} column names repeat, such as “{example}”; they were numbered."),
    sheet_chosen=N_("The file has {n} sheets; this is “{where}”."),
    member_chosen=N_("The archive has {n} files; this is “{where}”."),
    folders_joined=N_("{n} folders of the map are one table, with the folder’s name in a column."),
    records_found=N_("The rows were found inside “{where}”."),
    read_nulls=N_("{where}: {n} cells with {words} mean “no data”."),
    read_numbers=N_("{where}: {n} values such as “{example}” were read as numbers."),
    read_dates=N_("{where}: {n} values such as “{example}” were read as dates."),
    read_serials=N_("{where}: {n} numbers such as “{example}” are dates as Excel counts them."),
    read_epochs=N_("{where}: {n} numbers such as “{example}” are times counted since 1970."),
    read_booleans=N_("{where}: {n} values were read as yes or no ({words})."),
    kept_codes=N_("{where}: codes such as “{example}” stay text, with their zeros."),
    metres_read=N_("{where} and {other} are metres ({crs}); latitude and longitude were computed from them."),
    projected=N_("{where}: the coordinates were in {crs} and are now degrees."),
    geometry_repaired=N_("{where}: {n} shapes crossed themselves and were repaired."),
    encoding_read=N_("The letters were written in {encoding}."),
    # What a person should check.
    cells_not_read=N_(
        "{where}: {n} cells such as {example} are not of the column’s type ({type}) and are left out."
    ),
    limits_left_out=N_("{where}: {n} cells such as “{example}” state only a limit and are left out of sums."),
    decimals_assumed=N_(
        "{where}: values such as “{example}” could be decimals or thousands; they were read as decimals."
    ),
    thousands_assumed=N_(
        "{where}: values such as “{example}” could be decimals or thousands; they were read as thousands."
    ),
    date_order_assumed=N_(
        "{where}: nothing proves whether “{example}” starts with the day or the month; the day was assumed."
    ),
    total_rows=N_("{n} rows are totals of others: leave them out before adding up (column is_total)."),
    period_totals=N_(
        "{where}: {n} rows such as “{example}” are totals of a year; leave them out before adding up (column is_total)."
    ),
    markup_read=N_("The table was found inside a web page or XML file."),
    fixed_width=N_("The columns were split by their positions: the text has no separator."),
    geometry_broken=N_("{where}: {n} shapes cannot be read and are left out."),
    geometry_off_earth=N_("{where}: {n} shapes lie outside the earth and are left out."),
    encoding_mixed=N_("The file mixes encodings; the odd letters were read as Windows-1252."),
    mojibake=N_("{n} letters were broken before publication, such as “{example}”."),
    characters_lost=N_("{n} letters were lost before publication and show as �."),
    quote_unclosed=N_("Line {line} opens a quote and never closes it; it was read as plain text."),
    # Fetching.
    url_scheme=N_("The address {where} is no http or https address."),
    url_forbidden=N_("The address {where} leads to a private network, so it is not fetched."),
    url_outside=N_("The address {where} points outside the folder of its dump."),
    url_missing=N_("This resource has no address to download from."),
    fetch_missing=N_(
        "There is nothing at {where} (the portal answers {status}). Ask the portal for the new address."
    ),
    fetch_failed=N_("{where} could not be downloaded ({reason}). Try again later."),
    fetch_status=N_("The server of {where} answers {status}. Try again later."),
    fetch_large=N_("The file at {where} is larger than {megabytes} MB, the limit of this Relato."),
    fetch_redirects=N_("{where} redirects more than {n} times."),
    fetch_short=N_("The download of {where} broke off: {got} of {expected} bytes. Try again later."),
    fetch_time=N_("The download of {where} took more than {seconds} seconds. Try again later."),
)
