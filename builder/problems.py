"""The sentences of what the builder refuses or warns about."""

from web.i18n import N_, sentences

sentences(
    no_such_mark=N_("There is no chart type “{where}”. Those that exist: {known}."),
    no_such_column=N_("This table has no column “{where}”. Close to it: {near}."),
    channel_missing=N_("A chart of type “{mark}” also needs “{where}”: choose a column for it."),
    channel_unused=N_("A chart of type “{mark}” has no “{where}”: remove it or choose another type."),
    field_missing=N_("Choose the column for “{where}”."),
    measure_without_aggregate=N_(
        "Say how to combine “{where}” within each group: count, distinct, sum, mean, median, min or max."
    ),
    group_with_aggregate=N_("“{where}” groups the rows, so it cannot be a {aggregate} itself."),
    number_needed=N_("“{where}” has no numbers to compute a {aggregate} of; count its values instead."),
    number_needed_on_axis=N_("“{channel}” needs numbers, and “{where}” has none."),
    position_needed=N_("“{where}” is neither time nor number, so it has no place along a line; use bars."),
    time_needed=N_("“{where}” has no dates, so it cannot be shown by {unit}."),
    time_too_fine=N_("“{where}” is known by {grain}; it cannot be shown by {unit}."),
    bins_range=N_("Choose between 1 and 100 intervals for “{where}”."),
    place_needed=N_("The values of “{where}” match no map known here."),
    not_groupable=N_("“{where}” holds shapes, which cannot group rows."),
    limit_range=N_("Choose between 1 and 1,000 groups."),
    filter_bounds=N_("“{where}” has no order, so it has no “from” and “to”; choose values instead."),
    filter_value=N_("“{value}” is not a value “{where}” can have."),
    filter_many=N_("The filter on “{where}” lists {n} values; the most is 1,000."),
    too_many_positions=N_(
        "“{where}” has more than {most} different values along the axis; choose a coarser step or intervals."
    ),
    query_slow=N_(
        "Counting took more than {seconds} seconds and was stopped. Add a filter or group by fewer columns."
    ),
    query_failed=N_("The table could not be counted. Read the file again or tell the administrators."),
    chart_unknown=N_("There is no chart “{where}”. It may have been deleted."),
    chart_forbidden=N_("Only the author or a curator can change this chart. Save your own copy."),
    chart_unnamed=N_("Give the chart a name of 1 to 200 characters."),
    oembed_format=N_("Only “json” is offered here: ask again with format=json."),
    spec_unreadable=N_("This is not a chart this version can read: {reason}"),
    body_too_large=N_("The request is larger than {most} bytes."),
    edit_mark_none=N_("There is no chart type “{where}”. Choose one of the pictures."),
    edit_mark_impossible=N_("This table has no columns for that type of chart. Choose another picture."),
    edit_measure_none=N_("“{where}” cannot be measured so in this chart. Choose another measure."),
    edit_group_none=N_("“{where}” cannot group the rows of this chart. Choose another column."),
    edit_split_none=N_("“{where}” cannot colour this chart. Choose another column."),
    view_mark=N_("A chart of type “{where}” cannot show that view of its numbers. Choose another type."),
    view_adds_up=N_("Only counts and sums add up to a whole; choose one of them first."),
    view_order=N_("Only periods one after the other have a period before; group by time first."),
    view_people=N_("The inhabitants of these places are not known here."),
    form_none=N_("A chart of type “{mark}” cannot be taken away as {where}. Choose another form."),
    edit_facet_none=N_("The chart cannot be repeated for each “{where}”. Choose another column."),
    edit_column_none=N_("This table has no column “{where}”. Choose one of those listed."),
    edit_range_backwards=N_("The range of “{where}” ends ({high}) before it begins ({low}). Swap them."),
    edit_limit_out=N_("Choose between 1 and {most} groups."),
    edit_choice_none=N_("“{where}” is not one of the choices. Choose again."),
    build_nothing_to_draw=N_("This table has no columns to draw. Its rows are on the dataset's page."),
    build_nothing_chosen=N_(
        "Nothing is chosen to draw yet. Search for a dataset and open one of its charts."
    ),
    build_failed=N_(
        "This chart could not be drawn: the fault is ours. Undo, or choose another type of chart."
    ),
    build_nothing_drawn=N_("There is no chart to take away. Undo, or remove a filter."),
)
