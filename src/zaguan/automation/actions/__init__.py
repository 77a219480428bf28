"""One file for each thing that a macro, a bulk change or a rule can do to a ticket."""
