"""The sentences of starting questions, of the reasons for a chart, and of what to beware of."""

from web.i18n import N_, sentences

sentences(
    asks_before_after=N_("How has each {group} changed from the first to the last year?"),
    because_before_after=N_("“{time}” has a first and a last year: two dots for each group of “{group}”."),
    asks_count_by_year=N_("How has the number of rows changed by year?"),
    asks_count_by_quarter=N_("How has the number of rows changed by quarter?"),
    asks_count_by_month=N_("How has the number of rows changed by month?"),
    asks_count_by_week=N_("How has the number of rows changed by week?"),
    asks_count_by_day=N_("How has the number of rows changed by day?"),
    asks_count_by_hour=N_("How has the number of rows changed by hour?"),
    asks_sum_by_year=N_("How has the total of {measure} changed by year?"),
    asks_sum_by_quarter=N_("How has the total of {measure} changed by quarter?"),
    asks_sum_by_month=N_("How has the total of {measure} changed by month?"),
    asks_sum_by_week=N_("How has the total of {measure} changed by week?"),
    asks_sum_by_day=N_("How has the total of {measure} changed by day?"),
    asks_sum_by_hour=N_("How has the total of {measure} changed by hour?"),
    asks_mean_by_year=N_("How has the average of {measure} changed by year?"),
    asks_mean_by_quarter=N_("How has the average of {measure} changed by quarter?"),
    asks_mean_by_month=N_("How has the average of {measure} changed by month?"),
    asks_mean_by_week=N_("How has the average of {measure} changed by week?"),
    asks_mean_by_day=N_("How has the average of {measure} changed by day?"),
    asks_mean_by_hour=N_("How has the average of {measure} changed by hour?"),
    because_time_count=N_("“{time}” is a date: the rows can be counted over time."),
    because_time_sum=N_("“{time}” is a date and “{measure}” an amount: change over time."),
    because_time_mean=N_(
        "“{time}” is a date and “{measure}” a number that cannot be added up: its average over time."
    ),
)
sentences(
    asks_count_by_group=N_("Which {group} has the most rows?"),
    asks_sum_by_group=N_("Which {group} has the highest total of {measure}?"),
    asks_mean_by_group=N_("Which {group} has the highest average of {measure}?"),
    because_group_count=N_("“{group}” names groups: bars of how many rows each has."),
    because_group_sum=N_("“{group}” names groups and “{measure}” is an amount: its total in each."),
    because_group_mean=N_(
        "“{group}” names groups and “{measure}” is a number that cannot be added up: its average in each."
    ),
    asks_split=N_("How is each {group} made up by {split}?"),
    because_two_groups=N_(
        "“{group}” and “{split}” both name groups: the one with fewer values gives the colour."
    ),
    asks_parts=N_("How is the whole divided by {group}?"),
    because_parts=N_("“{group}” has many groups that add up to a whole: areas show their share."),
    because_few_parts=N_("“{group}” has few groups that add up to a whole: parts of a ring."),
    asks_made_up_over_time=N_("How has the share of each {group} changed over time?"),
    because_adds_up_over_time=N_(
        "“{time}” is a date and the groups of “{group}” add up: areas on top of one another."
    ),
    asks_pairs=N_("Which {x} and {y} come together most?"),
    because_pairs=N_("“{x}” and “{y}” both name many groups: a cell for each pair."),
    asks_count_compared=N_("How has each {group} changed over time?"),
    asks_sum_compared=N_("How has the total of {measure} changed in each {group}?"),
    asks_mean_compared=N_("How has the average of {measure} changed in each {group}?"),
    because_time_group=N_("“{time}” is a date and “{group}” names groups: a line for each of the largest."),
)
sentences(
    asks_count_by_place=N_("Where on the map are there most rows?"),
    asks_sum_by_place=N_("Where on the map is the total of {measure} highest?"),
    asks_mean_by_place=N_("Where on the map is the average of {measure} highest?"),
    because_place=N_("“{place}” names places of a known map."),
    beware_totals_on_map=N_(
        "A map of totals mostly shows where more people live; a rate per inhabitant compares places fairly."
    ),
    beware_few_averaged=N_("Some of these averages rest on fewer than {few} rows, so one row can move them."),
    beware_few_rows=N_("Only {n} rows are counted here: too few to speak of a pattern."),
    beware_many_colors=N_("{n} colours are hard to tell apart; fewer groups read better."),
    asks_where=N_("Where are they?"),
    asks_where_dense=N_("Where are they concentrated?"),
    because_coordinates=N_("“{latitude}” and “{longitude}” place each row on the map."),
    asks_spread=N_("How are the values of {measure} spread?"),
    because_number=N_("“{measure}” is a number: intervals show which values are usual and which are rare."),
    asks_together=N_("Do {x} and {y} rise together?"),
    because_two_numbers=N_("“{x}” and “{y}” are numbers: each row is a point between them."),
)
