"""From a review to an episode: `pipeline.STAGES` is the table to read first."""
