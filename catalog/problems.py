"""What can go wrong with portals, files and tables, in words."""

from web.i18n import N_, sentences

sentences(
    check_unread=N_("This file is not read yet. Open its dataset, wait until it is read, and come back."),
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
    column_renamed=N_("The column “{where}” seems to be called “{to}” now. Use that one in its charts."),
    column_gone=N_("The column “{where}” is gone. Its charts keep the older data."),
    column_new=N_("There is a new column “{where}”."),
    column_retyped=N_("The column “{where}” was {was} and is {is} now. Check its charts."),
    values_gone=N_("The column “{where}” lost {n} of its values, such as “{example}”."),
    rows_changed=N_("The table had {was} rows and has {is} now."),
    table_unknown=N_("There is no table {where}. Open its file again from the dataset’s page."),
    reading_stopped=N_("You stopped reading this file. Open it again when you like."),
    reading_failed=N_("Reading {where} failed on our side. The other files work; we try again in an hour."),
)

# Reading and fetching files.
sentences(
    # The child that reads or fetches.
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
    # Files that hold no table we can read.
    file_unreadable=N_("The file {where} cannot be opened ({reason})."),
    file_empty=N_("The file is empty: it has no bytes. Ask its publisher for it."),
    file_blank=N_("The file holds only blanks. Ask its publisher for the data."),
    file_html=N_(
        "This is a web page, not a table: the download address has probably died. Ask the portal for the new one."
    ),
    file_xml=N_(
        "This XML holds no records that make a table. Look for a CSV, XLSX or JSON of the same data."
    ),
    file_pdf=N_("This is a PDF, not a table. Ask its publisher for the data as CSV or XLSX."),
    file_image=N_("This is a picture, not a table. Ask its publisher for the data as CSV or XLSX."),
    file_document=N_(
        "This is a text document or presentation, not a table. Ask its publisher for CSV or XLSX."
    ),
    file_archive=N_(
        "This is a RAR or 7-Zip archive, which we do not open. Ask for a ZIP or for the file itself."
    ),
    file_binary=N_("This is a program or another binary file, not a table."),
    file_encrypted=N_("The file is protected with a password. Ask its publisher for an open copy."),
    file_broken=N_("The file is damaged or incomplete ({reason}). Download it again or ask its publisher."),
    file_encoding=N_("The letters of the file cannot be decoded as {encoding}. Save it as UTF-8."),
    json_broken=N_("The JSON is not well formed near line {line}: {reason}."),
    json_error=N_(
        "This is the answer of a service that failed ({reason}), not data. Ask the portal for the address of the file."
    ),
    json_too_deep=N_("The JSON is nested too deeply to hold a table."),
    json_too_large=N_("A JSON file of more than {megabytes} MB is not read. Publish it as CSV or Parquet."),
    line_too_long=N_("One line has more than {characters} characters, so this is not a table."),
    too_many_columns=N_("The file has {n} columns; at most 5,000 are read. Check its separator."),
    too_many_rows=N_("The file has {n} rows, more than are read in this format. Publish it as CSV."),
    sheet_too_wide=N_(
        "A sheet spans {rows} rows and {columns} columns, most of them empty. Delete the stray far cells and save it again."
    ),
    sheet_unknown=N_("There is no sheet {where}. Its sheets are: {sheets}."),
    layer_unknown=N_("There is no layer {where}. Its layers are: {layers}."),
    table_part_unknown=N_("There is no table number {part}: the file offers {n}, counted from 0."),
    archive_bomb=N_("The archive unfolds to more than {megabytes} MB, so it was not opened."),
    archive_entries=N_("The archive holds {n} files; at most 1,000 are looked at."),
    archive_nested=N_("The archive holds archives within archives, more than {n} deep."),
    archive_empty=N_("The archive holds no file to read."),
    no_table=N_("There is no table here, only text. Look for another file of the same dataset."),
    cell_unknown=N_("There is no cell in row {row} of the column “{where}”; the table has {n} rows."),
    cell_unordered=N_(
        "The rows of a file this large are put in order of time, so a row has no number in the original."
    ),
    choice_unknown=N_("This correction is not known: {reason}."),
    header_beyond=N_("Row {row} cannot be the header: the file has {n} rows. Choose another row."),
    no_rows=N_("The file names its columns but has no rows."),
    # What was understood, for the data card.
    preamble_skipped=N_("Lines above the header that are titles or notes, not data: {n}."),
    header_levels=N_("The header has {n} rows; they were joined into one name per column."),
    no_header=N_(
        "No row names the columns: they are numbered by position. Look for the dataset’s dictionary."
    ),
    tag_row_skipped=N_("A row of tags or numbers next to the header (“{example}”) is not data."),
    blank_rows=N_("Blank rows skipped: {n}."),
    short_rows=N_("Rows with fewer cells than the header, completed with blanks: {n}."),
    rows_too_long=N_("Rows with more cells than the header, set aside: {n}, such as “{example}”."),
    cells_outside=N_(
        "Rows with something written beside the table, left out of it: {n}, such as “{example}”."
    ),
    notes_below=N_(
        "Rows below the table that are notes or have no data, set aside: {n}, such as “{example}”."
    ),
    repeated_headers=N_("Rows that repeat the header, set aside: {n}."),
    sections=N_("Rows that are titles of sections, such as “{example}”, became a column: {n}."),
    merged_filled=N_("Cells that take the value of the merged cell covering them: {n}."),
    groups_filled=N_("{where}: blank cells that take the name of their group, written above them: {n}."),
    date_joined=N_("A date was made from {where}."),
    table_chosen=N_("The sheet holds {n} tables; this is “{where}”."),
    wide_table=N_(
        "{n} columns are periods ({first} to {last}); the table is also offered with one row per period."
    ),
    lengthened=N_("{n} columns of periods ({first} to {last}) became rows."),
    blank_names=N_("Columns without a name, called by their position: {n}."),
    repeated_names=N_("Column names that repeat, such as “{example}”, were numbered: {n}."),
    sheet_chosen=N_("The file has {n} sheets; this is “{where}”."),
    member_chosen=N_("The archive has {n} files; this is “{where}”."),
    folders_joined=N_("{n} folders of the map are one table, with the folder’s name in a column."),
    records_found=N_("The rows were found inside “{where}”."),
    markup_read=N_("The table was found inside a web page or XML file."),
    fixed_width=N_("The columns were split by their positions: the text has no separator."),
    read_nulls=N_("{where}: cells with {words} mean “no data”: {n}."),
    read_nulls_all=N_("{where}: cells with {words} mean “no data”."),
    read_numbers=N_("{where}: values such as “{example}” read as numbers: {n}."),
    read_dates=N_("{where}: values such as “{example}” read as dates: {n}."),
    read_serials=N_("{where}: numbers such as “{example}” read as dates, as Excel counts them: {n}."),
    read_epochs=N_("{where}: numbers such as “{example}” read as times counted since 1970: {n}."),
    read_booleans=N_("{where}: values read as yes or no ({words}): {n}."),
    kept_codes=N_("{where}: codes such as “{example}” stay text, with their zeros."),
    projected=N_("{where}: the coordinates were in {crs} and are now degrees."),
    metres_read=N_("{where} and {other} are metres ({crs}); latitude and longitude were computed from them."),
    geometry_swapped=N_("{where}: shapes whose latitude was written first, turned round: {n}."),
    geometry_repaired=N_("{where}: shapes that crossed themselves, repaired: {n}."),
    corrected=N_("A person corrected how this file is read: {where}."),
    renamed=N_("A person calls the column “{where}” “{to}”."),
    encoding_read=N_("The letters were written in {encoding}."),
    # What a person should check.
    grid_assumed=N_(
        "{where} and {other} are metres, but nothing says of which grid; {crs} fits their range, and latitude and longitude were computed from it."
    ),
    choice_missed=N_(
        "The file no longer has the column “{where}” that a person corrected. Check the correction."
    ),
    role_unfit=N_(
        "{where} cannot play the role {role}, because it holds no numbers. Correct its type first."
    ),
    name_taken=N_("Another column is already called “{to}”, so “{where}” keeps its name. Choose another."),
    cells_not_read=N_(
        "{where}: cells that do not fit the type of the column, left out: {n}, such as {example}."
    ),
    limits_left_out=N_("{where}: cells such as “{example}” that state only a limit, left out of sums: {n}."),
    decimals_assumed=N_(
        "{where}: values such as “{example}” could be decimals or thousands; they were read as decimals."
    ),
    thousands_assumed=N_(
        "{where}: values such as “{example}” could be decimals or thousands; they were read as thousands."
    ),
    date_order_assumed=N_(
        "{where}: nothing proves whether “{example}” starts with the day or the month; the day was assumed."
    ),
    total_rows=N_("Rows that are totals of others: {n}. Leave them out before adding up (column is_total)."),
    period_totals=N_(
        "{where}: rows such as “{example}” that are totals of a year: {n}. Leave them out before adding up (column is_total)."
    ),
    geometry_broken=N_("{where}: shapes that cannot be read, left out: {n}."),
    geometry_off_earth=N_("{where}: shapes outside the earth, left out: {n}."),
    encoding_mixed=N_("The file mixes encodings; the odd letters were read as Windows-1252."),
    mojibake=N_("Letters broken before publication: {n}, such as “{example}”."),
    characters_lost=N_("Letters lost before publication, shown as �: {n}."),
    quote_unclosed=N_("Line {line} opens a quote and never closes it; it was read as plain text."),
    # Fetching.
    url_scheme=N_("The address {where} is no http or https address."),
    url_forbidden=N_("The address {where} leads to a private network, so it is not fetched."),
    url_outside=N_("The address {where} points outside the folder of its dump."),
    url_missing=N_("This resource has no address to download from."),
    fetch_missing=N_(
        "There is nothing at {where} (the server answers {status}). Ask the portal for the new address."
    ),
    fetch_failed=N_("{where} could not be downloaded ({reason}). Try again later."),
    fetch_status=N_("The server of {where} answers {status}. Try again later."),
    fetch_large=N_("The file at {where} is larger than {megabytes} MB, the limit of this Relato."),
    fetch_redirects=N_("{where} redirects more than {n} times."),
    fetch_short=N_("The download of {where} broke off at {got} of {expected} bytes. Try again later."),
    fetch_time=N_("The download of {where} took more than {seconds} seconds. Try again later."),
)
