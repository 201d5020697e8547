"""Reading what a report is about from the test platform: streams that go on after a cut, made into frames."""
