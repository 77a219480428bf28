"""SQLite for many writers: Django's backend, with turns."""
