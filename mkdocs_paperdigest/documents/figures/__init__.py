"""Where the figures of a PDF are, which captions they have, and which ones are shown."""
