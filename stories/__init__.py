"""Tell: stories, their revisions, their published pages."""
