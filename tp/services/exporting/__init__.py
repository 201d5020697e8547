"""What leaves the platform as a file: the results of a test, everything of a tenant; and a tenant's removal."""
