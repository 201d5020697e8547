"""The GraphQL contract: types, inputs, scalars, and the committed snapshot `schema.graphql`."""
