/** What is drawn on a map: the town, and what the page puts on it. `view` is the MapView: spot(place), scale. */

import { pixelsPerMetre } from "./geo.js";

const SVG = "http://www.w3.org/2000/svg";
/** A building, in metres. */
const BUILDING = { long: 46, deep: 13 };

/** One element of a drawing; undefined attributes are left out. */
export function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) if (value !== undefined) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const colour = (text, otherwise) => (/^#[0-9a-f]{3,8}$/i.test(text ?? "") ? text : otherwise);
/** A property as a number, for pages give text, too. */
export const number = (value, otherwise) =>
  Number.isFinite(Number(value)) && value !== null && value !== "" ? Number(value) : otherwise;

const line = (view, places) =>
  places
    .map((one) =>
      view
        .spot(one)
        .map((at) => at.toFixed(1))
        .join(","),
    )
    .join(" ");

/** Streets from one compound to the next. */
export function roads(view, compounds) {
  const way = compounds.map((one) => ({ latitude: one.lat, longitude: one.lng }));
  return way.slice(1).flatMap((to, at) => {
    // Around the corner and not through the houses, as streets go.
    const points = line(view, [way[at], { latitude: way[at].latitude, longitude: to.longitude }, to]);
    return ["road-edge", "road"].map((kind) => svg("polyline", { points, class: kind }));
  });
}

/** A compound with its buildings; the nearer one looks, the more of it is drawn. */
export function estate(view, compound) {
  const at = pixelsPerMetre(compound.lat, view.scale);
  const spots = compound.buildings.map((one) => view.spot({ latitude: one.lat, longitude: one.lng }));
  const [xs, ys] = [spots.map(([x]) => x), spots.map(([, y]) => y)];
  const room = 42 * at;
  const [left, top] = [Math.min(...xs) - room, Math.min(...ys) - room];
  const yard = svg("rect", {
    x: left,
    y: top,
    width: Math.max(...xs) - left + room,
    height: Math.max(...ys) - top + room,
    rx: 12 * at,
    class: "yard",
  });
  const title = svg("text", { x: left + 4, y: top - 4, class: "name" }, compound.name);
  if (view.scale < 15) return [yard, title];
  const houses = spots.flatMap(([x, y], index) => [
    svg("rect", {
      x: x - (BUILDING.long / 2) * at,
      y: y - (BUILDING.deep / 2) * at,
      width: BUILDING.long * at,
      height: BUILDING.deep * at,
      class: "house",
    }),
    ...(view.scale >= 17 ? [svg("text", { x, y: y + 4, class: "door" }, compound.buildings[index].name)] : []),
  ]);
  return [yard, ...houses, title];
}

/** A polyline or polygon of the page. */
export function shape(view, tag, { points, color, width, strokeColor, strokeWidth, fillColor }) {
  return svg(tag, {
    points: line(view, points),
    fill: tag === "polygon" ? colour(fillColor, "none") : "none",
    stroke: colour(color ?? strokeColor, "#0b57d0"),
    "stroke-width": number(width ?? strokeWidth, 2),
  });
}

/** A circle of the page, its radius in metres. */
export function circle(view, { latitude, longitude, radius, color, fillColor, strokeWidth }) {
  const [cx, cy] = view.spot({ latitude, longitude });
  const r = radius * pixelsPerMetre(latitude, view.scale);
  return svg("circle", {
    cx,
    cy,
    r,
    fill: colour(fillColor, "none"),
    stroke: colour(color, "#0b57d0"),
    "stroke-width": number(strokeWidth, 2),
  });
}

/** Where the phone is. */
export function me(view, place) {
  if (!place) return [];
  const [cx, cy] = view.spot(place);
  return [svg("circle", { cx, cy, r: 9, class: "me" }, svg("title", {}, "我的位置"))];
}

/** A marker of the page; `address(path)` gives what a browser can load, `tapped()` hears of a tap. */
export function pin(view, marker, { address, tapped }) {
  const { id, title, label, callout, iconPath, width, height } = marker;
  const [x, y] = view.spot({ latitude: marker.latitude, longitude: marker.longitude });
  const words = label?.content ?? callout?.content ?? "";
  const name = [title, words].filter(Boolean).join(" ") || `标记 ${id ?? ""}`;
  const one = svg("g", {
    transform: `translate(${x},${y})`,
    class: "marker",
    role: "button",
    tabindex: 0,
    "aria-label": name,
  });
  if (iconPath) {
    const [w, h] = [number(width, 26), number(height, 36)];
    const image = svg("image", { x: -w / 2, y: -h, width: w, height: h });
    address(iconPath).then((url) => image.setAttribute("href", url));
    one.append(image);
  } else
    one.append(
      svg("path", { d: "M0 0C-4-10-13-14-13-24a13 13 0 1 1 26 0C13-14 4-10 0 0z", class: "pin" }),
      svg("circle", { cy: -24, r: 5, class: "eye" }),
    );
  if (words) one.append(svg("text", { y: 16, class: "words" }, words));
  const press = (event) => {
    event.stopPropagation();
    tapped(id);
  };
  one.addEventListener("click", press);
  one.addEventListener("keydown", (event) => (event.key === "Enter" || event.key === " ") && press(event));
  return one;
}
