// Reads a feed with two parsers of other people, and WebVTT files with a third.
// Usage: node read_feed.mjs FEED [VTT]... ; prints what each found, as JSON.
import { readFileSync } from "node:fs";
import { parseRssFeed } from "feedsmith";
import { parseFeed } from "podcast-partytime";
import webvtt from "webvtt-parser";

const [feedFile, ...vttFiles] = process.argv.slice(2);
const xml = readFileSync(feedFile, "utf8");

const feedsmith = parseRssFeed(xml).items.map((item) => ({
  guid: item.guid.value,
  title: item.title,
  url: item.enclosures[0].url,
  n_bytes: item.enclosures[0].length,
  n_enclosures: item.enclosures.length,
  duration_s: item.itunes.duration,
  date: new Date(item.pubDate).getTime() / 1000,
  chapters_url: item.podcast?.chapters?.url ?? null,
  transcripts: (item.podcast?.transcripts ?? []).map((one) => [one.url, one.type]),
  marks: (item.psc?.chapters ?? []).map((one) => [one.start, one.title]),
}));

const partytime = parseFeed(xml).items.map((item) => ({
  guid: item.guid,
  title: item.title,
  url: item.enclosure.url,
  n_bytes: item.enclosure.length,
  duration_s: item.duration,
  date: new Date(item.pubDate).getTime() / 1000,
  chapters_url: item.podcastChapters?.url ?? null,
  transcripts: (item.podcastTranscripts ?? []).map((one) => [one.url, one.type]),
}));

const vtt = vttFiles.map((file) => {
  const { cues, errors } = new webvtt.WebVTTParser().parse(readFileSync(file, "utf8"), "metadata");
  return {
    cues: cues.map((cue) => [cue.startTime, cue.endTime, cue.text]),
    errors: errors.map((error) => `${error.line}: ${error.message}`),
  };
});

console.log(JSON.stringify({ feedsmith, partytime, vtt }));
