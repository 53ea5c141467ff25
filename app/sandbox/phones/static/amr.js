/**
 * A small voice file: AMR narrow-band in the storage format of RFC 4867 §5, which is what WeChat sends.
 * "#!AMR\n", then one frame for every 20 ms; a frame starts with a byte whose bits 6–3 are its type.
 */

const HEAD = [0x23, 0x21, 0x41, 0x4d, 0x52, 0x0a];
const FRAMES_A_SECOND = 50;
/** Bytes after the frame's first one, by frame type (RFC 4867 §3.6 and 3GPP TS 26.101): 4.75 … 12.2 kbit/s, SID. */
const BODY = { 0: 12, 1: 13, 2: 15, 3: 17, 4: 19, 5: 20, 6: 26, 7: 31, 8: 5, 15: 0 };
/** Frame type 0 (4.75 kbit/s) with the quality bit set. */
const QUIET = 0x04;

/** That many whole seconds of silence. */
export function makeAmr(seconds) {
  const size = 1 + BODY[0];
  const bytes = new Uint8Array(HEAD.length + seconds * FRAMES_A_SECOND * size);
  bytes.set(HEAD);
  for (let at = HEAD.length; at < bytes.length; at += size) bytes[at] = QUIET;
  return bytes;
}

/** The length in seconds, or null when the bytes are not such a file. */
export function amrSeconds(bytes) {
  if (HEAD.some((byte, at) => bytes[at] !== byte)) return null;
  let frames = 0;
  for (let at = HEAD.length; at < bytes.length; frames += 1) {
    const body = BODY[(bytes[at] >> 3) & 0x0f];
    if (body === undefined) return null;
    at += 1 + body;
  }
  return frames / FRAMES_A_SECOND;
}

/** How long it takes to say a sentence: about four characters a second, within the 60 seconds WeChat allows. */
export const spokenSeconds = (text) => Math.min(60, Math.max(2, Math.ceil([...text].length / 4)));
