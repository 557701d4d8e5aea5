"""Sentences that an engine's own rules may bite: for `conformance`, which see.

In each, `[bait|other]` stands for two texts alike but for one word. An engine that says only what
it is given says the rest of both the same way. What the rules that we have met make of each bait
is said beside it; they were found behind hibari, espeak-ng and piper.
"""

from __future__ import annotations

import re

_BAITS = """
# a numeral after a word that counts: "book one have", "part one liked"
The best [book|film] I have seen.
The [part|song] I liked most is the end.
The [chapter|story] I know by heart is short.
Every [level|garden] I played was empty.
The [type|kind] I wanted was sold out.
The [class|school] I took was full.
That [act|man] I can forgive.
The [scene|room] I remember is dark.
The [volume|printer] I bought is heavy.
One [episode|evening] I skipped was good.
This is the [stage|moment] I feared.
The [round|party] I lost was the last.
What [grade|name] I gave it is clear.
The [section|garden] I know is closed.
The [phase|mood] I mean is over.
Which [article|paper] I meant is clear.
The [mark|dog] I missed was small.
# a name before a name: "Henry the zeroth Cavill", "Rocky zero Lane"
[Henry|Harvey] Cavill rides home.
[James|Jason] Cameron went down again.
[Queen|Aunt] Victoria waits.
[King|Old] Lear waits for nobody.
[Peter|Dora] Cushing was ill.
[George|Bob] Lucas came back.
[Richard|Rosa] Linklater waits.
[Charles|Bob] Laughton waits.
[Louis|Dora] Vuitton sells bags.
[Edward|Emma] Lear wrote songs.
[Nicholas|Dora] Cage shouts.
[Mark|Bob] Lester sang.
[Alexander|Amanda] Calder hung wires.
[William|Dora] Casey answered.
[Elizabeth|Amanda] Vance sings.
[Catherine|Dora] Lacey writes.
[Philip|Dora] Larkin read aloud.
[Christian|Dora] Cooke fights.
[Frederick|Dora] Chopin plays.
[Leo|Dora] Cullum drew.
[Ivan|Dora] Lendl won.
[Rocky|Dora] Lane rode.
[Apollo|Dora] Creed fell.
[Gemini|Dora] Lights played.
[Pope|Aunt] Liam stood up.
# short words at the end that are also abbreviations: "number", "January", "figure"
The answer is [no|low].
He likes my friend [Jan|Jill].
She ate the [fig|pig].
The kids call him [Rev|Bob].
We slept in the [Sun|Room].
# and before a name: "General Urobuchi", "Senator Dog", "Father Martin"
Then [Gen|Ken] Urobuchi wrote it.
Then [Sen|Ken] Dog raps.
Then [Rep|Ken] Nation sang.
Then [Col|Ken] Needham answered.
Then [Maj|Ken] Sjowall wrote.
Then [Hon|Ken] Lee sang.
# letters that stay letters
[Type|Plan] C is worse.
[Class|Plan] M has the better sound.
[Malcolm|Dora] X has the better score.
One [X|K] factor is gone.
She sings with the [C|P] major choir.
[Act|Plan] V was cut.
[Volume|Plan] D was cut.
[Section|Plan] L was cut.
One [IV|TV] stands beside the bed.
The [VI|TV] stands beside the bed.
The song [II|TV] stands alone.
# capitals and small letters: "US", "AM"
They filmed [us|them] in the park.
The band let [it|me] sleep.
The [AM|PM] show is over.
# numbers that are words already
He came in twenty [ten|six].
She works nine to [five|six].
The cake was cut in one [half|go].
It opens at half past [seven|two].
They were two [thirds|friends] short.
# what a word looks like a unit, a title or a sign of
The Wizard of [Oz|Bob] is old.
We met in [Mt|Big] Joy.
The [km|TV] stands alone.
He met the [doctor|teacher] again.
She drove to Main [Street|Garden] again.
It was Batman [versus|despite] Superman.
# marks and pictures that nobody reads out: "tilde", "exclamation", "fire"
The end [~ was|was] near.
The end [# was|was] near.
The end [🔥 was|was] near.
Stop[!Then|! Then] he went.
The end[:now|: now] it is near.
The [long/short|long short] one was near.
"""

BAITS: tuple[tuple[str, str], ...] = tuple(
    (re.sub(r"\[([^|]*)\|[^]]*\]", r"\1", line), re.sub(r"\[[^|]*\|([^]]*)\]", r"\1", line))
    for line in _BAITS.splitlines()
    if line and not line.startswith("#")
)
"""Pairs of a bait and its twin."""
