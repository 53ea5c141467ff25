/** What scripts and WXS find without importing it, and the behaviours the platform brings along. */

const TYPES = ["Array", "Number", "String", "Boolean", "Object", "Function", "RegExp", "Date"];

/** The functions WXS has besides JavaScript's own. */
export function defineWxs() {
  globalThis.getRegExp = (pattern, flags) => new RegExp(pattern, flags);
  globalThis.getDate = (...parts) => new Date(...parts);
  globalThis.__typeOfWxs = (value) => {
    if (value === null || value === undefined) throw new TypeError(`Cannot read property 'constructor' of ${value}`);
    const type = Object.prototype.toString.call(value).slice(8, -1);
    return TYPES.includes(type) ? type : undefined;
  };
}

/**
 * Page, Component, Behavior, App, getApp and getCurrentPages. Gives `define(id, load)`: run a script as the one of the
 * component `id`.
 */
export function defineGlobals(space, G) {
  const behaviors = {
    "wx://form-field": space
      .behavior()
      .definition({ properties: { name: String, value: null } })
      .register(),
    "wx://form-field-group": space.behavior().register(),
    "wx://form-field-button": space.behavior().register(),
    "wx://component-export": space.behavior().register(),
  };
  const known = (definition) => {
    const named = definition?.behaviors?.map((one) => {
      if (typeof one !== "string") return one;
      if (!behaviors[one]) throw new Error(`the preview has no behavior "${one}"`);
      return behaviors[one];
    });
    return named ? { ...definition, behaviors: named } : definition;
  };
  let now = null;
  const define = (id, load) =>
    space.componentEnv(id, (env) => {
      now = env;
      load();
    });
  globalThis.Page = (definition) => now.Page(known(definition));
  globalThis.Component = (definition) => now.Component(known(definition));
  globalThis.Behavior = (definition) => now.Behavior(known(definition));
  globalThis.App = (definition) => {
    G.app = Object.assign(G.app ?? {}, definition);
  };
  globalThis.getApp = () => (G.app ??= {});
  globalThis.getCurrentPages = () => G.stack.map((page) => page.inst);
  return define;
}

/**
 * What every component gets: it is "ready" once it has been drawn (glass-easel leaves that to its host), and its element
 * tells what it is, for the `:host` of components that share their styles.
 */
export function overallBehavior(space) {
  return space
    .behavior()
    .definition({
      lifetimes: {
        attached() {
          this._$.$$?.setAttribute("data-is", this.is);
          requestAnimationFrame(() => this._$.triggerLifetime("ready", []));
        },
      },
    })
    .register()._$;
}

/** createSelectorQuery() knows fields() and context(); the platform has node() as well, and `node` in fields(). */
export function addNodeQuery(query) {
  const nodes = Object.getPrototypeOf(query.select("view"));
  const all = Object.getPrototypeOf(query);
  if (nodes.node) return;
  const withNode = (row) => (row && "context" in row ? { ...row, node: row.context } : row);
  const each = (rows) => (Array.isArray(rows) ? rows.map(withNode) : withNode(rows));
  const { fields } = nodes;
  nodes.fields = function (wanted, told = () => {}) {
    return fields.call(this, wanted.node ? { ...wanted, context: true } : wanted, (found) => told(each(found)));
  };
  nodes.node = function (told) {
    return this.fields({ node: true }, told);
  };
  const { exec } = all;
  all.exec = function (told = () => {}) {
    return exec.call(this, (rows) => told(rows.map(each)));
  };
}
