"""Ground floor: what every page needs before it knows about data."""

VERSION = "0.1.0"
