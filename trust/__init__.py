"""How services know one another: signing keys, scoped service tokens, signed messages."""
