/** A map drawn from the demo's geometry: compounds with their buildings, paths between them, and what the page puts on it. */

import { pixelsPerMetre, project, unproject } from "./geo.js";
import { button, el } from "./window.js";

const SVG = "http://www.w3.org/2000/svg";
const [FARTHEST, NEAREST] = [3, 20];
const DEFAULTS = { latitude: 39.92, longitude: 116.46, scale: 16, enableScroll: true, enableZoom: true };
/** A building, in metres. */
const BUILDING = { long: 46, deep: 13 };
const STEP = 90;

function svg(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props)) if (value !== undefined) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const colour = (text, otherwise) => (/^#[0-9a-f]{3,8}$/i.test(text ?? "") ? text : otherwise);
const number = (value, otherwise) => (Number.isFinite(Number(value)) && value !== null && value !== "" ? Number(value) : otherwise);

/** Makes the class with the sandbox and the phone's own place in it. */
export function mapView({ sandbox, whereabouts, address }) {
  return class MapView {
    /** `props` as <map> has them; `on` {tap, markertap, regionchange} get details. */
    constructor(box, props = {}, on = {}) {
      Object.assign(this, { box, on, geometry: { compounds: [] }, given: {} });
      this.picture = svg("svg", { class: "wx-map-picture", role: "img", "aria-label": "地图" });
      this.keys = el("div", { class: "wx-map-keys" },
        this.key("放大", "＋", () => this.zoom(1)), this.key("缩小", "－", () => this.zoom(-1)),
        this.key("向北移", "↑", () => this.push(0, STEP)), this.key("向南移", "↓", () => this.push(0, -STEP)),
        this.key("向西移", "←", () => this.push(STEP, 0)), this.key("向东移", "→", () => this.push(-STEP, 0)));
      box.classList.add("wx-map");
      box.append(this.picture, this.keys);
      this.watch = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => this.draw());
      this.watch?.observe(box);
      this.drag();
      this.update(props);
      sandbox.map().then((geometry) => {
        this.geometry = geometry;
        this.draw();
      }, () => {});
    }

    key(label, sign, act) {
      return button(sign, (event) => {
        event.stopPropagation();
        act();
      }, "", { "aria-label": label });
    }

    /** News from the page: a place or zoom that is new moves the map, the person's own moves stay otherwise. */
    update(props) {
      const before = this.given;
      this.given = { ...DEFAULTS, ...props };
      const moved = ["latitude", "longitude", "scale"].some((name) => before[name] !== this.given[name]);
      if (moved) {
        this.centre = { latitude: number(this.given.latitude, DEFAULTS.latitude), longitude: number(this.given.longitude, DEFAULTS.longitude) };
        this.scale = Math.min(NEAREST, Math.max(FARTHEST, number(this.given.scale, DEFAULTS.scale)));
      }
      const points = this.given.includePoints;
      if (points?.length && points !== before.includePoints) this.include(points);
      this.draw();
    }

    /** Moves so that all of the points are seen. */
    include(points, padding = 40) {
      const { wide, high } = this.size();
      const lat = points.map((one) => one.latitude);
      const lng = points.map((one) => one.longitude);
      this.centre = { latitude: (Math.min(...lat) + Math.max(...lat)) / 2, longitude: (Math.min(...lng) + Math.max(...lng)) / 2 };
      for (this.scale = NEAREST; this.scale > FARTHEST; this.scale -= 1) {
        const spots = points.map((one) => this.spot(one));
        if (spots.every(([x, y]) => x >= padding && x <= wide - padding && y >= padding && y <= high - padding)) break;
      }
      this.draw();
    }

    size() {
      const { clientWidth, clientHeight } = this.box;
      return { wide: clientWidth || 300, high: clientHeight || 150 };
    }

    /** Where a place is in the picture. */
    spot(place) {
      const [middle, point] = [project(this.centre, this.scale), project(place, this.scale)];
      const { wide, high } = this.size();
      return [point.x - middle.x + wide / 2, point.y - middle.y + high / 2];
    }

    /** The place at a spot of the picture. */
    placeAt(x, y) {
      const middle = project(this.centre, this.scale);
      const { wide, high } = this.size();
      return unproject({ x: middle.x + x - wide / 2, y: middle.y + y - high / 2 }, this.scale);
    }

    zoom(by) {
      this.scale = Math.min(NEAREST, Math.max(FARTHEST, this.scale + by));
      this.changed("scale");
    }

    /** The picture goes this many pixels to the right and down. */
    push(right, down, cause = "drag") {
      const { wide, high } = this.size();
      this.centre = this.placeAt(wide / 2 - right, high / 2 - down);
      this.changed(cause);
    }

    moveTo(place) {
      this.centre = { latitude: place.latitude, longitude: place.longitude };
      this.changed("update");
    }

    changed(causedBy) {
      this.draw();
      this.on.regionchange?.({ type: "end", causedBy, centerLocation: { ...this.centre }, scale: this.scale, region: this.region() });
    }

    region() {
      const { wide, high } = this.size();
      return { southwest: this.placeAt(0, high), northeast: this.placeAt(wide, 0) };
    }

    drag() {
      let from = null;
      let far = 0;
      this.picture.addEventListener("pointerdown", (event) => {
        from = [event.clientX, event.clientY];
        far = 0;
      });
      this.picture.addEventListener("pointermove", (event) => {
        if (!from || !event.buttons || !this.given.enableScroll) return;
        const step = [event.clientX - from[0], event.clientY - from[1]];
        far += Math.hypot(...step);
        from = [event.clientX, event.clientY];
        this.push(...step);
      });
      const end = () => (from = null);
      for (const kind of ["pointerup", "pointercancel", "pointerleave"]) this.picture.addEventListener(kind, end);
      this.picture.addEventListener("click", (event) => {
        if (far > 5) return;
        const box = this.picture.getBoundingClientRect();
        this.on.tap?.(this.placeAt(event.clientX - box.left, event.clientY - box.top));
      });
    }

    draw() {
      if (!this.centre) return;
      const { wide, high } = this.size();
      this.picture.setAttribute("viewBox", `0 0 ${wide} ${high}`);
      this.keys.hidden = this.given.enableZoom === false && this.given.enableScroll === false;
      const { compounds } = this.geometry;
      this.picture.replaceChildren(
        svg("rect", { width: wide, height: high, class: "land" }),
        ...this.roads(compounds),
        ...compounds.flatMap((compound) => this.compound(compound)),
        ...(this.given.polygons ?? []).map((one) => this.shape("polygon", one)),
        ...(this.given.polyline ?? []).map((one) => this.shape("polyline", one)),
        ...(this.given.circles ?? []).map((one) => this.circle(one)),
        ...(this.given.showLocation ? this.me() : []),
        ...(this.given.markers ?? []).map((one) => this.marker(one)),
      );
    }

    points = (places) => places.map((one) => this.spot(one).map((at) => at.toFixed(1)).join(",")).join(" ");

    roads(compounds) {
      const way = compounds.map((one) => ({ latitude: one.lat, longitude: one.lng }));
      return way.slice(1).flatMap((to, at) => {
        // Around the corner and not through the houses, as streets go.
        const points = this.points([way[at], { latitude: way[at].latitude, longitude: to.longitude }, to]);
        return ["road-edge", "road"].map((kind) => svg("polyline", { points, class: kind }));
      });
    }

    compound(compound) {
      const at = pixelsPerMetre(compound.lat, this.scale);
      const spots = compound.buildings.map((one) => this.spot({ latitude: one.lat, longitude: one.lng }));
      const [xs, ys] = [spots.map(([x]) => x), spots.map(([, y]) => y)];
      const room = 42 * at;
      const [left, top] = [Math.min(...xs) - room, Math.min(...ys) - room];
      const yard = svg("rect", {
        x: left, y: top, width: Math.max(...xs) - left + room, height: Math.max(...ys) - top + room, rx: 12 * at, class: "yard",
      });
      const title = svg("text", { x: left + 4, y: top - 4, class: "name" }, compound.name);
      if (this.scale < 15) return [yard, title];
      const houses = spots.flatMap(([x, y], index) => [
        svg("rect", { x: x - (BUILDING.long / 2) * at, y: y - (BUILDING.deep / 2) * at, width: BUILDING.long * at, height: BUILDING.deep * at, class: "house" }),
        ...(this.scale >= 17 ? [svg("text", { x, y: y + 4, class: "door" }, compound.buildings[index].name)] : []),
      ]);
      return [yard, ...houses, title];
    }

    shape(tag, { points, color, width, strokeColor, strokeWidth, fillColor }) {
      return svg(tag, {
        points: this.points(points), fill: tag === "polygon" ? colour(fillColor, "none") : "none",
        stroke: colour(color ?? strokeColor, "#0b57d0"), "stroke-width": number(width ?? strokeWidth, 2),
      });
    }

    circle({ latitude, longitude, radius, color, fillColor, strokeWidth }) {
      const [cx, cy] = this.spot({ latitude, longitude });
      const r = radius * pixelsPerMetre(latitude, this.scale);
      return svg("circle", { cx, cy, r, fill: colour(fillColor, "none"), stroke: colour(color, "#0b57d0"), "stroke-width": number(strokeWidth, 2) });
    }

    me() {
      const place = whereabouts();
      if (!place) return [];
      const [cx, cy] = this.spot(place);
      return [svg("circle", { cx, cy, r: 9, class: "me" }, svg("title", {}, "我的位置"))];
    }

    marker(marker) {
      const { id, title, label, callout, iconPath, width, height } = marker;
      const [x, y] = this.spot({ latitude: marker.latitude, longitude: marker.longitude });
      const words = label?.content ?? callout?.content ?? "";
      const name = [title, words].filter(Boolean).join(" ") || `标记 ${id ?? ""}`;
      const one = svg("g", { transform: `translate(${x},${y})`, class: "marker", role: "button", tabindex: 0, "aria-label": name });
      if (iconPath) {
        const [w, h] = [number(width, 26), number(height, 36)];
        const image = svg("image", { x: -w / 2, y: -h, width: w, height: h });
        address(iconPath).then((url) => image.setAttribute("href", url));
        one.append(image);
      } else one.append(svg("path", { d: "M0 0C-4-10-13-14-13-24a13 13 0 1 1 26 0C13-14 4-10 0 0z", class: "pin" }), svg("circle", { cy: -24, r: 5, class: "eye" }));
      if (words) one.append(svg("text", { y: 16, class: "words" }, words));
      const press = (event) => {
        event.stopPropagation();
        this.on.markertap?.({ markerId: id });
      };
      one.addEventListener("click", press);
      one.addEventListener("keydown", (event) => (event.key === "Enter" || event.key === " ") && press(event));
      return one;
    }

    destroy() {
      this.watch?.disconnect();
      this.picture.remove();
      this.keys.remove();
    }
  };
}
