"""Audio in, MP3 out: loudness metered, peaks limited, sound encoded.

Chunks come in as samples and leave as frames that can be strung together in any order.
Promises: the same samples give the same bytes, and a changed chunk changes only its own frames.
"""

from sayso.master.encode import (
    encode_blocks,
    encoder_ceiling_db,
    encoder_version,
    makeup_gain_db,
)
from sayso.master.frame_check import FrameFinding, check_frames
from sayso.master.frames import BITRATES_KBPS, SAMPLE_RATES, Mp3Format
from sayso.master.info import info_header
from sayso.master.limiter import LimitResult, limit
from sayso.master.mastering import MasteredChunk, master_windows
from sayso.master.mp3 import Encoded, Mp3File, write_mp3
from sayso.master.truepeak import true_peak_db
from sayso.mix.chunk_grid import FRAME, LEAD_FRAMES, TAIL_FRAMES
