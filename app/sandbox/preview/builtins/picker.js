/** <picker> in all its modes but region, whose table of places is the platform's own. */
import { field, fire, host, reachable } from "./kit.js";
import { openSheet } from "./sheet.js";

const two = (value) => String(value).padStart(2, "0");
const span = (from, to) => Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
const within = (index, list) => Math.min(Math.max(index, 0), Math.max(0, list.length - 1));
const DEPTH = { year: 1, month: 2, day: 3 };

/** Each mode: (c) → {columns(), chosen, turned?, value(chosen)}. */
const MODES = {
  selector(c) {
    const { range, rangeKey, value } = c.data;
    return {
      columns: () => [words(range, rangeKey)],
      chosen: [within(Number(value) || 0, range ?? [])],
      value: ([index]) => index,
    };
  },
  multiSelector(c) {
    const range = () => c.data.range ?? [];
    const chosen = range().map((list, column) => within(Number(c.data.value?.[column]) || 0, list));
    return {
      columns: () => range().map((list) => words(list, c.data.rangeKey)),
      chosen,
      turned(column, index, all) {
        fire(c, "columnchange", { column, value: index });
        // The page may answer with other lists, and with other values for the columns after.
        range().forEach(
          (list, at) => (all[at] = within(at > column ? Number(c.data.value?.[at]) || 0 : all[at], list)),
        );
      },
      value: (all) => [...all],
    };
  },
  time(c) {
    const [from, to] = [minutes(c.data.start || "00:00"), minutes(c.data.end || "23:59")];
    const at = Math.min(Math.max(minutes(c.data.value || "00:00"), from), to);
    const hours = span(Math.floor(from / 60), Math.floor(to / 60));
    const left = (hour) => span(hour === hours[0] ? from % 60 : 0, hour === hours.at(-1) ? to % 60 : 59);
    const chosen = [hours.indexOf(Math.floor(at / 60)), 0];
    chosen[1] = Math.max(0, left(hours[chosen[0]]).indexOf(at % 60));
    return {
      columns: () => [hours.map((one) => `${two(one)}时`), left(hours[chosen[0]]).map((one) => `${two(one)}分`)],
      chosen,
      turned: (column, index, all) => (all[1] = within(all[1], left(hours[all[0]]))),
      value: ([hour, minute]) => `${two(hours[hour])}:${two(left(hours[hour])[minute])}`,
    };
  },
  date(c) {
    const { start, end, value, fields } = c.data;
    const depth = DEPTH[fields];
    if (!depth) throw new Error(`<picker mode="date"> has no fields "${fields}"`);
    const from = parts(start || "1970-01-01", [1970, 1, 1]);
    const to = parts(end || "2100-12-31", [2100, 12, 31]);
    const now = parts(value || today(), from);
    const years = span(from[0], to[0]);
    const months = (year) => span(year === from[0] ? from[1] : 1, year === to[0] ? to[1] : 12);
    const days = (year, month) => {
      const first = year === from[0] && month === from[1] ? from[2] : 1;
      const last = year === to[0] && month === to[1] ? to[2] : new Date(year, month, 0).getDate();
      return span(first, last);
    };
    const lists = (all) => {
      const year = years[all[0]];
      const month = months(year)[within(all[1] ?? 0, months(year))];
      return [years, months(year), days(year, month)].slice(0, depth);
    };
    const chosen = [within(years.indexOf(now[0]), years)];
    if (depth > 1) chosen[1] = Math.max(0, lists(chosen)[1].indexOf(now[1]));
    if (depth > 2) chosen[2] = Math.max(0, lists(chosen)[2].indexOf(now[2]));
    const units = ["年", "月", "日"];
    return {
      columns: () => lists(chosen).map((list, at) => list.map((one) => `${one}${units[at]}`)),
      chosen,
      turned: (column, index, all) => lists(all).forEach((_, at) => (all[at] = within(all[at], lists(all)[at]))),
      value: (all) =>
        lists(all)
          .map((list, at) => (at ? two(list[all[at]]) : list[all[at]]))
          .join("-"),
    };
  },
};

const words = (list, key) => (list ?? []).map((one) => String(key ? one[key] : one));
const minutes = (text) => {
  const [hour, minute] = text.split(":").map(Number);
  return hour * 60 + minute;
};
const parts = (text, otherwise) => {
  const given = String(text).split("-").map(Number);
  return otherwise.map((one, at) => given[at] || one);
};
const today = () => {
  const now = new Date();
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
};

export const PICKERS = {
  picker: {
    attached(c) {
      const element = host(c);
      reachable(element, c.data.ariaRole || "button");
      element.setAttribute("aria-haspopup", "dialog");
      const empty = () => (c.data.mode === "multiSelector" ? [] : c.data.mode === "selector" ? 0 : "");
      field(
        element,
        () => c.data.value ?? empty(),
        () => c.setData({ value: empty() }),
      );
      element.addEventListener("click", () => {
        const { mode, disabled, headerText } = c.data;
        if (disabled) return;
        if (!MODES[mode]) throw new Error(`<picker mode="${mode}">: the preview has none`);
        const { columns, chosen, turned, value } = MODES[mode](c);
        openSheet({
          title: headerText,
          columns,
          chosen,
          turned,
          ok(all) {
            c.setData({ value: value(all) });
            fire(c, "change", { value: value(all) });
          },
          cancel: () => fire(c, "cancel"),
        });
      });
    },
  },
};
