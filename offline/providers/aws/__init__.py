"""The emulated AWS provider: a table of types, the outputs they give, and what replaces them."""
