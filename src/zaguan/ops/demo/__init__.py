"""A lively sample installation: people, inboxes, and ninety days of conversations."""
