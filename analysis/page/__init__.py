"""The page of a report: tables and plots that need no script, to be read and printed."""
