// Reads a feed with two independent parsers and its WebVTT files with a third.
// Usage: node read_feed.mjs FEED [VTT]... ; prints what they found as JSON.
import { readFileSync } from "node:fs";
import { parseRssFeed } from "feedsmith";
import { parseFeed } from "podcast-partytime";
import webvtt from "webvtt-parser";

const [feedFile, ...vttFiles] = process.argv.slice(2);
const xml = readFileSync(feedFile, "utf8");
console.log(JSON.stringify({ f: parseRssFeed(xml), p: parseFeed(xml) }, null, 1));
