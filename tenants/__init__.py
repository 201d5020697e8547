"""Who the customers are: registry, scope, roles and the permission table, settings."""
