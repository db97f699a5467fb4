"""Measure Relato on this machine; each part prints a Markdown table and can write it into docs/performance.md."""
