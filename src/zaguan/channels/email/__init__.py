"""The e-mail channel: from bytes to an Incoming message and back."""
