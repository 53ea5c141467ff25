/** Sounds as WAV files: 16 bit, one channel (Microsoft, RIFF WAVE). */

export const RATE = 16000;

/** Samples from -1 to 1 as the bytes of a file. */
export function wav(samples, rate = RATE) {
  const bytes = new ArrayBuffer(44 + samples.length * 2);
  const view = new DataView(bytes);
  const word = (at, text) => [...text].forEach((sign, index) => view.setUint8(at + index, sign.charCodeAt(0)));
  word(0, "RIFF");
  view.setUint32(4, 36 + samples.length * 2, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  word(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((value, at) => view.setInt16(44 + at * 2, Math.max(-1, Math.min(1, value)) * 0x7fff, true));
  return bytes;
}

/** What a phone without a microphone records: a tone that rises and falls, like somebody humming. */
export function hum(seconds, rate = RATE) {
  const samples = new Float32Array(Math.max(1, Math.round(seconds * rate)));
  let phase = 0;
  for (let at = 0; at < samples.length; at += 1) {
    const time = at / rate;
    phase += (2 * Math.PI * (180 + 50 * Math.sin(2 * Math.PI * 1.3 * time))) / rate;
    samples[at] = 0.35 * Math.sin(phase) * (0.6 + 0.4 * Math.sin(2 * Math.PI * 3.1 * time));
  }
  return samples;
}
