"""What a person sees in a terminal: colours, trees, tables and a line that moves.

Leaves out what programs read, which is printed as it is. Modules here import rich, which is why nothing imports them
before there is something to show.
"""
