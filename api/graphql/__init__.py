"""GraphQL over HTTP: requests, limits, the access rule, execution and answers, over any schema."""
