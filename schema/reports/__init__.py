"""Reports as staff and students see them: a module a report, from the rows that the analysis platform made."""
