"""Ground floor: what every page needs before it knows about data."""
