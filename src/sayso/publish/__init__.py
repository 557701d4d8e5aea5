"""Finished episodes and a show's settings in, a feed and a site on a target out.

`api` is the face; `steps.STEPS` is the whole protocol, in order. Promises: GUIDs and dates are in
the ledger before anything leaves the machine; the feed names nothing that has not been verified;
killed at any instant, the next run ends where an undisturbed one would have; publishers at the same
time lose nothing.
"""
