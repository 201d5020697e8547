"""An exam day: thousands of students at their own pace, from the gate to the last mark, every answer verified."""
