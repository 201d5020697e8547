"""The path of a student: assigned, started, saved, resumed, submitted; and closed when nobody does it."""
