"""How conversations travel: one folder per channel."""
