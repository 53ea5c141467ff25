/** Line icons of our own, 24 by 24, drawn with the colour of the text round them. */

import { svg } from "./dom.js";

const LINES = {
  chats: "M4 5h16v11H10l-4 3.5V16H4z",
  bell: "M6 16V10.5a6 6 0 0 1 12 0V16l1.5 2h-15zM10 20.5h4",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
  me: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20c.8-4 3.7-5.5 7.5-5.5S18.7 16 19.5 20",
  back: "M15 4l-8 8 8 8",
  plus: "M12 5v14M5 12h14",
  photo: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01",
  camera: "M4 8h4l1.5-2.5h5L16 8h4v11H4zM12 16.5a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z",
  sample: "M5 4h14v16H5zM8 8h8M8 12h8M8 16h5",
  pin: "M12 21c4-4.5 6-7.8 6-10.5a6 6 0 0 0-12 0C6 13.2 8 16.5 12 21zM12 12.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  voice: "M12 14a3 3 0 0 0 3-3V7a3 3 0 0 0-6 0v4a3 3 0 0 0 3 3zM6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3.5",
  waves: "M6 10v4M10 7v10M14 9v6M18 11v2",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.6-5.6L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.6 5.6L12 17",
  mini: "M9.5 15.5A3 3 0 1 1 6.5 12.5M14.5 8.5a3 3 0 1 1 3 3M9.5 15.5v-4a3 3 0 0 1 5-2.3",
  door: "M4 11l8-7 8 7M7 10v10h10V10M13.5 14.5h.01",
  up: "M6 15l6-6 6 6",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 7.5V12l3 2",
  warn: "M12 4l9 16H3zM12 10v4.5M12 17.3h.01",
};

/** The icon is a picture of the word beside it, so it is hidden from screen readers. */
export function icon(name) {
  const frame = { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" };
  return svg("svg", frame, svg("path", { d: LINES[name] }));
}
