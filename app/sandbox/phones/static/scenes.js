/** Sample photos, drawn on the spot: somebody at a desk has no broken manhole cover at hand. */

import { jpeg } from "./photo.js";
import { near } from "./words.js";

const [WIDTH, HEIGHT] = [960, 720];

function ground(c, sky, floor, horizon) {
  c.fillStyle = sky;
  c.fillRect(0, 0, WIDTH, horizon);
  c.fillStyle = floor;
  c.fillRect(0, horizon, WIDTH, HEIGHT - horizon);
}

function disc(c, x, y, rx, ry, colour) {
  c.fillStyle = colour;
  c.beginPath();
  c.ellipse(x, y, rx, ry, 0, 0, 2 * Math.PI);
  c.fill();
}

function line(c, colour, width, ...points) {
  c.strokeStyle = colour;
  c.lineWidth = width;
  c.beginPath();
  points.forEach(([x, y], index) => (index ? c.lineTo(x, y) : c.moveTo(x, y)));
  c.stroke();
}

function cover(c, broken) {
  ground(c, "#9aa3a0", "#83898a", 150);
  disc(c, 480, 440, 300, 170, "#5a5f60");
  disc(c, 480, 430, 285, 158, "#6f7576");
  for (let step = -4; step <= 4; step += 1) line(c, "#5a5f60", 8, [480 + step * 60, 300], [480 + step * 60, 560]);
  if (!broken) return;
  c.fillStyle = "#15191a";
  c.beginPath();
  [[470, 340], [600, 320], [700, 400], [650, 500], [540, 520], [430, 450]].forEach((point, index) =>
    index ? c.lineTo(...point) : c.moveTo(...point));
  c.fill();
  line(c, "#2b3031", 6, [430, 450], [330, 480], [270, 450]);
  line(c, "#2b3031", 6, [470, 340], [400, 320], [380, 290]);
}

function corridor(c) {
  ground(c, "#d9d3c5", "#a59f92", 500);
  line(c, "#b9b2a2", 10, [250, 0], [250, 500]);
  line(c, "#b9b2a2", 10, [710, 0], [710, 500]);
  [[280, 400, 170, 190, "#a77d4f"], [330, 260, 140, 140, "#b98d5d"], [470, 430, 190, 170, "#97703f"]].forEach(
    ([x, y, w, h, colour]) => {
      c.fillStyle = colour;
      c.fillRect(x, y, w, h);
      line(c, "#70532f", 5, [x, y + h / 2], [x + w, y + h / 2]);
    });
  disc(c, 700, 560, 62, 62, "#3c4244");
  disc(c, 700, 560, 44, 44, "#a59f92");
}

function lamp(c) {
  ground(c, "#1d2733", "#12181f", 560);
  line(c, "#59636b", 18, [480, 640], [480, 170], [620, 150]);
  disc(c, 640, 168, 58, 24, "#454e55");
  for (const [x, y] of [[90, 300], [170, 240], [790, 320], [860, 260]]) {
    c.fillStyle = "#c9a95a";
    c.fillRect(x, y, 34, 44);
  }
}

function rubbish(c) {
  ground(c, "#b8c4bd", "#8d938d", 380);
  c.fillStyle = "#3f6a4c";
  c.fillRect(330, 260, 300, 300);
  disc(c, 400, 250, 80, 60, "#4b4f52");
  disc(c, 520, 235, 90, 70, "#5d6164");
  disc(c, 250, 570, 95, 62, "#4b4f52");
  disc(c, 720, 585, 110, 66, "#55595c");
  line(c, "#f1f1ec", 10, [430, 400], [530, 400]);
}

export const SCENES = [
  { name: "井盖坏了", draw: (c) => cover(c, true) },
  { name: "井盖修好了", draw: (c) => cover(c, false) },
  { name: "楼道堆东西", draw: corridor },
  { name: "路灯不亮", draw: lamp },
  { name: "垃圾没人收", draw: rubbish },
];

/** Draws the scene into the canvas; the time in the corner tells two photos of the same thing apart. */
export function draw(scene, canvas, now = Date.now()) {
  [canvas.width, canvas.height] = [WIDTH, HEIGHT];
  const c = canvas.getContext("2d");
  scene.draw(c);
  c.fillStyle = "#ffffffd9";
  c.font = "32px sans-serif";
  c.fillText(`${scene.name} · ${near(now / 1000, now)} · 示例照片`, 28, HEIGHT - 28);
}

/** The scene as a JPEG file. */
export async function photoOf(scene) {
  const canvas = document.createElement("canvas");
  draw(scene, canvas);
  return new File([await jpeg(canvas)], `${scene.name}.jpg`, { type: "image/jpeg" });
}
