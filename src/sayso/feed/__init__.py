"""What a feed is: `rss/` reads, writes and updates one; `validation/` holds one against every rule.

In: the bytes of a feed, a channel, its items. Out: the bytes of a feed, what has changed in it, and
findings. Promises that an existing feed loses nothing that it held.
"""
