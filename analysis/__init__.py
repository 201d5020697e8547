"""The Analysis Platform: from the attempt log to reports that teachers and students read."""
