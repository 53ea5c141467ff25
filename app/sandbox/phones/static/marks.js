/** How far each person has read, kept in this browser: the sandbox itself does not know what was looked at. */

import { address } from "./api.js";

const slot = (person) => `doorstep-phone:${address("")}:${person}`;

function load(person) {
  try {
    return JSON.parse(localStorage.getItem(slot(person))) ?? {};
  } catch {
    return {}; // storage is blocked or holds something else: everything counts as unread
  }
}

/** The marks, by app name and "notifications". A sandbox that was restarted counts from the start, and so do they. */
export function readMarks(person, last) {
  const marks = load(person);
  return Object.values(marks).some((mark) => mark > last) ? {} : marks;
}

export function mark(person, place, seq, last) {
  const marks = { ...readMarks(person, last), [place]: seq };
  try {
    localStorage.setItem(slot(person), JSON.stringify(marks));
  } catch {
    // storage is blocked: the badge comes back after a reload, nothing else is lost
  }
}

/** Where an item is read: in the notifications, or in the chat of its app. */
export const placeOf = (item) => (item.where === "notifications" ? "notifications" : item.app);

/** Counts what came in and was not read yet, by place. */
export function unread(items, marks) {
  const counts = {};
  for (const item of items) {
    if (item.from !== "them" || item.where === "system") continue;
    const place = placeOf(item);
    if (item.seq > (marks[place] ?? 0)) counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}
