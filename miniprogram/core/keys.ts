/** A key for one deed: the service does it once, however often it is asked. 26 characters: the moment and 17 digits of chance (88 bits). */
export function newKey(): string {
  const digits = '0123456789abcdefghijklmnopqrstuvwxyz';
  let key = Date.now().toString(36).padStart(9, '0');
  while (key.length < 26) key += digits[Math.floor(Math.random() * digits.length)];
  return key;
}
