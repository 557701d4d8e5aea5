"""`sayso preview`: a local page where a script is edited and heard. Files stay the truth."""
