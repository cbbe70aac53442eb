// Changes that travel in an address: ?open= holds the body of POST /whatif as JSON in base64url.

export const LONGEST_OPEN = 48000; // signs of an address that the server still reads

export function packed(body) {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What was packed; undefined where the text is nothing of the kind. */
export function unpacked(text) {
  try {
    const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(letters, (letter) => letter.charCodeAt(0))));
  } catch {
    return undefined;
  }
}
