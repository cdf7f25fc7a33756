"""Writes pages into a folder for other site generators, as plain CommonMark if wanted."""
