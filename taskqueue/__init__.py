"""The task queue: other services hand it work over REST, and it makes sure that the work is done."""
