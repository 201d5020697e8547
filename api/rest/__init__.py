"""The REST interface for services, under `/v1`: routes that each say who may use them, and problem documents."""
