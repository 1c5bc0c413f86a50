"""Judges of orders: what must stand before something else is made, although neither names the other."""
