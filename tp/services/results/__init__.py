"""What staff and students see of marks, and the gates between."""
