#!/bin/bash
# The same as shell.sh by someone who knows what costs time: one run of the engine, loudness by a
# meter and a plain gain, a limiter that does not oversample.   clever.sh SENTENCES OUT.mp3 MUSIC COVER.jpg
set -euo pipefail
sentences=$1 out=$2 music=$3 cover=$4
voice=(-v en-us+benjamin -s 160) # sayso's own choice
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

espeak-ng "${voice[@]}" -f "$sentences" -w "$work/speech.wav"
inputs=(-i "$music/intro.flac" -i "$work/speech.wav" -i "$music/outro.flac")
join='[1:a]aresample=44100,pan=stereo|c0=c0|c1=c0[voice];[0:a][voice][2:a]concat=n=3:v=0:a=1'
lufs=$(ffmpeg -hide_banner -nostats "${inputs[@]}" \
  -filter_complex "$join,ebur128=framelog=verbose[all]" -map '[all]' -f null - 2>&1 |
  sed -n 's/^ *I: *\(-[0-9.]*\) LUFS/\1/p' | tail -1)
gain=$(awk -v lufs="$lufs" 'BEGIN { print -16 - lufs + 0.45 }')  # LAME takes 0.45 dB at 128 kbit/s
limiter='alimiter=limit=0.86:attack=5:release=50:level=false'
ffmpeg -v error -y "${inputs[@]}" -i "$cover" \
  -filter_complex "$join,volume=${gain}dB,$limiter[all]" -map '[all]' -map 3:v -c:v copy \
  -disposition:v attached_pic -c:a libmp3lame -b:a 128k \
  -id3v2_version 3 -metadata title=Episode -metadata artist=Show "$out"
