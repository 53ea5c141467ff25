/** A map drawn from the demo's geometry: compounds with their buildings, paths between them, and what the page puts on it. */

import { project, unproject } from "./geo.js";
import { circle, estate, me, number, pin, roads, shape, svg } from "./map-shapes.js";
import { button, el } from "./window.js";

const [FARTHEST, NEAREST] = [3, 20];
const DEFAULTS = { latitude: 39.92, longitude: 116.46, scale: 16, enableScroll: true, enableZoom: true };
const STEP = 90;

/** Makes the class with the sandbox and the phone's own place in it. */
export function mapView({ sandbox, whereabouts, address }) {
  return class MapView {
    /** `props` as <map> has them; `on` {tap, markertap, regionchange} get details. */
    constructor(box, props = {}, on = {}) {
      Object.assign(this, { box, on, geometry: { compounds: [] }, given: {} });
      this.picture = svg("svg", { class: "wx-map-picture", role: "img", "aria-label": "地图" });
      this.keys = el(
        "div",
        { class: "wx-map-keys" },
        this.key("放大", "＋", () => this.zoom(1)),
        this.key("缩小", "－", () => this.zoom(-1)),
        this.key("向北移", "↑", () => this.push(0, STEP)),
        this.key("向南移", "↓", () => this.push(0, -STEP)),
        this.key("向西移", "←", () => this.push(STEP, 0)),
        this.key("向东移", "→", () => this.push(-STEP, 0)),
      );
      box.classList.add("wx-map");
      box.append(this.picture, this.keys);
      this.watch = typeof ResizeObserver === "undefined" ? null : new ResizeObserver(() => this.draw());
      this.watch?.observe(box);
      this.drag();
      this.update(props);
      sandbox.map().then(
        (geometry) => {
          this.geometry = geometry;
          this.draw();
        },
        () => {},
      );
    }

    key(label, sign, act) {
      return button(
        sign,
        (event) => {
          event.stopPropagation();
          act();
        },
        "",
        { "aria-label": label },
      );
    }

    /** News from the page: a place or zoom that is new moves the map, the person's own moves stay otherwise. */
    update(props) {
      const before = this.given;
      this.given = { ...DEFAULTS, ...props };
      const moved = ["latitude", "longitude", "scale"].some((name) => before[name] !== this.given[name]);
      if (moved) {
        this.centre = {
          latitude: number(this.given.latitude, DEFAULTS.latitude),
          longitude: number(this.given.longitude, DEFAULTS.longitude),
        };
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
      this.centre = {
        latitude: (Math.min(...lat) + Math.max(...lat)) / 2,
        longitude: (Math.min(...lng) + Math.max(...lng)) / 2,
      };
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
      this.on.regionchange?.({
        type: "end",
        causedBy,
        centerLocation: { ...this.centre },
        scale: this.scale,
        region: this.region(),
      });
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
        ...roads(this, compounds),
        ...compounds.flatMap((compound) => estate(this, compound)),
        ...(this.given.polygons ?? []).map((one) => shape(this, "polygon", one)),
        ...(this.given.polyline ?? []).map((one) => shape(this, "polyline", one)),
        ...(this.given.circles ?? []).map((one) => circle(this, one)),
        ...(this.given.showLocation ? me(this, whereabouts()) : []),
        ...(this.given.markers ?? []).map((one) =>
          pin(this, one, { address, tapped: (markerId) => this.on.markertap?.({ markerId }) }),
        ),
      );
    }

    destroy() {
      this.watch?.disconnect();
      this.picture.remove();
      this.keys.remove();
    }
  };
}
