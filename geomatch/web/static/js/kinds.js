// The kinds of site: each has its own shape and its own colour, so that neither is needed alone.

export const KINDS = ["centre", "office", "station", "outpost", "base", "landscape"];

const SHAPES = {
  centre: { colour: "#b3261e", size: 30, path: "M12 1.5l3.1 6.9 7.4.8-5.5 5 1.6 7.3L12 17.8l-6.6 3.7L7 14.2l-5.5-5 7.4-.8z" },
  office: { colour: "#1a5fb4", size: 22, path: "M3.5 3.5h17v17h-17z" },
  station: { colour: "#4b2e83", size: 18, path: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z" },
  outpost: { colour: "#8a4b00", size: 18, path: "M12 1.8L22.2 12 12 22.2 1.8 12z" },
  base: { colour: "#0b5c3b", size: 20, path: "M12 2l10.2 7.4-3.9 12H5.7l-3.9-12z" },
  landscape: {
    colour: "#a3195b", size: 22,
    path: "M12 12m0-10a4 4 0 0 1 3.8 5.2 4 4 0 1 1 2 7.4 4 4 0 1 1-5.8 5 4 4 0 1 1-5.800-5 4 4 0 1 1 2-7.400A4 4 0 0 1 12 2z",
  },
};

/** Draw a kind's mark; fixed text only, nothing of the data. */
export function mark(kind, scale = 1) {
  const { colour, size, path } = SHAPES[kind] ?? SHAPES.station;
  const px = Math.round(size * scale);
  return `<svg class="mark" viewBox="0 0 24 24" width="${px}" height="${px}" aria-hidden="true" focusable="false">`
    + `<path d="${path}" fill="${colour}" stroke="#fff" stroke-width="2" stroke-linejoin="round" paint-order="stroke"/></svg>`;
}

export function markSize(kind) {
  return (SHAPES[kind] ?? SHAPES.station).size;
}
