"""What an administrator lets be written down about a ticket, a contact or an organisation."""
