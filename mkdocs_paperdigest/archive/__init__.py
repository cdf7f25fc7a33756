"""Records of papers that people review, edit and commit."""
