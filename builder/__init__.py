"""Ask and draw: chart specifications, queries over all rows, plans, marks."""
