"""Find and read: a portal's metadata, its files, and the typed tables made of them."""
