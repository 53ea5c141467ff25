/** What somebody is writing outlives the page, the mini-program and a phone that is switched off, until it is sent or given up. */
export interface Drafts<T> {
  /** What is kept; null when there is nothing. */
  read(): T | null;
  /** Keep it as it is now. Gives whether this phone had room: writing goes on either way. */
  keep(written: T): boolean;
  forget(): void;
}

/** The drafts of one kind on this phone. What an earlier version did not know yet comes from `blank`. */
export function drafts<T extends object>(name: string, blank: () => T): Drafts<T> {
  const shelf = `draft-${name}`;
  return {
    read() {
      const kept = wx.getStorageSync<Partial<T> | ''>(shelf);
      return kept && typeof kept === 'object' ? { ...blank(), ...kept } : null;
    },
    keep(written) {
      try {
        wx.setStorageSync(shelf, written);
        return true;
      } catch {
        return false;
      }
    },
    forget() {
      wx.removeStorageSync(shelf);
    },
  };
}
