"""What invigilators do during a sitting, and what they see of it."""
