/** Photos to choose where nobody has a camera at hand: drawn here, real JPEGs of a phone's size. */

const [WIDTH, HEIGHT] = [1600, 1200];

/** Each draws on a canvas of WIDTH × HEIGHT. */
export const SCENES = [
  { name: "没有盖的井", draw: manhole },
  { name: "不亮的路灯", draw: lamp },
  { name: "堆着的垃圾", draw: rubbish },
];

/** Gives the picture as a JPEG Blob. `turn` makes two of the same scene differ, as photos do. */
export function take({ draw }, turn = 0) {
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext("2d");
  draw(pen);
  pen.fillStyle = "rgb(255 255 255 / 0.85)";
  pen.font = "36px sans-serif";
  pen.fillText(`演示照片 ${turn}`, 40, HEIGHT - 40);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
}

function ground(pen, sky, floor) {
  pen.fillStyle = sky;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  pen.fillStyle = floor;
  pen.fillRect(0, HEIGHT * 0.4, WIDTH, HEIGHT * 0.6);
  // Grain, so that the picture weighs what a photo weighs.
  for (let spot = 0; spot < 6000; spot += 1) {
    pen.fillStyle = `rgb(0 0 0 / ${Math.random() * 0.12})`;
    pen.fillRect(Math.random() * WIDTH, HEIGHT * (0.4 + Math.random() * 0.6), 4, 3);
  }
}

function round(pen, color, x, y, wide, high) {
  pen.fillStyle = color;
  pen.beginPath();
  pen.ellipse(x, y, wide, high, 0, 0, Math.PI * 2);
  pen.fill();
}

function houses(pen, color, light) {
  for (let at = 0; at < 4; at += 1) {
    pen.fillStyle = color;
    pen.fillRect(40 + at * 400, 60, 320, HEIGHT * 0.4 - 60);
    pen.fillStyle = light;
    for (let floor = 0; floor < 4; floor += 1)
      for (let pane = 0; pane < 4; pane += 1) pen.fillRect(70 + at * 400 + pane * 72, 90 + floor * 98, 44, 56);
  }
}

function manhole(pen) {
  ground(pen, "#b9d3e6", "#8d8f90");
  houses(pen, "#d9c7ae", "#7f95a3");
  round(pen, "#55585a", 800, 800, 330, 170);
  round(pen, "#17191a", 800, 806, 290, 145);
  round(pen, "#6b6e70", 1290, 930, 260, 120);
  round(pen, "#5d6062", 1290, 920, 235, 105);
}

function lamp(pen) {
  ground(pen, "#10182b", "#1c222c");
  houses(pen, "#1b2438", "#f0cf7c");
  pen.fillStyle = "#4d5866";
  pen.fillRect(1080, 160, 26, 860);
  pen.fillRect(900, 160, 200, 20);
  round(pen, "#2b323c", 890, 190, 70, 34);
  round(pen, "#0c1018", 890, 1010, 330, 60);
}

function rubbish(pen) {
  ground(pen, "#c9d7c6", "#a29d92");
  houses(pen, "#c8b7a5", "#8798a0");
  pen.fillStyle = "#2f6b45";
  pen.fillRect(280, 520, 280, 400);
  pen.fillStyle = "#24563a";
  pen.fillRect(260, 480, 320, 56);
  const bags = ["#26292c", "#39414a", "#7a5c3c", "#bfb8a9", "#31363b", "#8c6f4a"];
  bags.forEach((color, at) => round(pen, color, 660 + at * 130, 850 + (at % 2) * 90, 130, 105));
  pen.fillStyle = "#b58a52";
  pen.fillRect(1180, 700, 260, 190);
}
