/** How far each person has read, kept in this browser: the sandbox itself does not know what was looked at. */

/** The openids are drawn anew with a new memory of the sandbox, so old marks never fit new messages. */
const slot = (person) => `doorstep-phone:${Object.values(person.openids).join(":")}`;

/** The marks, by place: the seq of the newest item that was on the screen. */
export function readMarks(person) {
  try {
    return JSON.parse(localStorage.getItem(slot(person))) ?? {};
  } catch {
    return {}; // storage is blocked or holds something else: everything counts as unread
  }
}

export function mark(person, place, seq) {
  try {
    localStorage.setItem(slot(person), JSON.stringify({ ...readMarks(person), [place]: seq }));
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
