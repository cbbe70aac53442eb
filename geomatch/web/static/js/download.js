// Files that the browser makes itself: CSV that Excel opens with its Chinese whole, and GeoJSON.

const ACTIVE = /^[=+\-@\t\r]/;

/** One cell; a text that a spreadsheet would run as a formula gets a leading apostrophe. */
function cell(value) {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" && ACTIVE.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvOf(columns, rows) {
  return [columns, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
}

/** Hand a text to whoever sits there, as a file of that name; a CSV begins with the mark by which Excel knows UTF-8. */
export function save(name, media, text) {
  const mark = media === "text/csv" ? "\ufeff" : "";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([mark, text], { type: `${media};charset=utf-8` }));
  link.download = name.replace(/[\\/:*?"<>|\s]+/g, "-");
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
