/** What is wrong with the sources: collected, so that one build tells everything at once. */
import path from "node:path";

export class Findings {
  constructor(root) {
    this.root = root;
    this.rows = [];
    this.seen = new Set();
  }

  /**
   * Note a mistake at a place.
   * `file` is an absolute path or an id below the root; `line` and `column` count from 1 and may be left out.
   */
  add(file, line, column, message) {
    const name = path.isAbsolute(file) ? path.relative(this.root, file) : file;
    const text = `${[name, line, column].filter(Boolean).join(":")} ${message}`;
    if (this.seen.has(text)) return;
    this.seen.add(text);
    this.rows.push(text);
  }

  get count() {
    return this.rows.length;
  }
}

/** Line and column, both from 1, of an offset in a text. */
export function placeOf(text, offset) {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}
