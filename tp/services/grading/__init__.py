"""From a closed log and an answer key to exact marks, and again when the key is corrected."""
