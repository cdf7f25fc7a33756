"""Image files: figures rendered from a PDF or taken from the HTML, written as WebP."""
