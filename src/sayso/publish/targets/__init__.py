"""Where a feed is published: a folder, S3-compatible storage, SFTP, WebDAV.

An address in, a `Target` out; `base.py` says what every one of them promises. A file appears
whole or not at all, and `replace` writes only over the version that its caller has read. Passwords
and keys come from the environment, an agent or a keyring, never from an address, and no message
holds one.
"""

from sayso.publish.targets.base import Changed, FileForm, Stored, Target, is_name, page_fetcher
from sayso.publish.targets.urls import is_folder, open_target
