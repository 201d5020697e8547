"""Questions in the formats of other systems: pure readers of text into drafts, problems and losses."""
