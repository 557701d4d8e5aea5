"""The feed room: finished episodes in, a podcast feed and a site on a server out.

Promises: a GUID and a date never change once given; what the feed announces has been verified where
listeners fetch it; killed at any instant, the next run ends where an undisturbed one would have.
"""
