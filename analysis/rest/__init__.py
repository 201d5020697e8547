"""The REST interface of the analysis platform: routes that each say who may use them, and problem documents."""
