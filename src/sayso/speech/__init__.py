"""Speech: a script's paragraphs become lines, and lines become takes.

In: an edited script and the show's cast. Out: for each sentence a `Take`, clean 16-bit speech.
Promises that a sentence voiced once is never voiced again, and that takes depend on nothing but
engine, voice, speed and text: not on order, jobs, or what was said before.
"""
