"""The MkDocs plugin: events, configuration, and what makes a build beside other plugins fast."""
