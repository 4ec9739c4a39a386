"""How a flow is written: Markdown in, a `Flow` or numbered diagnostics out."""
