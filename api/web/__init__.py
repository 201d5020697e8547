"""The web frontends, served as files: the student player and the staff console."""
