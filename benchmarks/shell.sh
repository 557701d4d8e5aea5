#!/bin/bash
# The pipeline that one writes in a shell: a sentence at a time, music around it, loudness in two
# passes, MP3.   shell.sh SENTENCES OUT.mp3 MUSIC COVER.jpg
# SENTENCES has one a line; MUSIC is a folder with intro.flac and outro.flac.
set -euo pipefail
sentences=$1 out=$2 music=$3 cover=$4
voice=(-v en-us+benjamin -s 160) # sayso's own choice
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

number=0
while IFS= read -r sentence; do
  number=$((number + 1))
  wav=$(printf '%s/%05d.wav' "$work" "$number")
  espeak-ng "${voice[@]}" -w "$wav" -- "$sentence"
  echo "file '$wav'" >> "$work/list.txt"
done < "$sentences"
ffmpeg -v error -f concat -safe 0 -i "$work/list.txt" -c copy "$work/speech.wav"

ffmpeg -v error -i "$music/intro.flac" -i "$work/speech.wav" -i "$music/outro.flac" \
  -filter_complex '[1:a]aresample=44100,pan=stereo|c0=c0|c1=c0[voice];
                   [0:a][voice][2:a]concat=n=3:v=0:a=1[all]' \
  -map '[all]' -c:a pcm_s16le "$work/all.wav"

target='loudnorm=I=-16:TP=-1:LRA=11'
measured=$(ffmpeg -hide_banner -nostats -i "$work/all.wav" -af "$target:print_format=json" \
  -f null - 2>&1)
value() { sed -n "s/.*\"$1\" : \"\(.*\)\".*/\1/p" <<< "$measured"; }
loudness="$target:measured_I=$(value input_i):measured_TP=$(value input_tp)"
loudness+=":measured_LRA=$(value input_lra):measured_thresh=$(value input_thresh)"
loudness+=":offset=$(value target_offset):linear=true"
ffmpeg -v error -y -i "$work/all.wav" -i "$cover" -map 0:a -map 1:v -c:v copy \
  -disposition:v attached_pic -af "$loudness" -ar 44100 -c:a libmp3lame -b:a 128k \
  -id3v2_version 3 -metadata title=Episode -metadata artist=Show "$out"
