"""What other services are served: tests, attempts and logs as rows in their order, and standings taken back."""
