/**
 * Where the files of a mini-program are: its own below the root, those of npm packages in node_modules, known by the
 * ids they have on the phone ("pages/home/home", "miniprogram_npm/tdesign-miniprogram/button/button").
 */
import fs from "node:fs";
import path from "node:path";

/** TDesign's icon is a font from a content network; ours takes its place. */
const ICON_OF_TDESIGN = /tdesign-miniprogram\/miniprogram_dist\/icon\/icon$/;
export const NPM = "miniprogram_npm/";
/** Folders and files of the root that are not part of the mini-program. */
export const NOT_OURS = /^(node_modules|miniprogram_npm|types)$/;

export const readJson = (file) => JSON.parse(fs.readFileSync(file, "utf8"));
export const isFile = (file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
export const isFolder = (file) => fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;

export class Files {
  constructor(root) {
    this.root = root;
    this.packages = new Map();
  }

  /** The folder with the mini-program files of an npm package, or null. */
  npmFolder(name) {
    if (this.packages.has(name)) return this.packages.get(name);
    for (let at = this.root; ; at = path.dirname(at)) {
      const folder = path.join(at, "node_modules", name);
      if (isFile(path.join(folder, "package.json"))) {
        const found = path.join(folder, readJson(path.join(folder, "package.json")).miniprogram || "miniprogram_dist");
        if (fs.existsSync(found)) {
          this.packages.set(name, found);
          return found;
        }
      }
      if (at === path.dirname(at)) return null;
    }
  }

  /** The id of an absolute path. */
  idOf(file) {
    for (const [name, folder] of this.packages)
      if (file.startsWith(folder + path.sep)) return NPM + name + file.slice(folder.length);
    return path.relative(this.root, file);
  }

  /** The absolute path of an id. */
  pathOf(id) {
    if (!id.startsWith(NPM)) return path.join(this.root, id);
    const [name, rest] = splitPackage(id.slice(NPM.length));
    return path.join(this.npmFolder(name), rest);
  }

  /** What `spec` means when the file `from` says it: an absolute path without an ending. */
  resolve(spec, from) {
    return spec.startsWith("/") ? path.join(this.root, spec) : path.join(path.dirname(from), spec);
  }

  /** A component by the word of `usingComponents`: an absolute path without an ending, or null. */
  component(spec, from) {
    const near = this.resolve(spec, from);
    const candidates = [near, path.join(near, "index")];
    if (!/^[./]/.test(spec)) {
      const [name, rest] = splitPackage(spec);
      const folder = this.npmFolder(name);
      if (folder) candidates.push(path.join(folder, rest), path.join(folder, rest, "index"));
    }
    const found = candidates.find((file) => isFile(file + ".json"));
    if (!found) return null;
    const ours = path.join(this.root, "components/icon/icon");
    return ICON_OF_TDESIGN.test(found) && isFile(ours + ".json") ? ours : found;
  }

  /** The script of a page or component: its absolute path, or null. TypeScript goes first. */
  script(stem) {
    return [".ts", ".js"].map((ending) => stem + ending).find(isFile) ?? null;
  }
}

/** "tdesign-miniprogram/button/button" → ["tdesign-miniprogram", "button/button"]; scopes are understood. */
export function splitPackage(spec) {
  const parts = spec.split("/");
  const cut = spec.startsWith("@") ? 2 : 1;
  return [parts.slice(0, cut).join("/"), parts.slice(cut).join("/")];
}
